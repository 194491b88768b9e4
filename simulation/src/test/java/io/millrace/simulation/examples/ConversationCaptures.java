package io.millrace.simulation.examples;

import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.EthernetLayer;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.TcpLayer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Captures of whole conversations through a gateway, as both of its sides see them: what a home network sends, and
/// what the Internet sends back to the gateway's one address. Written like those of [ExampleCaptures].
final class ConversationCaptures {

    private static final String ROUTER = "02:00:00:00:00:01";
    private static final String HOST_MAC = "02:00:00:00:01:10";
    private static final String SERVER_MAC = "02:00:00:00:01:20";
    private static final String WAN_ROUTER = "02:00:00:00:00:02";
    private static final String GATEWAY = "02:00:00:00:00:fe";
    private static final String HOST = "192.168.1.10";
    private static final String SERVER = "192.168.1.20";
    private static final String PUBLIC = "203.0.113.1";
    private static final String WEB = "198.51.100.80";
    private static final String VISITOR = "198.51.100.7";
    private static final String HOST_6 = "fd00:1::10";
    private static final String WEB_6 = "2001:db8:80::80";
    private static final int SEGMENT_BYTES = 1200;
    private static final long START_NS = 1_767_225_600_000_000_000L;   // 2026-01-01 00:00:00 UTC
    private static final long MS = 1_000_000L;

    private final List<CapturedFrame> home = new ArrayList<>();
    private final List<CapturedFrame> internet = new ArrayList<>();
    private final List<CapturedFrame> home6 = new ArrayList<>();
    private final List<CapturedFrame> internet6 = new ArrayList<>();
    private long timeNs = START_NS;

    private ConversationCaptures() {
        lookUpNames();
        fetchPage();
        pingAndTrace();
        receiveVisitor();
        timeNs = START_NS;
        fetchPage6();
        knockAndEnter6();
    }

    static void write(Path folder) {
        var captures = new ConversationCaptures();
        CaptureFile.write(folder.resolve("home.pcap"), captures.home);
        CaptureFile.write(folder.resolve("internet.pcap"), captures.internet);
        CaptureFile.write(folder.resolve("home6.pcap"), captures.home6);
        CaptureFile.write(folder.resolve("internet6.pcap"), captures.internet6);
    }

    private void lookUpNames() {
        for (int i = 0; i < 4; i++) {
            lan(fromHost().ipv4(HOST, "198.51.100.53").identification(i).udp(40_000 + i, 53).payloadOf(30));
            wan(fromGateway().ipv4("198.51.100.53", PUBLIC).identification(i).udp(53, 40_000 + i).payloadOf(120));
        }
    }

    private void fetchPage() {
        lan(hostTcp(1000).syn().mss(1460));
        wan(webTcp(9000, 1001).syn().mss(1460));
        lan(hostTcp(1001).acknowledgement(9001));
        lan(hostTcp(1001).acknowledgement(9001).psh().payloadOf(180));
        for (int i = 0; i < 60; i++) {
            wan(webTcp(9001 + (long) SEGMENT_BYTES * i, 1181).payloadOf(SEGMENT_BYTES));
            if (i % 2 == 1) lan(hostTcp(1181).acknowledgement(9001 + SEGMENT_BYTES * (i + 1L)));
        }
        long end = 9001 + SEGMENT_BYTES * 60L;
        wan(webTcp(end, 1181).fin());
        lan(hostTcp(1181).acknowledgement(end + 1).fin());
        wan(webTcp(end + 1, 1182));
    }

    private void pingAndTrace() {
        for (int i = 1; i <= 3; i++) {
            lan(fromHost().ipv4(HOST, WEB).icmpEchoRequest(7, i).payloadOf(56));
            wan(fromGateway().ipv4(WEB, PUBLIC).icmpEchoReply(7, i).payloadOf(56));
        }
        lan(fromHost().ipv4(HOST, WEB).ttl(2).udp(33_434, 33_435).payloadOf(24));
        byte[] asItLeft = Frame.ethernet(WAN_ROUTER, GATEWAY).ipv4(PUBLIC, WEB).ttl(1).udp(33_434, 33_435).payloadOf(24)
            .bytes();
        wan(fromGateway().ipv4("203.0.113.254", PUBLIC).icmp(11, 0).quote(Frame.packetIn(asItLeft)));
    }

    /// Somebody outside asks for the web server of the house.
    private void receiveVisitor() {
        wan(fromGateway().ipv4(VISITOR, PUBLIC).dontFragment().tcp(51_000, 8080).sequence(500).syn().mss(1460));
        lan(serverTcp(7000, 501).syn().mss(1460));
        wan(fromGateway().ipv4(VISITOR, PUBLIC).dontFragment().tcp(51_000, 8080).sequence(501).acknowledgement(7001)
            .psh().payloadOf(90));
        for (int i = 0; i < 5; i++) lan(serverTcp(7001 + 1000L * i, 591).payloadOf(1000));
        wan(fromGateway().ipv4(VISITOR, PUBLIC).dontFragment().tcp(51_000, 8080).sequence(591).acknowledgement(12_001)
            .rst());
        // And somebody for what is not there.
        wan(fromGateway().ipv4(VISITOR, HOST).udp(4444, 4444).payloadOf(10));
    }

    private void fetchPage6() {
        lan6(fromHost().ipv6(HOST_6, WEB_6).tcp(50_001, 443).sequence(1).syn());
        wan6(fromGateway().ipv6(WEB_6, HOST_6).tcp(443, 50_001).sequence(1).acknowledgement(2).syn());
        for (int i = 0; i < 20; i++) {
            lan6(fromHost().ipv6(HOST_6, WEB_6).tcp(50_001, 443).sequence(2).acknowledgement(2 + 1400L * i));
            wan6(fromGateway().ipv6(WEB_6, HOST_6).tcp(443, 50_001).sequence(2 + 1400L * i).acknowledgement(2)
                .payloadOf(1400));
        }
        lan6(fromHost().ipv6(HOST_6, WEB_6).udp(40_000, 53).payloadOf(40));
        wan6(fromGateway().ipv6(WEB_6, HOST_6).udp(53, 40_000).payloadOf(200));
    }

    private void knockAndEnter6() {
        for (int port = 22; port <= 25; port++) {
            wan6(fromGateway().ipv6("2001:db8:80::7", HOST_6).tcp(51_000 + port, port).sequence(9).syn());
        }
        lan6(fromHost().ipv6(HOST_6, "2001:db8:80::7").tcp(22, 51_022).sequence(70).acknowledgement(10).syn());
        wan6(fromGateway().ipv6(WEB_6, HOST_6).icmpv6EchoRequest(3, 1).payloadOf(8));
    }

    private static TcpLayer hostTcp(long sequence) {
        return fromHost().ipv4(HOST, WEB).dontFragment().tcp(50_000, 80).window(64_000).sequence(sequence);
    }

    private static TcpLayer webTcp(long sequence, long acknowledgement) {
        return fromGateway().ipv4(WEB, PUBLIC).dontFragment().tcp(80, 50_000).window(64_000).sequence(sequence)
            .acknowledgement(acknowledgement);
    }

    private static TcpLayer serverTcp(long sequence, long acknowledgement) {
        return Frame.ethernet(SERVER_MAC, ROUTER).ipv4(SERVER, VISITOR).dontFragment().tcp(80, 51_000).window(64_000)
            .sequence(sequence).acknowledgement(acknowledgement);
    }

    private static EthernetLayer fromHost() {
        return Frame.ethernet(HOST_MAC, ROUTER);
    }

    private static EthernetLayer fromGateway() {
        return Frame.ethernet(GATEWAY, WAN_ROUTER);
    }

    private void lan(Layer frame)  { home.add(next(frame)); }
    private void wan(Layer frame)  { internet.add(next(frame)); }
    private void lan6(Layer frame) { home6.add(next(frame)); }
    private void wan6(Layer frame) { internet6.add(next(frame)); }

    private CapturedFrame next(Layer frame) {
        timeNs += 20 * MS;
        return CapturedFrame.of(timeNs, frame.bytes());
    }
}
