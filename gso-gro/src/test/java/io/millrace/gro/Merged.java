package io.millrace.gro;

import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;

import java.util.Arrays;
import java.util.List;

/// A packet that came out of [Merging]: its bytes, the numbers of the frames in it, and what its metadata says; and,
/// if it was cut again, its segments.
record Merged(byte[] bytes, List<Integer> frames, int gsoType, int gsoSize, int segments, int checksumState,
              int checksumStart, int checksumOffset, int end, List<byte[]> segmentsCut) {

    private static final int ETHERNET_BYTES = 14;

    Merged cutInto(List<byte[]> segmentFrames) {
        return new Merged(bytes, frames, gsoType, gsoSize, segments, checksumState, checksumStart, checksumOffset, end,
            segmentFrames);
    }

    /// Bytes behind the innermost transport header, found by a walk that knows Ethernet, tags, tunnels, fragments and extension
    /// headers; what follows the last header it knows where there is no transport.
    int payloadBytes() {
        return payload().length;
    }

    byte[] payload() {
        return Arrays.copyOfRange(bytes, payloadAt(), bytes.length);
    }

    int tcpFlags() {
        return Octets.u8(bytes, transportAt() + 13);
    }

    int ipv4Id() {
        return Octets.u16(bytes, ETHERNET_BYTES + 4);
    }

    /// Where the innermost transport header begins.
    int transportAt() {
        return walk()[0];
    }

    private int payloadAt() {
        int[] transport = walk();
        int at = transport[0];
        return switch (transport[1]) {
            case NaiveChecksum.TCP -> at + (Octets.u8(bytes, at + 12) >> 4) * 4;
            case NaiveChecksum.UDP -> at + 8;
            default -> at;
        };
    }

    private int[] walk() {
        int at = ETHERNET_BYTES;
        while (Octets.u16(bytes, at - 2) == 0x8100 || Octets.u16(bytes, at - 2) == 0x88a8) at += 4;
        int protocol = Octets.u16(bytes, at - 2) == 0x0800 ? 4 : 41;
        while (true) {
            switch (protocol) {
                case 4 -> {
                    protocol = Octets.u8(bytes, at + 9);
                    at += (Octets.u8(bytes, at) & 0xf) * 4;
                }
                case 41 -> {
                    protocol = Octets.u8(bytes, at + 6);
                    at += 40;
                }
                case 0, 43, 60 -> {
                    protocol = Octets.u8(bytes, at);
                    at += (Octets.u8(bytes, at + 1) + 1) * 8;
                }
                case 44 -> {
                    protocol = Octets.u8(bytes, at);
                    at += 8;
                }
                case 47 -> {
                    int flags = Octets.u16(bytes, at);
                    protocol = Octets.u16(bytes, at + 2) == 0x0800 ? 4 : 41;
                    at += 4 + Integer.bitCount(flags & 0xb000) * 4;
                }
                case NaiveChecksum.UDP -> {
                    int port = Octets.u16(bytes, at + 2);
                    if (port != 4789 && port != 6081) return new int[] {at, protocol};
                    int tunnelBytes = port == 4789 ? 8 : 8 + (Octets.u8(bytes, at + 8) & 0x3f) * 4;
                    at += 8 + tunnelBytes + ETHERNET_BYTES;
                    protocol = Octets.u16(bytes, at - 2) == 0x0800 ? 4 : 41;
                }
                default -> {
                    return new int[] {at, protocol};
                }
            }
        }
    }

    @Override
    public String toString() {
        return payloadBytes() + "B" + frames;
    }
}
