package io.millrace.testkit;

import java.util.Arrays;
import java.util.HexFormat;

/// One packet of a capture file: when it was seen (ns since 1970, rounded down; 0 if the file does not say), the bytes
/// kept, and how many there were before the capture cut it. Link types are those of pcap files; 1 is Ethernet.
///
/// A file may claim nonsense about `originalBytes`. As in the recorded tshark table, more than 2³¹ − 1 counts as that,
/// and fewer than were kept counts as what was kept.
public record CapturedFrame(long timeNs, byte[] bytes, int originalBytes, int linkType) {

    public static final int ETHERNET = 1;

    public CapturedFrame {
        originalBytes = Math.max(originalBytes, bytes.length);
    }

    /// An Ethernet frame kept whole.
    public static CapturedFrame of(long timeNs, byte[] bytes) {
        return new CapturedFrame(timeNs, bytes, bytes.length, ETHERNET);
    }

    public boolean isCut() {
        return bytes.length < originalBytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CapturedFrame frame
            && timeNs == frame.timeNs
            && originalBytes == frame.originalBytes
            && linkType == frame.linkType
            && Arrays.equals(bytes, frame.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes) * 31 + Long.hashCode(timeNs);
    }

    @Override
    public String toString() {
        return "CapturedFrame[timeNs=" + timeNs + ", linkType=" + linkType + ", originalBytes=" + originalBytes
            + ", bytes=" + HexFormat.of().formatHex(bytes) + "]";
    }
}
