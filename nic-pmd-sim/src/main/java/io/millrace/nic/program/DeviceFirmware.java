package io.millrace.nic.program;

import io.millrace.packet.parse.canonical.ParseProgram;

/// The firmware of one device: the image that it runs, and the one that it will boot next. An image that is refused
/// changes neither.
///
/// Belongs to the control thread.
public final class DeviceFirmware {

    private FirmwareImage running;
    private FirmwareImage stored;

    public DeviceFirmware(FirmwareImage image) {
        this.running = image;
        this.stored = image;
    }

    public FirmwareImage running() { return running; }

    /// What the next [#boot] runs.
    public FirmwareImage stored()  { return stored; }

    /// Takes an image that may be anything; throws a [FirmwareException] if it is none.
    public void flash(byte[] image) {
        stored = FirmwareImage.load(image);
    }

    /// Runs the image that was stored.
    public void boot() {
        running = stored;
    }

    /// Runs another parser and its match tables from now on, until the next [#boot].
    public void fetchParser(ParseProgram parser) {
        running = running.withParser(parser);
    }
}
