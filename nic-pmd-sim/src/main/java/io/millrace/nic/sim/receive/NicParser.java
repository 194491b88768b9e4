package io.millrace.nic.sim.receive;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.device.DeviceLimits;
import io.millrace.packet.parse.device.DeviceParser;
import io.millrace.packet.parse.device.ParseImage;

/// The parser that a device runs, by the tables of an image, and how it is replaced under traffic: what is new is made
/// ready beside it ([#prepare], any thread), and taken over between two bursts ([#use], the device's thread).
public final class NicParser {

    private final DeviceLimits limits;
    private final PacketMemory packets;
    private final ParseRecords records;
    private volatile Prepared running;

    /// An image in the tables of this device.
    public record Prepared(ParseImage image, DeviceParser parser) {}

    /// Refuses an image that needs more than the device has, with a
    /// [io.millrace.packet.parse.device.DeviceLimitException].
    public NicParser(ParseImage image, DeviceLimits limits, PacketMemory packets) {
        this.limits = limits;
        this.packets = packets;
        this.records = new ParseRecords(limits.walk().encapsMax());
        this.running = prepare(image);
    }

    /// Refuses as the constructor does.
    public Prepared prepare(ParseImage image) {
        return new Prepared(image, new DeviceParser(image, limits, packets, records));
    }

    public void use(Prepared prepared) {
        running = prepared;
    }

    /// Any thread. What it runs.
    public ParseImage image() {
        return running.image;
    }

    public ParseRecords records() {
        return records;
    }

    public void parse(Burst burst) {
        running.parser.parse(burst);
    }
}
