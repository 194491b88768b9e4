package io.millrace.nic.capture;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// The options of one pcapng interface description that matter for reading packets; others are passed over.
final class InterfaceOptions {

    /// Kept of a name: with the bound on interfaces it bounds what a hostile file can make us remember.
    private static final int NAME_BYTES_MAX = 255;

    private final FileWindow window;
    private final FieldOrder order;
    private String name = "";
    private int resolution = TimeScale.MICROSECONDS;
    private long offsetSeconds;
    private int fcsBytes;
    private CaptureDamage damage;

    InterfaceOptions(FileWindow window, FieldOrder order) {
        this.window = window;
        this.order = order;
    }

    String name()         { return name; }
    TimeScale timeScale() { return new TimeScale(resolution, offsetSeconds); }
    int fcsBytes()        { return fcsBytes; }

    /// Set once [#read] was false.
    CaptureDamage damage() { return damage; }

    /// Walks the options that lie from `position` to `end`.
    boolean read(long position, long end) {
        long next = position;
        while (end - next >= PcapngFormat.OPTION_HEADER_BYTES) {
            if (!window.reaches(next, PcapngFormat.OPTION_HEADER_BYTES)) return stop(next, "an option", "none");
            int code = PcapngFormat.optionCode(order, window.segment(), window.at(next));
            int valueBytes = PcapngFormat.optionBytes(order, window.segment(), window.at(next));
            if (code == PcapngFormat.OPTION_END) return true;
            long value = next + PcapngFormat.OPTION_HEADER_BYTES;
            if (valueBytes > end - value) {
                return stop(next, "an option of at most " + (end - value) + " bytes",
                    "option " + code + " of " + valueBytes + " bytes");
            }
            if (!take(code, value, valueBytes)) return false;
            next = value + PcapngFormat.padded(valueBytes);
        }
        return true;
    }

    private boolean take(int code, long value, int valueBytes) {
        if (!window.reaches(value, Math.min(valueBytes, Long.BYTES))) return stop(value, "an option's value", "none");
        MemorySegment m = window.segment();
        long at = window.at(value);
        switch (code) {
            case PcapngFormat.OPTION_IF_NAME -> {
                return takeName(value, valueBytes);
            }
            case PcapngFormat.OPTION_IF_TSRESOL -> {
                if (valueBytes != 1) return stopLength(value, "if_tsresol", 1, valueBytes);
                resolution = PcapngFormat.optionByte(m, at);
            }
            case PcapngFormat.OPTION_IF_FCSLEN -> {
                if (valueBytes != 1) return stopLength(value, "if_fcslen", 1, valueBytes);
                fcsBytes = PcapngFormat.optionByte(m, at);
            }
            case PcapngFormat.OPTION_IF_TSOFFSET -> {
                if (valueBytes != Long.BYTES) return stopLength(value, "if_tsoffset", Long.BYTES, valueBytes);
                offsetSeconds = PcapngFormat.optionLong(order, m, at);
            }
            default -> { }
        }
        return true;
    }

    private boolean takeName(long value, int valueBytes) {
        var bytes = new byte[Math.min(valueBytes, NAME_BYTES_MAX)];
        if (!window.copy(value, MemorySegment.ofArray(bytes), 0, bytes.length)) return stop(value, "if_name", "none");
        name = new String(bytes, StandardCharsets.UTF_8);
        return true;
    }

    private boolean stopLength(long value, String option, int wantedBytes, int gotBytes) {
        return stop(value - 2, option + " of length " + wantedBytes, "length " + gotBytes);
    }

    private boolean stop(long offset, String expected, String found) {
        damage = window.damage(offset, expected, found);
        return false;
    }
}
