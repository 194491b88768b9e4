package io.millrace.dataplane.icmp;

import io.millrace.checksum.IncrementalUpdate;
import io.millrace.dataplane.fragment.Ipv4Fragmenter;
import io.millrace.dataplane.kernel.KernelRouter;
import io.millrace.dataplane.options.Ipv4Options;
import io.millrace.packet.header.IcmpType;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Hex;
import io.millrace.testkit.Ipv4Layer;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// Random packets with random options through the kernel and through ours: what leaves, whole or in pieces, and what is
/// said about those that do not, are the same bytes but for times and identifications.
class TransitKernelTest {

    private static final int PACKETS = Seeds.isFull() ? 50_000 : 3_000;
    private static final int MTU_BYTES = 576;
    private static final int INSIDE_NET = 0x0a0000;
    private static final int GATEWAY = 0x0a000102;

    private static final int[] HOPS = {0x0a000001, 0x0a000101, GATEWAY, 0x0a000202, 0x0a000009};
    private static final int[] ADDRESSES = {0x0a000001, 0x0a000101, 0x0a000002, 0x0a000202, 0, -1, 0xe0000005};

    private static KernelRouter kernel;

    private final IcmpBench bench = new IcmpBench(IcmpBench.UNLIMITED, 1024);
    private final Ipv4View ip = new Ipv4View(bench.packets.packets);
    private final Ipv4Options options = new Ipv4Options(bench.packets.packets, bench.own);
    private final Ipv4Fragmenter fragmenter = new Ipv4Fragmenter(bench.packets.pool, bench.packets.ledger);

    @BeforeAll
    static void startRouter() {
        KernelRouter.required();
        kernel = new KernelRouter("link set r1 mtu " + MTU_BYTES);
        kernel.sysctl("net/ipv4/conf/all/accept_source_route", "1");
        kernel.sysctl("net/ipv4/conf/r0/accept_source_route", "1");
        kernel.sysctl("net/ipv4/conf/all/send_redirects", "0");
        kernel.sysctl("net/ipv4/conf/r0/send_redirects", "0");
    }

    @AfterAll
    static void stopRouter() {
        if (kernel != null) kernel.close();
    }

    @Test
    void treatsRandomPacketsAsTheKernelDoes() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        bench.own.outsideMtuBytes = MTU_BYTES;
        for (int i = 0; i < PACKETS; i++) {
            byte[] frame = randomPacket(random).bytes();
            if (isRecordedAtOneOfSeveralOwnHops(frame)) continue;
            List<String> theirs = kernel.ask(0, frame).stream().map(sent -> alike(network(sent.frame()))).toList();
            bench.sent.clear();
            pass(bench.put(frame));
            List<String> ours = bench.sent.stream().map(TransitKernelTest::alike).toList();
            assertThat(ours).as("packet %d of seed %d: %s", i, seed, Hex.format(frame)).isEqualTo(theirs);
        }
        assertThat(bench.packets.ledger.unaccounted()).isZero();
        assertThat(bench.packets.freeSlots()).isEqualTo(1024);
    }

    /// Where a source route visits several of the router's addresses, the kernel records the first, which by then
    /// stands nowhere in the packet; we record the last. Nobody can tell which is better.
    private boolean isRecordedAtOneOfSeveralOwnHops(byte[] frame) {
        int packet = bench.put(frame);
        boolean isRouted = options.check(packet) == Verdict.FORWARD && options.hasSourceRoute();
        if (isRouted) options.followSourceRoute(packet, true);
        byte[] after = bench.packets.network(packet);
        bench.forget(packet);
        return isRouted && !Arrays.equals(after, 16, 20, frame, 30, 34);
    }

    /// The router in a few lines, in the order of Linux's `ip_rcv_options` and `ip_forward`.
    private void pass(int packet) {
        Verdict verdict = options.check(packet);
        if (verdict == Verdict.FORWARD && options.hasSourceRoute()) verdict = options.followSourceRoute(packet, true);
        if (verdict != Verdict.FORWARD) {
            int problemAt = options.problemAt();
            if (problemAt >= 0) bench.icmp.errors4().parameterProblem(packet, problemAt, 0, bench.nowNs);
            bench.packets.ledger.drop(packet, verdict);
            return;
        }
        ip.at(bench.packets.meta.frameAt(packet) + 14);
        int hop = options.sourceRouteHop();
        int target = hop != 0 ? hop : ip.target();
        if (hop == 0 && bench.own.owns4(target)) {
            bench.icmp.localDelivery().deliver4(packet, false, 0, bench.nowNs);
            return;
        }
        boolean isInside = target >>> 8 == INSIDE_NET;
        int mtuBytes = isInside ? 1500 : MTU_BYTES;
        boolean isGatewayed = !isInside && target != GATEWAY;
        if (options.isStrict() && isGatewayed) {
            bench.icmp.errors4().unreachable(packet, IcmpType.SOURCE_ROUTE_FAILED, 0, bench.nowNs);
            bench.packets.ledger.drop(packet, Verdict.IPV4_OPTIONS_MALFORMED);
        } else if (ip.totalBytes() > mtuBytes && ip.dontFragment()) {
            bench.icmp.errors4().fragmentationNeeded(packet, mtuBytes, 0, bench.nowNs);
            bench.packets.ledger.drop(packet, Verdict.FRAGMENTATION_NEEDED);
        } else {
            IncrementalUpdate.decrementTtl(ip);
            if (options.isPresent(packet)) {
                options.forward(packet, bench.own.source4(ip.source()), bench.own.source4(target), hop, bench.nowNs);
            }
            send(packet, mtuBytes);
        }
    }

    private void send(int packet, int mtuBytes) {
        if (bench.packets.meta.packetBytes(packet) - 14 > mtuBytes) {
            fragmenter.fragment(packet, mtuBytes, this::keep);
        } else {
            keep(packet);
        }
    }

    private void keep(int packet) {
        bench.sent.add(bench.packets.network(packet));
        bench.packets.sent(packet);
    }

    private static Layer randomPacket(Random random) {
        String target = random.nextInt(4) == 0 ? "10.0.0.1" : "10.0.2.2";
        Ipv4Layer packet = Frame.ethernet(KernelRouter.HOST_MACS[0], KernelRouter.PORT_MACS[0]).ipv4("10.0.0.2", target)
            .tos(random.nextInt(256)).identification(random.nextInt(65_536)).protocol(200);
        if (random.nextInt(4) > 0) packet.options(randomOptions(random));
        if (random.nextInt(4) == 0) packet.dontFragment();
        boolean isPiece = random.nextInt(4) == 0 && !target.equals("10.0.0.1");
        if (isPiece) packet.fragmentOffsetBytes(8 * random.nextInt(4000));
        if (isPiece && random.nextBoolean()) packet.moreFragments();
        int payloadBytes = random.nextInt(random.nextInt(4) == 0 ? 3000 : 200);
        return packet.payloadOf(isPiece ? payloadBytes / 8 * 8 + 8 : payloadBytes);
    }

    /// Options one after the other, most of them sound, up to 40 bytes.
    private static byte[] randomOptions(Random random) {
        byte[] bytes = new byte[4 + 4 * random.nextInt(10)];
        int at = 0;
        while (at < bytes.length) {
            int roomBytes = bytes.length - at;
            int kind = new int[] {0, 1, 1, 7, 7, 0x44, 0x44, 0x82, 0x83, 0x89, 0x94}[random.nextInt(11)];
            bytes[at] = (byte) kind;
            if (kind <= 1 || roomBytes < 4) {
                if (kind > 1) bytes[at] = 1;
                at++;
                continue;
            }
            int optionBytes = 3 + random.nextInt(roomBytes - 2);
            boolean isRoute = kind == 7 || kind == 0x83 || kind == 0x89;
            if (isRoute && random.nextInt(10) > 0) optionBytes = 3 + 4 * random.nextInt(1 + (roomBytes - 3) / 4);
            if (kind == 0x44 && random.nextInt(10) > 0) optionBytes = 4 + 4 * random.nextInt(1 + (roomBytes - 4) / 4);
            for (int i = 3; i < optionBytes; i++) bytes[at + i] = (byte) random.nextInt(256);
            int first = kind == 0x44 ? 5 : 4;
            int pointer = first + 4 * random.nextInt(1 + optionBytes / 4);
            bytes[at + 1] = (byte) (random.nextInt(30) == 0 ? random.nextInt(256) : optionBytes);
            bytes[at + 2] = (byte) (random.nextInt(20) == 0 ? random.nextInt(44) : pointer);
            int[] pool = kind == 0x44 ? ADDRESSES : HOPS;
            for (int slot = first - 1; slot + 4 <= optionBytes && (isRoute || kind == 0x44); slot += 4) {
                int address = pool[random.nextInt(pool.length)];
                for (int i = 0; i < 4; i++) bytes[at + slot + i] = (byte) (address >>> 24 - 8 * i);
            }
            if (kind == 0x44 && optionBytes > 3) {
                bytes[at + 3] = (byte) (random.nextInt(16) << 4 | (random.nextInt(8) == 0 ? random.nextInt(16)
                    : new int[] {0, 1, 3}[random.nextInt(3)]));
            }
            at += optionBytes;
        }
        return bytes;
    }

    /// Without times, identifications, sums over either; of an error, without the quoted options, which the kernel has
    /// already written into.
    private static String alike(byte[] packet) {
        byte[] alike = packet.clone();
        int headerBytes = (alike[0] & 0xf) * 4;
        boolean isError = alike[9] == 1 && alike.length > headerBytes;
        if (isError) Arrays.fill(alike, 4, 6, (byte) 0);
        Arrays.fill(alike, 10, 12, (byte) 0);
        blankTimes(alike, headerBytes);
        if (isError) {
            Arrays.fill(alike, headerBytes + 2, headerBytes + 4, (byte) 0);
            int quoteAt = headerBytes + 8;
            Arrays.fill(alike, quoteAt + 20, quoteAt + (alike[quoteAt] & 0xf) * 4, (byte) 0);
            Arrays.fill(alike, quoteAt + 10, quoteAt + 12, (byte) 0);
        }
        return Hex.format(alike);
    }

    private static void blankTimes(byte[] packet, int headerBytes) {
        int at = 20;
        while (at + 4 <= headerBytes && packet[at] != 0) {
            if (packet[at] == 1) {
                at++;
                continue;
            }
            int optionBytes = packet[at + 1] & 0xff;
            if (optionBytes < 2 || at + optionBytes > headerBytes) return;
            if (packet[at] == 0x44 && optionBytes >= 4) {
                int stepBytes = (packet[at + 3] & 0xf) == 0 ? 4 : 8;
                int lastTime = (packet[at + 2] & 0xff) - 5;   // the pointer counts from 1 and stands behind it
                blank(packet, at, lastTime, optionBytes);
                blank(packet, at, lastTime - stepBytes, optionBytes);
            }
            at += optionBytes;
        }
    }

    private static void blank(byte[] packet, int optionAt, int from, int optionBytes) {
        if (from >= 4 && from + 4 <= optionBytes) Arrays.fill(packet, optionAt + from, optionAt + from + 4, (byte) 0);
    }

    private static byte[] network(byte[] frame) {
        return Arrays.copyOfRange(frame, 14, frame.length);
    }
}
