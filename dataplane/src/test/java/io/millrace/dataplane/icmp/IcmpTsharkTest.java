package io.millrace.dataplane.icmp;

import io.millrace.dataplane.TestAddresses;
import io.millrace.dataplane.fragment.Ipv4Fragmenter;
import io.millrace.packet.header.IcmpType;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Hex;
import io.millrace.testkit.Ipv4Layer;
import io.millrace.testkit.Ipv6Layer;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Tshark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// One capture of everything that is made here, read by tshark: nothing malformed, no checksum wrong.
class IcmpTsharkTest {

    private static final String GOOD = "1";

    private final IcmpBench bench = new IcmpBench(IcmpBench.UNLIMITED);
    private final List<byte[]> made = new ArrayList<>();

    @TempDir
    Path folder;

    @Test
    void findsEveryMadePacketSound() {
        Tshark.required();
        makeErrors4();
        makeErrors6();
        makeAnswers();
        makePieces();
        Path capture = folder.resolve("made.pcap");
        CaptureFile.write(capture, made.stream().map(IcmpTsharkTest::framed).toArray(byte[][]::new));

        List<List<String>> rows = Tshark.fields(capture, "_ws.malformed", "ip.checksum.status", "icmp.checksum.status",
            "icmpv6.checksum.status", "tcp.checksum.status", "ip.proto", "ipv6.nxt", "frame.protocols");
        assertThat(rows).hasSameSizeAs(made);
        int transportCount = 0;
        for (int i = 0; i < rows.size(); i++) {
            List<String> row = rows.get(i);
            assertThat(row.get(0)).as("malformed: %s", Hex.format(made.get(i))).isEmpty();
            for (int status = 1; status <= 4; status++) {
                String first = row.get(status).split(",")[0];   // those behind are of what is quoted
                assertThat(first).as("checksum %d of %s", status, Hex.format(made.get(i))).isIn("", GOOD);
                if (status > 1 && first.equals(GOOD)) transportCount++;
            }
        }
        assertThat(made.get(0)[0] >>> 4).isEqualTo(4);
        assertThat(transportCount).isGreaterThan(40);
    }

    private void makeErrors4() {
        for (Layer layer : List.of(ip().udp(1, 2).payloadOf(20), ip().udp(1, 2).payloadOf(1400), ip().tcp(1, 2).syn(),
                ip().options(Hex.parse("01070f04000000000000000000000000")).udp(1, 2).payloadOf(20))) {
            int offender = bench.put(layer.bytes());
            Icmpv4Errors errors = bench.icmp.errors4();
            errors.timeExceeded(offender, TestAddresses.INSIDE, bench.nowNs);
            errors.reassemblyTimeExceeded(offender, TestAddresses.INSIDE, bench.nowNs);
            for (int code : new int[] {0, 1, 2, 3, 5, 9, 10, 13}) {
                errors.unreachable(offender, code, TestAddresses.INSIDE, bench.nowNs);
            }
            errors.fragmentationNeeded(offender, 1280, TestAddresses.INSIDE, bench.nowNs);
            errors.parameterProblem(offender, 20, TestAddresses.INSIDE, bench.nowNs);
            errors.redirect(offender, 0x0a000007, TestAddresses.INSIDE, bench.nowNs);
            errors.routeError(offender, IcmpType.NET_UNREACHABLE, TestAddresses.INSIDE, bench.nowNs);
            bench.forget(offender);
        }
        take();
    }

    private void makeErrors6() {
        for (Layer layer : List.of(ip6().udp(1, 2).payloadOf(20), ip6().udp(1, 2).payloadOf(1400),
                ip6().tcp(1, 2).syn())) {
            int offender = bench.put(layer.bytes());
            Icmpv6Errors errors = bench.icmp.errors6();
            errors.timeExceeded(offender, TestAddresses.INSIDE, bench.nowNs);
            for (int code = 0; code <= 6; code++) {
                errors.unreachable(offender, code, TestAddresses.INSIDE, bench.nowNs);
            }
            errors.packetTooBig(offender, 1280, TestAddresses.INSIDE, bench.nowNs);
            errors.parameterProblem(offender, Icmpv6Type.UNKNOWN_NEXT_HEADER, 6, TestAddresses.INSIDE, bench.nowNs);
            errors.redirect(offender, 0xfe80L << 48, 7, 0x0200000000a7L, TestAddresses.INSIDE, bench.nowNs);
            bench.forget(offender);
        }
        take();
    }

    private void makeAnswers() {
        Ipv4Layer local = Frame.ethernet(IcmpBench.INSIDE_HOST, IcmpBench.INSIDE_PORT).ipv4("10.0.0.2", "10.0.0.1");
        Ipv6Layer local6 = Frame.ethernet(IcmpBench.INSIDE_HOST, IcmpBench.INSIDE_PORT).ipv6("fd00::2", "fd00::1");
        for (Layer layer : List.of(local.icmpEchoRequest(1, 2).payloadOf(50),
                local.icmpEchoRequest(0, 0).payload(new byte[40]), local.icmp(13, 0).payloadOf(12),
                local.tcp(1, 2).syn().mss(1460), local.tcp(1, 2).ack().payloadOf(9),
                local6.icmpv6EchoRequest(1, 2).payloadOf(50), local6.tcp(1, 2).syn(), local6.tcp(1, 2).ack(),
                local6.hopByHop().routerAlert(0).icmpv6EchoRequest(1, 2).payloadOf(3))) {
            made.addAll(bench.deliver(layer.bytes()));
        }
        assertThat(made.size()).isGreaterThan(60);
    }

    private void makePieces() {
        int packet = bench.put(ip().options(Hex.parse("07070400000000 00")).udp(1, 2).payloadOf(1000).bytes());
        new Ipv4Fragmenter(bench.packets.pool, bench.packets.ledger).fragment(packet, 300, piece -> {
            made.add(bench.packets.network(piece));
            bench.packets.sent(piece);
        });
    }

    private void take() {
        made.addAll(bench.sent);
        bench.sent.clear();
    }

    private static byte[] framed(byte[] packet) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(Hex.parse("0200000000a1 020000000001"));
        frame.writeBytes(packet[0] >>> 4 == 4 ? Hex.parse("0800") : Hex.parse("86dd"));
        frame.writeBytes(packet);
        return frame.toByteArray();
    }

    private static Ipv4Layer ip() {
        return Frame.ethernet(IcmpBench.INSIDE_HOST, IcmpBench.INSIDE_PORT).ipv4("10.0.0.2", "10.0.2.2");
    }

    private static Ipv6Layer ip6() {
        return Frame.ethernet(IcmpBench.INSIDE_HOST, IcmpBench.INSIDE_PORT).ipv6("fd00::2", "fd00:0:0:5::2");
    }
}
