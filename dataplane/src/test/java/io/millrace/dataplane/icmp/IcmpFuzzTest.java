package io.millrace.dataplane.icmp;

import io.millrace.dataplane.TestAddresses;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.Random;

import static io.millrace.testkit.FrameAssert.assertThatPacket;
import static org.assertj.core.api.Assertions.assertThat;

/// Packets whose IP header is sound and whose rest is anything, for this host and to be complained about: nothing is
/// thrown, lost or leaked, and what is sent is sound.
class IcmpFuzzTest {

    private static final int PACKETS = Seeds.isFull() ? 500_000 : 30_000;
    private static final int[] PROTOCOLS = {0, 1, 2, 6, 17, 43, 44, 50, 51, 58, 59, 60, 135, 200};

    private final IcmpBench bench = new IcmpBench(IcmpBench.UNLIMITED, 256);

    @Test
    void survivesAnything() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        for (int i = 0; i < PACKETS; i++) {
            byte[] frame = random.nextBoolean() ? ipv4(random) : ipv6(random);
            int headerBytes = frame[14] >>> 4 == 4 ? (frame[14] & 0xf) * 4 : 40;
            int slotBytesMax = 14 + headerBytes + (random.nextInt(4) == 0 ? random.nextInt(200) : 1000);
            bench.nowNs += random.nextInt(1_000_000);
            bench.sent.clear();
            complain(random, bench.packets.put(frame, slotBytesMax), frame[14] >>> 4);
            int toHost = bench.packets.put(frame, slotBytesMax);
            bench.packets.meta.linkClass(toHost, random.nextInt(8) == 0 ? random.nextInt(4) : 0);
            if (frame[14] >>> 4 == 4) {
                bench.icmp.localDelivery().deliver4(toHost, random.nextInt(8) == 0, TestAddresses.INSIDE, bench.nowNs);
            } else {
                bench.icmp.localDelivery().deliver6(toHost, TestAddresses.INSIDE, bench.nowNs);
            }
            for (byte[] sent : bench.sent) {
                assertThat(isSound(sent)).as("answer to packet %d of seed %d", i, seed).isTrue();
            }
        }
        assertThat(bench.packets.ledger.unaccounted()).isZero();
        assertThat(bench.packets.freeSlots()).isEqualTo(256);
        assertThat(bench.packets.ledger.created()).as("answers").isGreaterThan(PACKETS / 2L);
        for (Verdict verdict : new Verdict[] {Verdict.PORT_CLOSED, Verdict.PROTOCOL_UNKNOWN, Verdict.ECHO_ANSWERED,
            Verdict.REASSEMBLY_MISSING, Verdict.TRANSPORT_MALFORMED, Verdict.IPV6_MALFORMED, Verdict.LOCAL_IN}) {
            assertThat(bench.packets.ledger.count(verdict)).as(verdict.meaning()).isPositive();
        }
    }

    private void complain(Random random, int offender, int version) {
        int number = random.nextInt(256);
        if (version == 4) {
            switch (random.nextInt(5)) {
                case 0 -> bench.icmp.errors4().timeExceeded(offender, 0, bench.nowNs);
                case 1 -> bench.icmp.errors4().fragmentationNeeded(offender, number, 0, bench.nowNs);
                case 2 -> bench.icmp.errors4().parameterProblem(offender, number, 0, bench.nowNs);
                case 3 -> bench.icmp.errors4().redirect(offender, number, 0, bench.nowNs);
                default -> bench.icmp.errors4().routeError(offender, number, 0, bench.nowNs);
            }
        } else {
            switch (random.nextInt(4)) {
                case 0 -> bench.icmp.errors6().timeExceeded(offender, 0, bench.nowNs);
                case 1 -> bench.icmp.errors6().packetTooBig(offender, number, 0, bench.nowNs);
                case 2 -> bench.icmp.errors6().parameterProblem(offender, 2, random.nextInt(40), 0, bench.nowNs);
                default -> bench.icmp.errors6().redirect(offender, 0xfe80L << 48, number, number, 0, bench.nowNs);
            }
        }
        bench.forget(offender);
    }

    private boolean isSound(byte[] sent) {
        assertThatPacket(sent).hasValidChecksums();
        int totalBytes = sent[0] >>> 4 == 4 ? u16(sent, 2) : 40 + u16(sent, 4);
        return totalBytes == sent.length;
    }

    private static byte[] ipv4(Random random) {
        byte[] options = new byte[random.nextInt(3) == 0 ? 4 * random.nextInt(11) : 0];
        random.nextBytes(options);
        var ip = Frame.ethernet(IcmpBench.INSIDE_HOST, IcmpBench.INSIDE_PORT)
            .ipv4("10.0.0." + random.nextInt(2, 250), random.nextBoolean() ? "10.0.0.1" : "10.0.2.2").options(options)
            .protocol(PROTOCOLS[random.nextInt(PROTOCOLS.length)]);
        if (random.nextInt(8) == 0) ip.moreFragments();
        if (random.nextInt(8) == 0) ip.fragmentOffsetBytes(8 * random.nextInt(4000));
        byte[] frame = ip.payload(anything(random)).bytes();
        fixChecksum(random, frame, 14 + (frame[14] & 0xf) * 4, frame[23] & 0xff);
        return frame;
    }

    private static byte[] ipv6(Random random) {
        byte[] payload = anything(random);
        for (int at = 0; at + 8 <= payload.length && random.nextInt(3) > 0;) {
            payload[at] = (byte) PROTOCOLS[random.nextInt(PROTOCOLS.length)];   // a chain of headers, perhaps
            payload[at + 1] = (byte) random.nextInt(3);
            if (random.nextBoolean()) payload[at + 2] = 0;
            if (random.nextBoolean()) payload[at + 3] = 0;
            at += (payload[at + 1] + 1) * 8;
        }
        int nextHeader = PROTOCOLS[random.nextInt(PROTOCOLS.length)];
        byte[] frame = Frame.ethernet(IcmpBench.INSIDE_HOST, IcmpBench.INSIDE_PORT)
            .ipv6("fd00::" + random.nextInt(2, 999), random.nextBoolean() ? "fd00::1" : "ff02::1")
            .nextHeader(nextHeader).payload(payload).bytes();
        fixChecksum(random, frame, 54, nextHeader);
        return frame;
    }

    private static byte[] anything(Random random) {
        byte[] bytes = new byte[random.nextInt(random.nextBoolean() ? 40 : 1500)];
        random.nextBytes(bytes);
        if (bytes.length > 0 && random.nextInt(3) == 0) bytes[0] = (byte) (random.nextBoolean() ? 8 : 128);
        return bytes;
    }

    /// Makes the checksum right more often than chance does, and the UDP length.
    private static void fixChecksum(Random random, byte[] frame, int l4, int protocol) {
        int l4Bytes = frame.length - l4;
        if (random.nextInt(4) == 0 || l4Bytes < 20) return;
        int fieldAt = switch (protocol) {
            case IpProtocol.TCP -> 16;
            case IpProtocol.UDP -> 6;
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> 2;
            default -> -1;
        };
        if (fieldAt < 0) return;
        if (protocol == IpProtocol.UDP) put16(frame, l4 + 4, l4Bytes);
        put16(frame, l4 + fieldAt, 0);
        byte[] pseudo = new byte[0];
        if (frame[14] >>> 4 == 6) {
            pseudo = NaiveChecksum.pseudoHeader(range(frame, 22, 16), range(frame, 38, 16), protocol, l4Bytes);
        } else if (protocol != IpProtocol.ICMP) {
            pseudo = NaiveChecksum.pseudoHeader(range(frame, 26, 4), range(frame, 30, 4), protocol, l4Bytes);
        }
        byte[] summed = new byte[pseudo.length + l4Bytes];
        System.arraycopy(pseudo, 0, summed, 0, pseudo.length);
        System.arraycopy(frame, l4, summed, pseudo.length, l4Bytes);
        put16(frame, l4 + fieldAt, NaiveChecksum.of(summed, 0, summed.length));
    }

    private static byte[] range(byte[] bytes, int at, int byteCount) {
        return java.util.Arrays.copyOfRange(bytes, at, at + byteCount);
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    private static void put16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }
}
