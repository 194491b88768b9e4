package io.millrace.nic.sim;

import io.millrace.nic.sim.steer.BitwiseToeplitz;
import io.millrace.packet.rss.HashTransform;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// What a receive hash is made from, read from the outermost headers of a frame in the most obvious way.
///
/// @param family 4 or 6; 0 where the frame is not IP
/// @param proto  behind the extension headers
/// @param ports  true if both ports are there: TCP, UDP or SCTP, and no fragment
record NaiveFlow(int family, byte[] source, byte[] target, int proto, boolean ports, int sourcePort, int targetPort,
                 boolean isTagged) {

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;
    private static final int AH = 51;
    private static final int ESP = 50;

    /// Null where more than the most obvious way is needed: headers cut short or contradicting each other, labels and
    /// sessions in front of IP, more than two tags.
    static NaiveFlow of(byte[] frame) {
        int at = 12;
        int tags = 0;
        while (at + 2 <= frame.length && isTag(u16(frame, at))) {
            at += 4;
            tags++;
        }
        if (tags > 2 || at + 2 > frame.length) return null;
        int type = u16(frame, at);
        at += 2;
        return switch (type) {
            case 0x0800 -> ipv4(frame, at, tags > 0);
            case 0x86dd -> ipv6(frame, at, tags > 0);
            case 0x0806 -> frame.length < at + 28 ? null : new NaiveFlow(0, null, null, 0, false, 0, 0, tags > 0);
            default -> null;
        };
    }

    private static boolean isTag(int type) {
        return type == 0x8100 || type == 0x88a8;
    }

    private static NaiveFlow ipv4(byte[] frame, int at, boolean isTagged) {
        if (frame.length < at + 20 || frame[at] >> 4 != 4) return null;
        int headerBytes = 4 * (frame[at] & 15);
        int totalBytes = u16(frame, at + 2);
        if (headerBytes < 20 || totalBytes < headerBytes || at + totalBytes > frame.length) return null;
        boolean isFragment = (u16(frame, at + 6) & 0x3fff) != 0;
        return transport(frame, 4, Arrays.copyOfRange(frame, at + 12, at + 16),
            Arrays.copyOfRange(frame, at + 16, at + 20), frame[at + 9] & 0xff, at + headerBytes, at + totalBytes,
            isFragment, isTagged);
    }

    private static NaiveFlow ipv6(byte[] frame, int at, boolean isTagged) {
        if (frame.length < at + 40 || frame[at] >> 4 != 6) return null;
        int end = at + 40 + u16(frame, at + 4);
        if (end > frame.length || u16(frame, at + 4) == 0) return null;
        int proto = frame[at + 6] & 0xff;
        int next = at + 40;
        boolean isFragment = false;
        for (int headers = 0; proto == 0 || proto == 43 || proto == 44 || proto == 60; headers++) {
            if (next + 8 > end || headers == 8) return null;
            isFragment |= proto == 44;
            int bytes = proto == 44 ? 8 : 8 + 8 * (frame[next + 1] & 0xff);
            boolean isLater = proto == 44 && (u16(frame, next + 2) & 0xfff8) != 0;
            proto = frame[next] & 0xff;
            next += bytes;
            if (isLater) break;
        }
        if (next > end) return null;
        return transport(frame, 6, Arrays.copyOfRange(frame, at + 8, at + 24),
            Arrays.copyOfRange(frame, at + 24, at + 40), proto, next, end, isFragment, isTagged);
    }

    private static NaiveFlow transport(byte[] frame, int family, byte[] source, byte[] target, int proto, int at,
                                       int end, boolean isFragment, boolean isTagged) {
        if (isFragment) return new NaiveFlow(family, source, target, proto, false, 0, 0, isTagged);
        int headerBytes = proto == TCP ? 20 : proto == UDP ? 8 : proto == SCTP ? 12 : 0;
        if (proto == AH || proto == ESP || at + headerBytes > end) return null;
        if (proto == TCP && ((frame[at + 12] >> 4 & 15) < 5 || at + 4 * (frame[at + 12] >> 4 & 15) > end)) return null;
        if (headerBytes == 0) return new NaiveFlow(family, source, target, proto, false, 0, 0, isTagged);
        return new NaiveFlow(family, source, target, proto, true, u16(frame, at), u16(frame, at + 2), isTagged);
    }

    private static int u16(byte[] frame, int at) {
        return (frame[at] & 0xff) << 8 | frame[at + 1] & 0xff;
    }

    /// The hash by its definition; letters are those of `rx-flow-hash`, of flows whose ports are known.
    int hash(byte[] key, HashTransform transform, String letters) {
        if (family == 0) return 0;
        String wanted = ports ? letters : "sd";
        byte[][] pairs = {source.clone(), target.clone(), port(sourcePort), port(targetPort)};
        for (int pair = 0; pair < 4; pair += 2) {
            for (int i = 0; i < pairs[pair].length; i++) {
                int one = pairs[pair][i];
                int other = pairs[pair + 1][i];
                if (transform == HashTransform.NONE) continue;
                pairs[pair][i] = (byte) (transform == HashTransform.SYMMETRIC_XOR ? one ^ other : one | other);
                pairs[pair + 1][i] = (byte) (one ^ other);
            }
        }
        var input = new ByteArrayOutputStream();
        if (wanted.contains("t")) input.write(proto);
        if (wanted.contains("s")) input.writeBytes(pairs[0]);
        if (wanted.contains("d")) input.writeBytes(pairs[1]);
        if (wanted.contains("f")) input.writeBytes(pairs[2]);
        if (wanted.contains("n")) input.writeBytes(pairs[3]);
        return BitwiseToeplitz.hash(key, input.toByteArray());
    }

    private static byte[] port(int port) {
        return new byte[] {(byte) (port >> 8), (byte) port};
    }

    /// The six words that name the flow in a table; the ports must be known.
    long[] key() {
        long[] key = new long[6];
        key[0] = family == 4 ? 0 : number(source, 0, 8);
        key[1] = family == 4 ? number(source, 0, 4) : number(source, 8, 16);
        key[2] = family == 4 ? 0 : number(target, 0, 8);
        key[3] = family == 4 ? number(target, 0, 4) : number(target, 8, 16);
        key[4] = sourcePort | (long) targetPort << 16 | (long) proto << 32 | (long) family << 40;
        return key;
    }

    private static long number(byte[] bytes, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) number = number << 8 | bytes[i] & 0xff;
        return number;
    }
}
