package io.millrace.dataplane.reassembly;

import io.millrace.checksum.IncrementalUpdate;
import io.millrace.dataplane.PacketBench;
import io.millrace.dataplane.fragment.Ipv4Fragmenter;
import io.millrace.dataplane.fragment.Ipv6Fragmenter;
import io.millrace.dataplane.kernel.KernelRouter;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.header.Ipv6View;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Fragments;
import io.millrace.testkit.Hex;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import static io.millrace.packet.memory.PacketMemory.NONE;
import static org.assertj.core.api.Assertions.assertThat;

/// Fragments into a Linux router that tracks connections, and into reassembly, hop limit and fragmentation here: the
/// same packets must come out, after each fragment.
class ReassemblyKernelTest {

    private static final int MTU_BYTES = 1_500;
    private static final int GUSTS = 60;
    private static final String HOST = KernelRouter.HOST_MACS[0];
    private static final String ROUTER = KernelRouter.PORT_MACS[0];

    private final PacketBench bench = new PacketBench(16_384);
    private final Ipv4View header4 = new Ipv4View(bench.packets);
    private final Ipv6View header6 = new Ipv6View(bench.packets);
    private final Ipv4Reassembly ipv4 =
        new Ipv4Reassembly(Arena.ofAuto(), bench.pool, bench.ledger, ReassemblySettings.LINUX_IPV4, 1);
    private final Ipv6Reassembly ipv6 =
        new Ipv6Reassembly(Arena.ofAuto(), bench.pool, bench.ledger, ReassemblySettings.LINUX_IPV6, 1);
    private final Ipv4Fragmenter fragmenter4 = new Ipv4Fragmenter(bench.pool, bench.ledger);
    private final Ipv6Fragmenter fragmenter6 = new Ipv6Fragmenter(bench.pool, bench.ledger);
    private final List<String> sent = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsWhatLinuxSends(boolean isIpv4) {
        KernelRouter.required();
        long seed = Seeds.next();
        FragmentStorm storm = new FragmentStorm(new Random(seed), isIpv4);
        int sentCount = 0;
        try (KernelRouter kernel = tracking()) {
            for (int gust = 0; gust < GUSTS; gust++) {
                storm.changeIdentifications();
                int number = 0;
                for (byte[] frame : storm.gust()) {
                    if (!isIpv4 && isAtomic(frame)) continue;   // Linux lets it disturb others
                    String what = "gust %d, frame %d of seed %d".formatted(gust, number++, seed);
                    assertThat(here(frame)).as(what).isEqualTo(linux(kernel, frame));
                    sentCount += sent.size();
                }
            }
        }
        assertThat(sentCount).isGreaterThan(GUSTS);
    }

    @Test
    void leavesInThePiecesItCameInWhateverTheirHeaders() {
        KernelRouter.required();
        byte[] hopByHop = Frame.ethernet(HOST, ROUTER).ipv6("fd00::2", "fd00:0:0:1::2").hopByHop()
            .udp(1, 2).payloadOf(3_000).bytes();
        byte[] destination = Frame.ethernet(HOST, ROUTER).ipv6("fd00::2", "fd00:0:0:1::2").destinationOptions()
            .udp(1, 2).payloadOf(3_000).bytes();
        byte[] options = Frame.ethernet(HOST, ROUTER).ipv4("10.0.0.2", "10.0.1.2").identification(77)
            .options(0x94, 4, 0, 0, 0x1e, 4, 1, 2).udp(1, 2).payloadOf(4_000).bytes();
        byte[] atomic = Frame.ethernet(HOST, ROUTER).ipv6("fd00::2", "fd00:0:0:1::2").fragment(4, 0, false)
            .udp(1, 2).payloadOf(20).bytes();
        byte[] short6 = Frame.ethernet(HOST, ROUTER).ipv6("fd00::2", "fd00:0:0:1::2").udp(5, 2).payloadOf(64).bytes();
        byte[] tcp = Frame.ethernet(HOST, ROUTER).ipv4("10.0.0.2", "10.0.1.2").identification(78).dontFragment()
            .tcp(5, 2).syn().payloadOf(100).bytes();
        try (KernelRouter kernel = tracking()) {
            for (int pieceBytes : new int[] {1_400, 1_448, 1_456, 1_480, 600, 24}) {
                compare(kernel, Fragments.cut(hopByHop, pieceBytes));
                compare(kernel, Fragments.cut(destination, pieceBytes));
                compare(kernel, Fragments.cut(options, pieceBytes));
            }
            compare(kernel, List.of(atomic));
            compare(kernel, Fragments.cut(short6, 8));
            compare(kernel, Fragments.cut(tcp, 8));
            compare(kernel, withDf(Fragments.cut(tcp, 64)));
            compare(kernel, withDf(Fragments.cut(options, 1_600)));
        }
    }

    @Test
    void countsFragmentsOfOthersAsLinux() {
        KernelRouter.required();
        List<byte[]> pieces = Fragments.cut(Frame.ethernet(HOST, ROUTER).ipv4("10.0.0.2", "10.0.1.2")
            .identification(1).protocol(253).payloadOf(1_000).bytes(), 504);
        byte[] other = Fragments.cut(Frame.ethernet(HOST, ROUTER).ipv4("10.0.0.2", "10.0.1.2")
            .identification(2).protocol(253).payloadOf(1_000).bytes(), 504).getFirst();
        for (int others : new int[] {63, 64, 65}) {
            try (KernelRouter kernel = tracking()) {
                List<byte[]> frames = new ArrayList<>(List.of(pieces.get(0)));
                for (int i = 0; i < others; i++) frames.add(other);
                frames.add(pieces.get(1));
                frames.add(pieces.get(0));
                for (byte[] frame : frames) {
                    assertThat(here(frame)).as("%d others", others).isEqualTo(linux(kernel, frame));
                }
                ipv4.releaseHeld();
            }
        }
    }

    /// Facts about Linux that [ExpiredFragment] states.
    @Test
    void linuxTellsOfFragmentsThatExpiredOnlyWhereItSays() throws InterruptedException {
        KernelRouter.required();
        byte[] through = firstPieceOf(Frame.ethernet(HOST, ROUTER).ipv4("10.0.0.2", "10.0.1.2").identification(1));
        byte[] toRouter = firstPieceOf(Frame.ethernet(HOST, ROUTER).ipv4("10.0.0.2", "10.0.0.1").identification(2));
        byte[] through6 = firstPieceOf(Frame.ethernet(HOST, ROUTER).ipv6("fd00::2", "fd00:0:0:1::2"));
        try (KernelRouter kernel = tracking()) {
            kernel.sysctl("net/ipv4/ipfrag_time", "1");
            kernel.sysctl("net/netfilter/nf_conntrack_frag6_timeout", "1");
            for (byte[] frame : List.of(through, toRouter, through6)) assertThat(kernel.ask(0, frame)).isEmpty();
            Thread.sleep(1_500);
            byte[] any = Frame.ethernet(HOST, ROUTER).ipv4("10.0.0.2", "10.0.1.2").udp(1, 2).bytes();
            List<String> errors = kernel.ask(0, any).stream().filter(sent -> sent.port() == 0)
                .map(sent -> Hex.format(Arrays.copyOfRange(sent.frame(), 14, sent.frame().length))).toList();
            assertThat(errors).hasSize(2);
            assertThat(errors).anySatisfy(error -> {   // ICMP 11, 1; quotes what was to the router itself
                assertThat(error).startsWith("45").contains("0b01");
                assertThat(error).contains("0a0000020a000001");
            });
            assertThat(errors).anySatisfy(error -> assertThat(error.substring(80, 84)).isEqualTo("0301"));
        }
    }

    private static byte[] firstPieceOf(Layer ip) {
        return Fragments.cut(ip.udp(1, 2).payloadOf(200).bytes(), 64).getFirst();
    }

    private void compare(KernelRouter kernel, List<byte[]> frames) {
        List<byte[]> reversed = new ArrayList<>(frames);
        Collections.reverse(reversed);
        for (List<byte[]> order : List.of(frames, reversed)) {
            for (byte[] frame : order) assertThat(here(frame)).as(Hex.dump(frame)).isEqualTo(linux(kernel, frame));
        }
    }

    private static List<byte[]> withDf(List<byte[]> frames) {
        for (byte[] frame : frames) {
            frame[14 + 6] |= 0x40;
            int sum = (frame[14 + 10] & 0xff) << 8 | frame[14 + 11] & 0xff;
            sum = IncrementalUpdate.replace16(sum, 0, 0x4000);
            frame[14 + 10] = (byte) (sum >> 8);
            frame[14 + 11] = (byte) sum;
        }
        return frames;
    }

    private static boolean isAtomic(byte[] frame) {
        return (frame[14 + 42] & 0xff | frame[14 + 43] & 0xf9) == 0;
    }

    private static KernelRouter tracking() {
        KernelRouter kernel = new KernelRouter("neigh replace fd00::3 lladdr 02:00:00:00:00:a1 dev r0 nud permanent");
        kernel.nft("""
            table inet millrace {
                chain forward { type filter hook forward priority 0; ct state new accept; }
            }
            """);
        return kernel;
    }

    /// What left by the other port because of this frame, from the IP header on, without IPv6 identifications.
    private static List<String> linux(KernelRouter kernel, byte[] frame) {
        return kernel.ask(0, frame).stream().filter(sent -> sent.port() == 1)
            .map(sent -> comparable(Arrays.copyOfRange(sent.frame(), 14, sent.frame().length))).toList();
    }

    private List<String> here(byte[] frame) {
        sent.clear();
        int packet = bench.put(frame);
        bench.meta.ingress(packet, 1);
        if (frame[14] >>> 4 == 4) {
            forward4(ipv4.add(packet, 0, 0));
        } else {
            forward6(ipv6.add(packet, 0, 0));
        }
        return List.copyOf(sent);
    }

    private void forward4(int whole) {
        if (whole == NONE) return;
        header4.at(bench.meta.frameAt(whole) + bench.meta.l3(whole));
        boolean isTooBig = header4.totalBytes() > MTU_BYTES && header4.dontFragment()
            && bench.meta.fragmentBytesMax(whole) > MTU_BYTES;
        IncrementalUpdate.decrementTtl(header4);
        if (isTooBig) {
            bench.sent(whole);
        } else {
            fragmenter4.fragment(whole, MTU_BYTES, this::send);
        }
    }

    private void forward6(int whole) {
        if (whole == NONE) return;
        header6.at(bench.meta.frameAt(whole) + bench.meta.l3(whole));
        header6.hopLimit(header6.hopLimit() - 1);
        int bytesMax = bench.meta.fragmentBytesMax(whole);
        if (header6.totalBytes() > MTU_BYTES && (bytesMax == 0 || bytesMax > MTU_BYTES)) {
            bench.sent(whole);
        } else if (bytesMax == 0) {
            send(whole);
        } else {
            fragmenter6.fragment(whole, this::send);
        }
    }

    private void send(int piece) {
        sent.add(comparable(bench.network(piece)));
        bench.sent(piece);
    }

    private static String comparable(byte[] packet) {
        byte[] shown = packet.clone();
        if (shown[0] >>> 4 == 6) {
            int fragmentAt = shown[6] == 44 ? 40 : shown[6] == 0 && shown[40] == 44 || shown[6] == 60 && shown[40] == 44
                ? 48 : -1;
            if (fragmentAt > 0) Arrays.fill(shown, fragmentAt + 4, fragmentAt + 8, (byte) 0);
        }
        return Hex.format(shown);
    }
}
