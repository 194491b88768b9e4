package io.millrace.dataplane.icmp;

import io.millrace.checksum.Ipv4Checksum;
import io.millrace.dataplane.kernel.KernelRouter;
import io.millrace.dataplane.options.Ipv6Options;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.header.IcmpType;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.memory.LinkClass;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Hex;
import io.millrace.testkit.Ipv4Layer;
import io.millrace.testkit.Ipv6Layer;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// The same offenders to the kernel and to us: the answers are the same bytes, but for IPv4 identifications, flow
/// labels and times.
class IcmpKernelTest {

    private static final int RANDOM_PACKETS = Seeds.isFull() ? 50_000 : 3_000;

    private static KernelRouter kernel;

    private final IcmpBench bench = new IcmpBench(IcmpBench.UNLIMITED, 2048);

    @BeforeAll
    static void startRouter() {
        KernelRouter.required();
        kernel = new KernelRouter("route add unreachable 10.9.0.0/16", "route add prohibit 10.10.0.0/16",
            "route add prohibit fd00:a::/64", "route add unreachable fd00:b::/64", "link set r1 mtu 1400",
            "neigh replace fd00::7 lladdr 02:00:00:00:00:a7 dev r0 nud permanent",
            "neigh replace fe80::7 lladdr 02:00:00:00:00:a7 dev r0 nud permanent",
            "route add fd00:7::/64 via fe80::7 dev r0", "route add fd00:8::/64 via fd00::7 dev r0");
    }

    @AfterAll
    static void stopRouter() {
        if (kernel != null) kernel.close();
    }

    /// What is done to a packet that is not for this host.
    private interface Transit {
        void refuse(int offender);
    }

    @Test
    void saysTimeExceeded() {
        Transit refusal = offender -> bench.icmp.errors4().timeExceeded(offender, 0, bench.nowNs);
        for (int tos : new int[] {0, 1, 2, 3, 0x1c, 0x20, 0xb8, 0xff}) {
            same(transit().ttl(1).tos(tos).udp(1000, 2000).payloadOf(20), refusal);
        }
        same(transit().ttl(0).udp(1000, 2000).payloadOf(20), refusal);
        for (int bytes : new int[] {0, 1, 519, 520, 521, 1400}) {
            same(transit().ttl(1).udp(1000, 2000).payloadOf(bytes), refusal);
        }
        for (int type = 0; type < 48; type++) {
            same(transit().ttl(1).icmp(type, 0).payloadOf(9), refusal);
        }
        same(transit().ttl(1).protocol(1), refusal);
        same(transit().ttl(1).protocol(1).payloadOf(1), refusal);
        same(transit().ttl(1).moreFragments().udp(1, 2).payloadOf(8), refusal);
        same(transit().ttl(1).fragmentOffsetBytes(8).protocol(17).payloadOf(8), refusal);
        same(transit().ttl(1).udp(1, 2).checksum(0x1234).payloadOf(8), refusal);
        same(ip("10.0.0.3", "10.0.2.2").ttl(1).dontFragment().tcp(1, 2).syn(), refusal);
    }

    @Test
    void saysUnreachableForRoutes() {
        same(ip("10.0.0.4", "10.9.0.1").udp(1, 2).payloadOf(9), offender ->
            bench.icmp.errors4().routeError(offender, IcmpType.HOST_UNREACHABLE, 0, bench.nowNs));
        same(ip("10.0.0.5", "10.10.0.1").udp(1, 2).payloadOf(9), offender ->
            bench.icmp.errors4().routeError(offender, IcmpType.ADMINISTRATIVELY_PROHIBITED, 0, bench.nowNs));
    }

    @Test
    void saysFragmentationNeededAndRedirects() {
        same(transit().dontFragment().udp(1, 2).payloadOf(1373), offender ->
            bench.icmp.errors4().fragmentationNeeded(offender, 1400, 0, bench.nowNs));
        same(ip("10.0.0.6", "10.0.0.7").ttl(9).udp(1, 2).payloadOf(9), offender -> {
            ttl(offender, 8);
            bench.icmp.errors4().redirect(offender, 0x0a000007, 0, bench.nowNs);
        });
    }

    @Test
    void answersIpv4ForItself() {
        for (String target : List.of("10.0.0.1", "10.0.1.1")) {
            same(ip("10.0.0.2", target).tos(0x23).udp(1000, 2000).payloadOf(20));
            same(ip("10.0.0.2", target).udp(1, 2).noChecksum().payloadOf(20));
            same(ip("10.0.0.2", target).udp(1, 2).checksum(77).payloadOf(20));
            same(ip("10.0.0.2", target).protocol(200).payloadOf(20));
            same(ip("10.0.0.2", target).tos(0x23).icmp(8, 5).identifier(1).sequence(2).payloadOf(33));
            same(ip("10.0.0.2", target).icmp(8, 0).identifier(1).payload(new byte[8]));   // all zero: see EchoTest
            same(ip("10.0.0.2", target).dontFragment().icmp(8, 0).payloadOf(1400));
            same(ip("10.0.0.2", target).icmp(8, 0).checksum(1).payloadOf(3));
        }
        for (int udpBytes : new int[] {0, 7, 8, 20, 27, 28, 29}) {
            same(local().udp(1, 2).datagramBytes(udpBytes).noChecksum().payloadOf(20));
        }
        for (int bytes = 0; bytes < 9; bytes++) {
            same(local().protocol(17).payload(new byte[bytes]));
            same(local().protocol(1).payloadOf(bytes));
        }
        for (int type = 0; type < 48; type++) {
            if (type != 13) same(local().icmp(type, 0).payloadOf(28));
        }
        same(ip("10.0.0.2", "10.0.0.255").udp(1, 2).payloadOf(3));
        same(ip("10.0.0.2", "10.0.0.255").icmp(8, 0).payloadOf(3));
        same(ip("10.0.0.2", "255.255.255.255").icmp(8, 0).payloadOf(3));
    }

    @Test
    void resetsTcp() {
        for (int flags = 0; flags < 64; flags++) {
            same(local().tos(0xff).tcp(1000, 2000).sequence(0xfffffff0L).acknowledgement(77).flags(flags)
                .payloadOf(20));
            same(local6().trafficClass(0xff).tcp(1000, 2000).sequence(7).acknowledgement(77).flags(flags).mss(9));
        }
        same(local().tcp(1, 2).syn().checksum(7));
        same(local().tcp(1, 2).syn().headerBytes(24));
        same(local().tcp(1, 2).syn().headerBytes(16).payloadOf(9));
        same(local6().tcp(1, 2).syn().checksum(7));
    }

    @Test
    void answersTimestampRequests() {
        byte[] frame = local().icmp(13, 0).identifier(1).sequence(2).payload(new byte[12]).bytes();
        byte[] theirs = packet(kernel.ask(0, frame).getFirst().frame());
        byte[] ours = bench.deliver(frame).getFirst();
        for (byte[] reply : List.of(theirs, ours)) {
            Arrays.fill(reply, 22, 24, (byte) 0);
            Arrays.fill(reply, 32, 40, (byte) 0);
        }
        assertThat(Hex.format(alike(ours))).isEqualTo(Hex.format(alike(theirs)));
    }

    @Test
    void saysTimeExceededForIpv6() {
        Transit refusal = offender -> bench.icmp.errors6().timeExceeded(offender, 0, bench.nowNs);
        same(transit6().hopLimit(1).trafficClass(0xff).flowLabel(5).udp(1, 2).payloadOf(20), refusal);
        for (int bytes : new int[] {0, 1183, 1184, 1185, 1300}) {
            same(transit6().hopLimit(1).udp(1, 2).payloadOf(bytes), refusal);
        }
        for (int type = 0; type < 256; type++) {
            if (type < 133 || type > 137) same(transit6().hopLimit(1).icmpv6(type, 0).payloadOf(9), refusal);
        }
        for (int bytes = 0; bytes < 9; bytes++) {
            same(transit6().hopLimit(1).nextHeader(58).payload(new byte[bytes]), refusal);
            same(transit6().hopLimit(1).nextHeader(60).payload(new byte[bytes]), refusal);
            same(transit6().hopLimit(1).nextHeader(43).payload(new byte[bytes]), refusal);
        }
        same(transit6().hopLimit(1).fragment(9, 800, true).payloadOf(16), refusal);
        same(transit6().hopLimit(1).fragment(9, 800, true).nextHeader(58).payloadOf(16), refusal);
        same(transit6().hopLimit(1).fragment(9, 0, true).nextHeader(58), refusal);
        same(transit6().hopLimit(1).fragment(9, 0, true).icmpv6(1, 0).payloadOf(8), refusal);
        same(transit6().hopLimit(1).destinationOptions().fragment(9, 0, true).icmpv6(128, 0).payloadOf(8), refusal);
        same(transit6().hopLimit(1).authentication(1, 2).icmpv6(1, 0).payloadOf(8), refusal);
        same(transit6().hopLimit(1).nextHeader(59).payloadOf(8), refusal);
        same(transit6().hopLimit(1).routing(0, 1, new byte[20]).icmpv6(1, 0).payloadOf(8), refusal);
    }

    @Test
    void saysTooBigAndUnreachableForIpv6() {
        same(transit6().udp(1, 2).payloadOf(1353), offender ->
            bench.icmp.errors6().packetTooBig(offender, 1400, 0, bench.nowNs));
        same(ip6("fd00::2", "fd00:a::1").udp(1, 2).payloadOf(9), offender ->
            bench.icmp.errors6().unreachable(offender, Icmpv6Type.ADMINISTRATIVELY_PROHIBITED, 0, bench.nowNs));
        same(ip6("fd00::2", "fd00:b::1").udp(1, 2).payloadOf(9), offender ->
            bench.icmp.errors6().unreachable(offender, Icmpv6Type.NO_ROUTE, 0, bench.nowNs));
        same(ip6("fe80::2", "fd00:0:0:5::2").udp(1, 2).payloadOf(9), offender ->
            bench.icmp.errors6().unreachable(offender, Icmpv6Type.BEYOND_SCOPE, 0, bench.nowNs));
    }

    @Test
    void redirectsIpv6() {
        String[][] ways = {{"fd00::7", "fd00::7"}, {"fd00:7::1", "fe80::7"}, {"fd00:8::1", "fd00::7"}};
        for (String[] way : ways) {
            for (int bytes : new int[] {0, 5, 1300}) {
                IpAddress gateway = IpAddress.parse(way[1]);
                same(ip6("fd00::2", way[0]).udp(1, 2).payloadOf(bytes), offender -> bench.icmp.errors6()
                    .redirect(offender, gateway.high(), gateway.low(), 0x0200000000a7L, 0, bench.nowNs));
            }
        }
    }

    @Test
    void answersIpv6ForItself() {
        for (String target : List.of("fd00::1", "fd00:0:0:1::1", "fe80::a")) {
            same(ip6("fd00::2", target).trafficClass(0x23).udp(1000, 2000).payloadOf(20));
            same(ip6("fd00::2", target).udp(1, 2).noChecksum().payloadOf(20));
            same(ip6("fd00::2", target).nextHeader(200).payloadOf(20));
            same(ip6("fd00::2", target).trafficClass(0x23).flowLabel(9).icmpv6(128, 5).identifier(1).sequence(2)
                .payloadOf(33));
            same(ip6("fe80::2", target).icmpv6(128, 0).payloadOf(1400));
        }
        for (int udpBytes : new int[] {0, 7, 8, 20, 27, 28, 29}) {
            same(local6().udp(1, 2).datagramBytes(udpBytes).payloadOf(20));
        }
        for (int bytes = 0; bytes < 9; bytes++) {
            for (int nextHeader : new int[] {17, 58, 43, 44, 60, 59, 51, 0}) {
                if (nextHeader != 0) same(local6().nextHeader(nextHeader).payload(new byte[bytes]));
            }
        }
        for (int type = 0; type < 256; type++) {
            if (type < 133 || type > 137) same(local6().icmpv6(type, 0).payloadOf(48));
        }
    }

    @Test
    void heedsExtensionHeaders() {
        for (int type = 0; type < 256; type++) {
            if (type == 0x31 || type == 0xc9) continue;   // known to some kernels only: IOAM, home address
            same(local6().destinationOptions().option(type, new byte[4]).udp(1, 2).payloadOf(8));
        }
        for (int optionCount : new int[] {7, 8, 9}) {
            byte[] options = new byte[3 * optionCount];
            for (int i = 0; i < optionCount; i++) options[3 * i] = 0x1e;
            for (int i = 0; i < optionCount; i++) options[3 * i + 1] = 1;
            same(local6().destinationOptions().options(options).udp(1, 2).payloadOf(8));
        }
        for (int padBytes = 1; padBytes < 10; padBytes++) {
            byte[] options = new byte[14];
            options[0] = 1;
            options[1] = (byte) padBytes;
            options[2 + padBytes] = 0x1e;
            options[3 + padBytes] = (byte) (14 - 4 - padBytes);
            same(local6().destinationOptions().options(options).udp(1, 2).payloadOf(8));
            options[3] = 1;   // padding that says something
            same(local6().destinationOptions().options(options).udp(1, 2).payloadOf(8));
        }
        for (int type : new int[] {0, 1, 2, 3, 4, 5, 9, 253}) {
            for (int left = 0; left < 3; left++) {
                same(local6().routing(type, left, new byte[20]).udp(1, 2).payloadOf(8));
            }
        }
        same(local6().fragment(5, 0, false).udp(1, 2).payloadOf(8));
        same(local6().destinationOptions().destinationOptions().nextHeader(200).payloadOf(8));
        same(local6().destinationOptions().hopByHop().udp(1, 2).payloadOf(8));
        same(local6().destinationOptions().routing(7, 0, new byte[4]).fragment(1, 0, false).icmpv6(128, 0)
            .payloadOf(5));
    }

    /// Chains of headers, most of them sound, with options, most of them known.
    @Test
    void readsRandomExtensionHeadersAsTheKernelDoes() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        Ipv6Options options = new Ipv6Options(bench.packets.packets);
        for (int i = 0; i < RANDOM_PACKETS; i++) {
            byte[] frame = randomHeaders(random);
            bench.sent.clear();
            int packet = bench.put(frame);
            long headerAt = bench.packets.meta.frameAt(packet) + 14;
            Verdict verdict = frame[20] != 0 ? Verdict.FORWARD
                : options.checkHopByHop(headerAt, frame.length - 14, false);
            if (verdict == Verdict.FORWARD) {
                bench.icmp.localDelivery().deliver6(packet, 0, bench.nowNs);
            } else {
                int pointer = options.problemAt();
                if (pointer >= 0) {
                    bench.icmp.errors6().parameterProblem(packet, options.problemCode(), pointer, 0, bench.nowNs);
                }
                bench.packets.ledger.drop(packet, verdict);
            }
            same(frame, List.copyOf(bench.sent));
        }
    }

    private static byte[] randomHeaders(Random random) {
        int[] kinds = {0, 60, 60, 60, 43, 44, 58, 17, 59, 200};
        byte[] headers = new byte[8 * (1 + random.nextInt(12))];
        int first = kinds[random.nextInt(kinds.length)];
        int kind = first;
        for (int at = 0; at + 8 <= headers.length;) {
            int units = random.nextInt(10) == 0 ? random.nextInt(256) : random.nextInt(3);
            int next = kinds[random.nextInt(kinds.length)];
            headers[at] = (byte) next;
            headers[at + 1] = (byte) (kind == 44 ? 0 : units);
            int end = Math.min(headers.length, at + (headers[at + 1] & 0xff) * 8 + 8);
            if (kind == 0 || kind == 60) randomOptions(random, headers, at + 2, end);
            if (kind == 43) headers[at + 2] = (byte) random.nextInt(10);
            if (kind == 43) headers[at + 3] = (byte) random.nextInt(3);
            if (kind == 17 || kind == 58 || kind == 59 || kind == 200) break;
            kind = next;
            at = end;
        }
        return local6().nextHeader(first).payload(headers).bytes();
    }

    private static void randomOptions(Random random, byte[] headers, int from, int end) {
        int[] types = {0, 0, 1, 1, 5, 0x1e, 0x1e, 0x5e, 0x9e, 0xde, 0xc2};
        for (int at = from; at < end;) {
            int type = types[random.nextInt(types.length)];
            headers[at++] = (byte) type;
            if (type == 0 || at == end) continue;
            int roomBytes = end - at - 1;
            int dataBytes = random.nextInt(12) == 0 ? random.nextInt(256) : random.nextInt(roomBytes + 1);
            if (type == 5 && roomBytes >= 2 && random.nextInt(4) > 0) dataBytes = 2;
            if (type == 0xc2 && roomBytes >= 4) dataBytes = 4;
            headers[at++] = (byte) dataBytes;
            if (type == 0xc2 && random.nextBoolean()) headers[Math.min(at, end - 1)] = 1;
            at += dataBytes;
        }
    }

    @Test
    void answersAllNodesAndAllRouters() {
        for (String group : List.of("ff02::1", "ff02::2")) {
            for (String asker : List.of("fd00::2", "fe80::2")) {
                String mac = "33:33:00:00:00:0" + group.charAt(6);
                for (Layer layer : List.of(
                        Frame.ethernet(KernelRouter.HOST_MACS[0], mac).ipv6(asker, group).icmpv6(128, 0).payloadOf(20),
                        Frame.ethernet(KernelRouter.HOST_MACS[0], mac).ipv6(asker, group).udp(1, 2).payloadOf(20),
                        Frame.ethernet(KernelRouter.HOST_MACS[0], mac).ipv6(asker, group).nextHeader(200).payloadOf(20),
                        Frame.ethernet(KernelRouter.HOST_MACS[0], mac).ipv6(asker, group).tcp(1, 2).syn(),
                        Frame.ethernet(KernelRouter.HOST_MACS[0], mac).ipv6(asker, group).destinationOptions()
                            .option(0x9e, new byte[4]).udp(1, 2),
                        Frame.ethernet(KernelRouter.HOST_MACS[0], mac).ipv6(asker, group).destinationOptions()
                            .option(0xde, new byte[4]).udp(1, 2))) {
                    int packet = bench.put(layer.bytes());
                    bench.packets.meta.linkClass(packet, LinkClass.MULTICAST);
                    same(layer.bytes(), bench.deliver(packet, false));
                }
            }
        }
    }

    /// A packet for this host.
    private void same(Layer layer) {
        byte[] frame = layer.bytes();
        boolean isBroadcast = frame[14] >>> 4 == 4 && (frame[33] & 0xff) == 255;
        same(frame, bench.deliver(bench.put(frame), isBroadcast));
    }

    /// A packet that goes nowhere, or back; of what the kernel sent, the packet itself is left out.
    private void same(Layer layer, Transit refusal) {
        byte[] frame = layer.bytes();
        bench.sent.clear();
        int offender = bench.put(frame);
        refusal.refuse(offender);
        bench.forget(offender);
        same(frame, List.copyOf(bench.sent));
    }

    private void same(byte[] frame, List<byte[]> ours) {
        List<String> theirs = kernel.ask(0, frame).stream().map(sent -> packet(sent.frame()))
            .filter(packet -> !isForwarded(packet, frame)).map(packet -> Hex.format(alike(packet))).toList();
        assertThat(ours.stream().map(packet -> Hex.format(alike(packet))).toList())
            .as("answers to %s", Hex.format(frame)).isEqualTo(theirs);
    }

    /// True if source and target are those of the packet that was given.
    private static boolean isForwarded(byte[] packet, byte[] frame) {
        int at = packet[0] >>> 4 == 4 ? 12 : 8;
        int bytes = packet[0] >>> 4 == 4 ? 8 : 32;
        return Arrays.equals(packet, at, at + bytes, frame, 14 + at, 14 + at + bytes);
    }

    /// Without what may differ: the identification and with it the header checksum, the flow label.
    private static byte[] alike(byte[] packet) {
        byte[] alike = packet.clone();
        if (alike[0] >>> 4 == 4) {
            Arrays.fill(alike, 4, 6, (byte) 0);
            Arrays.fill(alike, 10, 12, (byte) 0);
        } else {
            alike[1] &= (byte) 0xf0;
            Arrays.fill(alike, 2, 4, (byte) 0);
        }
        return alike;
    }

    private void ttl(int packet, int ttl) {
        long at = bench.packets.meta.frameAt(packet) + 14;
        new Ipv4View(bench.packets.packets).at(at).ttl(ttl);
        Ipv4Checksum.fill(bench.packets.packets.segment(), at);
    }

    private static Ipv4Layer transit() {
        return ip("10.0.0.2", "10.0.2.2");
    }

    private static Ipv4Layer local() {
        return ip("10.0.0.2", "10.0.0.1");
    }

    private static Ipv6Layer transit6() {
        return ip6("fd00::2", "fd00:0:0:5::2");
    }

    private static Ipv6Layer local6() {
        return ip6("fd00::2", "fd00::1");
    }

    private static Ipv4Layer ip(String source, String target) {
        return Frame.ethernet(KernelRouter.HOST_MACS[0], KernelRouter.PORT_MACS[0]).ipv4(source, target);
    }

    private static Ipv6Layer ip6(String source, String target) {
        return Frame.ethernet(KernelRouter.HOST_MACS[0], KernelRouter.PORT_MACS[0]).ipv6(source, target);
    }

    private static byte[] packet(byte[] frame) {
        return Arrays.copyOfRange(frame, 14, frame.length);
    }
}
