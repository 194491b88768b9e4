package io.millrace.simulation.kernel;

import io.millrace.testkit.Seeds;
import io.millrace.testkit.TcpLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;
import java.util.Random;

import static io.millrace.simulation.firewall.FirewallScene.HOST;
import static io.millrace.simulation.firewall.FirewallScene.PUBLIC;
import static io.millrace.simulation.firewall.FirewallScene.SERVER;
import static io.millrace.simulation.firewall.FirewallScene.fromGateway;
import static io.millrace.simulation.firewall.FirewallScene.fromHost;

/// The states of TCP connections and the timeouts of UDP ones, held against the kernel: what a rule sees of them shows
/// in the DSCP that it gives the packet.
class TcpKernelTest {

    private static final String PREFIX = "net.netfilter.nf_conntrack_";
    private static final String SEEN = """
        table ip filter {
            chain forward { type filter hook forward priority 0;
                ct state invalid ip dscp set 1
                ct state new ip dscp set 2
                ct state established ct direction original ip dscp set 3
                ct state established ct direction reply ip dscp set 4
                ct state established ct status assured ip dscp set 5
                ct state related ip dscp set 6
            }
        }
        """;
    private static final String MASQUERADED = SEEN + """
        table ip nat {
            chain post { type nat hook postrouting priority srcnat; oifname "wan" masquerade; }
        }
        """;

    private static TcpLayer host(long sequence) {
        return fromHost().ipv4(HOST, SERVER).tcp(1000, 80).window(500).sequence(sequence);
    }

    private static TcpLayer server(long sequence) {
        return fromGateway().ipv4(SERVER, HOST).tcp(80, 1000).window(500).sequence(sequence);
    }

    private static void open(Duel duel) {
        duel.lan(host(100).syn());
        duel.wan(server(200).syn().acknowledgement(101));
        duel.lan(host(101).acknowledgement(201));
    }

    @Test
    void packetsOutOfTheWindow() {
        try (Duel duel = new Duel(SEEN)) {
            open(duel);
            duel.lan(host(101 + 500).acknowledgement(201).payloadOf(10));
            duel.lan(host(101 + 490).acknowledgement(201).payloadOf(10));
            duel.lan(host(101).acknowledgement(5000));
            duel.wan(server(201 - 600 & 0xffff_ffffL).acknowledgement(101).payloadOf(5));
            duel.wan(server(201).acknowledgement(101 + 500).payloadOf(5));
            duel.wan(server(0x7000_0000L).acknowledgement(101));
            duel.lan(host(101).acknowledgement(201).payloadOf(5));
        }
    }

    @Test
    void resetsInAndOutOfTheWindow() {
        for (long sequence : new long[] {101, 150, 600, 601, 700, 50, 0, 99, 0x8000_0000L}) {
            try (Duel duel = new Duel(SEEN)) {
                open(duel);
                duel.wan(server(201).acknowledgement(101).payloadOf(7));
                duel.lan(host(sequence).rst());
                duel.lan(host(101).acknowledgement(208).payloadOf(5));
                duel.wan(server(208).acknowledgement(106));
                duel.lan(host(101).syn());
            }
        }
    }

    @Test
    void opensFromBothSidesAtOnceAndAnew() {
        try (Duel duel = new Duel(SEEN)) {
            duel.lan(host(100).syn());
            duel.wan(server(200).syn());
            duel.lan(host(100).syn().acknowledgement(201));
            duel.wan(server(200).syn().acknowledgement(101));
            duel.lan(host(101).acknowledgement(201).payloadOf(5));
            duel.lan(host(106).acknowledgement(201).fin());
            duel.wan(server(201).acknowledgement(107).fin());
            duel.lan(host(107).acknowledgement(202));
            duel.lan(host(9000).syn());   // while TIME_WAIT lasts
            duel.wan(server(8000).syn().acknowledgement(9001));
            duel.lan(host(9001).acknowledgement(8001));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "0, 0", "1, 1"})
    void picksUpWhatItDidNotSeeBegin(int loose, int liberal) {
        try (Duel duel = new Duel(SEEN, Map.of(PREFIX + "tcp_loose", "" + loose,
            PREFIX + "tcp_be_liberal", "" + liberal))) {
            duel.lan(host(5000).acknowledgement(7000).payloadOf(10));
            duel.wan(server(7000).acknowledgement(5010).payloadOf(10));
            duel.lan(host(5010).acknowledgement(7010).payloadOf(10));
            duel.lan(host(90000).acknowledgement(7010).payloadOf(10));
            duel.wan(server(1).acknowledgement(90000).payloadOf(10));
            duel.lan(fromHost().ipv4(HOST, SERVER).tcp(1001, 80).syn().acknowledgement(5));
            duel.lan(fromHost().ipv4(HOST, SERVER).tcp(1002, 80).fin());
            duel.lan(fromHost().ipv4(HOST, SERVER).tcp(1003, 80).rst());
            duel.lan(fromHost().ipv4(HOST, SERVER).tcp(1004, 80).fin().syn());
        }
    }

    @Test
    void timeoutsOfUdp() {
        try (Duel duel = new Duel(SEEN, Map.of(PREFIX + "udp_timeout", "1", PREFIX + "udp_timeout_stream", "3"))) {
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(1, 2));
            duel.pass(2);
            duel.wan(fromGateway().ipv4(SERVER, HOST).udp(2, 1));
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(1, 2));
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(1, 2));
        }
    }

    /// Two seconds after it began, an answered one is a stream, and assured.
    @Test
    void streamsOfUdpLiveLonger() {
        try (Duel duel = new Duel(SEEN, Map.of(PREFIX + "udp_timeout", "4", PREFIX + "udp_timeout_stream", "7"))) {
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(1, 2));
            duel.wan(fromGateway().ipv4(SERVER, HOST).udp(2, 1));
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(1, 2));
            duel.pass(3).lan(fromHost().ipv4(HOST, SERVER).udp(1, 2));
            duel.pass(5).wan(fromGateway().ipv4(SERVER, HOST).udp(2, 1));
            duel.lan(fromHost().ipv4(HOST, SERVER).udp(1, 2));
            duel.pass(8).wan(fromGateway().ipv4(SERVER, HOST).udp(2, 1));
            duel.wan(fromGateway().ipv4(SERVER, HOST).udp(2, 1));
        }
    }

    /// Segments of a few kinds at a few places, with and without translation.
    @ParameterizedTest
    @CsvSource({"false, 0", "true, 0", "false, 1"})
    void anySegmentsInAnyOrder(boolean isMasqueraded, int liberal) {
        long seed = Seeds.next();
        Random random = new Random(seed);
        String back = isMasqueraded ? PUBLIC : HOST;
        try (Duel duel = new Duel(isMasqueraded ? MASQUERADED : SEEN, Map.of(PREFIX + "tcp_be_liberal", "" + liberal))) {
            for (int i = 0; i < 1_500; i++) {
                int port = 1000 + i / 60;   // a new connection now and then, so that a failure is short
                long near = random.nextInt(3) * 100 + random.nextInt(4);
                long hostSequence = 1_000 + near;
                long serverSequence = 9_000 + random.nextInt(3) * 100 + random.nextInt(4);
                boolean isFromHost = random.nextInt(5) < 3;
                TcpLayer tcp = isFromHost
                    ? fromHost().ipv4(HOST, SERVER).tcp(port, 80).sequence(hostSequence)
                    : fromGateway().ipv4(SERVER, back).tcp(80, port).sequence(serverSequence);
                tcp.window(random.nextInt(3) == 0 ? random.nextInt(300) : 2_000);
                int kind = random.nextInt(10);
                if (kind < 3) tcp.syn();
                if (kind == 3) tcp.fin();
                if (kind == 4) tcp.rst();
                if (kind != 0 && kind != 1) tcp.acknowledgement(isFromHost ? serverSequence : hostSequence);
                byte[] frame = random.nextInt(3) == 0 ? tcp.payloadOf(random.nextInt(120)).bytes() : tcp.bytes();
                duel.send(isFromHost ? "lan" : "wan", frame);
            }
        }
    }
}
