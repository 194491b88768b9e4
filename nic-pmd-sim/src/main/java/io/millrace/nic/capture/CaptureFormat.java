package io.millrace.nic.capture;

import java.nio.file.Path;
import java.util.Locale;

/// The two formats that are written; the ending of a file's name chooses. (What is read is told by the first bytes.)
public enum CaptureFormat {

    PCAP,
    PCAPNG;

    private static final String ENDINGS = "a name that ends in .pcap, .cap, .pcapng or .ntar";

    /// The format for a file to be written.
    public static CaptureFormat ofName(Path file) throws CaptureException {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".pcap") || name.endsWith(".cap")) return PCAP;
        if (name.endsWith(".pcapng") || name.endsWith(".ntar")) return PCAPNG;
        String found = name.endsWith(".gz") ? ".gz: captures are written uncompressed" : "\"" + name + "\"";
        throw new CaptureException(file, ENDINGS, found);
    }
}
