package io.millrace.control.firmware;

import io.millrace.dataplane.config.ConfigException;
import io.millrace.nic.program.FirmwareException;
import io.millrace.nic.program.FirmwareImage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A firmware image in a file.
public final class FirmwareFile {

    /// Larger than any image: what is longer is another file.
    private static final long BYTES_MAX = 64 << 20;

    /// Throws a [ConfigException] if the file is no image, an [UncheckedIOException] if it cannot be read.
    public static FirmwareImage read(Path file) {
        try {
            long size = Files.size(file);
            if (size > BYTES_MAX) {
                throw new ConfigException(file + ": " + size + " bytes; a firmware image has at most " + BYTES_MAX);
            }
            return FirmwareImage.load(Files.readAllBytes(file));
        } catch (FirmwareException e) {
            throw new ConfigException(file + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private FirmwareFile() {}
}
