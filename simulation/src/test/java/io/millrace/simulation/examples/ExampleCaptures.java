package io.millrace.simulation.examples;

import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.EthernetLayer;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The captures under `examples/captures`, as the code that makes them: a home network on one side of a router, the
/// Internet on the other, ten seconds of it. Run its `main` with the folder to write them anew.
final class ExampleCaptures {

    private static final String LAN_ROUTER = "02:00:00:00:00:01";
    private static final String LAN_HOST = "02:00:00:00:01:10";
    private static final String WAN_ROUTER = "02:00:00:00:00:02";
    private static final String WAN_GATEWAY = "02:00:00:00:00:fe";
    private static final String HOST_4 = "192.168.1.10";
    private static final String HOST_6 = "fd00:1::10";
    private static final String WEB_4 = "198.51.100.80";
    private static final String WEB_6 = "2001:db8:80::80";
    private static final long START_NS = 1_767_225_600_000_000_000L;   // 2026-01-01 00:00:00 UTC
    private static final long MS = 1_000_000L;

    private final List<CapturedFrame> lan = new ArrayList<>();
    private final List<CapturedFrame> wan = new ArrayList<>();
    private final List<CapturedFrame> tagged = new ArrayList<>();
    private final List<CapturedFrame> bulk = new ArrayList<>();
    private long timeNs = START_NS;

    private ExampleCaptures() {
        resolveRouter();
        lookUpName();
        fetchPage();
        fetchPage6();
        pingAndTrace();
        strayFromTheWay();
        talkOnVlans();
        uploadInTrains();
    }

    static void write(Path folder) {
        var captures = new ExampleCaptures();
        CaptureFile.write(folder.resolve("lan.pcap"), captures.lan);
        CaptureFile.write(folder.resolve("wan.pcap"), captures.wan);
        CaptureFile.write(folder.resolve("trunk.pcap"), captures.tagged);
        CaptureFile.write(folder.resolve("bulk.pcap"), captures.bulk);
        ConversationCaptures.write(folder);
        PppoeCaptures.write(folder);
    }

    public static void main(String[] arguments) {
        write(Path.of(arguments[0]));
    }

    private void resolveRouter() {
        fromLan(Frame.ethernet(LAN_HOST, "ff:ff:ff:ff:ff:ff").arpRequest(LAN_HOST, HOST_4, "192.168.1.1"));
        fromLan(Frame.ethernet(LAN_HOST, "33:33:ff:00:00:01").ipv6(HOST_6, "ff02::1:ff00:1").hopLimit(255)
            .neighbourSolicitation("fd00:1::1").sourceLinkLayer(LAN_HOST));
    }

    private void lookUpName() {
        for (int i = 0; i < 8; i++) {
            fromLan(toRouter().ipv4(HOST_4, "198.51.100.53").identification(100 + i).udp(40_000 + i, 53).payloadOf(30));
            fromWan(toWanRouter().ipv4("198.51.100.53", HOST_4).identification(i).udp(53, 40_000 + i).payloadOf(120));
        }
    }

    private void fetchPage() {
        int requestBytes = 180;
        fromLan(toRouter().ipv4(HOST_4, WEB_4).dontFragment().tcp(50_000, 80).sequence(1000).syn().mss(1460));
        fromWan(toWanRouter().ipv4(WEB_4, HOST_4).dontFragment().tcp(80, 50_000).sequence(9000).acknowledgement(1001)
            .syn().mss(1460));
        fromLan(toRouter().ipv4(HOST_4, WEB_4).dontFragment().tcp(50_000, 80).sequence(1001).acknowledgement(9001)
            .psh().payloadOf(requestBytes));
        for (int i = 0; i < 40; i++) {
            fromWan(toWanRouter().ipv4(WEB_4, HOST_4).dontFragment().identification(i).tcp(80, 50_000)
                .sequence(9001 + 1460L * i).acknowledgement(1001 + requestBytes).payloadOf(1460));
            fromLan(toRouter().ipv4(HOST_4, WEB_4).dontFragment().tcp(50_000, 80).sequence(1001 + requestBytes)
                .acknowledgement(9001 + 1460L * (i + 1)));
        }
        fromLan(toRouter().ipv4(HOST_4, WEB_4).dontFragment().tcp(50_000, 80).sequence(1001 + requestBytes)
            .acknowledgement(9001 + 1460 * 40).fin());
    }

    private void fetchPage6() {
        for (int i = 0; i < 20; i++) {
            fromLan(toRouter().ipv6(HOST_6, WEB_6).flowLabel(0x12345).tcp(50_001, 443).sequence(1)
                .acknowledgement(1 + 1440L * i));
            fromWan(toWanRouter().ipv6(WEB_6, HOST_6).flowLabel(0x54321).tcp(443, 50_001).sequence(1 + 1440L * i)
                .acknowledgement(1).payloadOf(1440));
        }
    }

    private void pingAndTrace() {
        for (int i = 1; i <= 3; i++) {
            fromLan(toRouter().ipv4(HOST_4, "192.168.1.1").icmpEchoRequest(7, i).payloadOf(56));
            fromLan(toRouter().ipv6(HOST_6, "fd00:1::1").icmpv6EchoRequest(7, i).payloadOf(56));
        }
        fromLan(toRouter().ipv4(HOST_4, WEB_4).ttl(1).udp(33_434, 33_434).payloadOf(24));
        fromLan(toRouter().ipv6(HOST_6, WEB_6).hopLimit(1).udp(33_434, 33_434).payloadOf(24));
        fromLan(toRouter().ipv4(HOST_4, WEB_4).ttl(2).udp(33_434, 33_435).payloadOf(24));
    }

    /// What a router meets that is not simply forwarded.
    private void strayFromTheWay() {
        fromLan(toRouter().ipv4(HOST_4, "10.9.1.1").udp(5000, 5000).payloadOf(10));
        fromLan(toRouter().ipv4(HOST_4, "100.64.7.7").udp(5000, 5000).payloadOf(10));
        fromLan(toRouter().ipv4("127.0.0.1", WEB_4).udp(5000, 5000).payloadOf(10));
        fromLan(toRouter().ipv4(HOST_4, WEB_4).checksum(0xbad).udp(5000, 5000).payloadOf(10));
        fromLan(toRouter().ipv4(HOST_4, "192.168.1.99").udp(5000, 5000).payloadOf(10));
        fromLan(toRouter().ipv4(HOST_4, "198.51.100.99").udp(5000, 9).payloadOf(2000));
        fromLan(Frame.ethernet(LAN_HOST, "02:00:00:00:01:11").ipv4(HOST_4, "192.168.1.11").udp(1, 1).payloadOf(10));
        fromLan(Frame.ethernet(LAN_HOST, "ff:ff:ff:ff:ff:ff").etherType(0x88b5).payloadOf(40));
    }

    private void talkOnVlans() {
        timeNs = START_NS;
        for (int i = 0; i < 10; i++) {
            tagged.add(next(Frame.ethernet("02:00:00:00:10:05", LAN_ROUTER).vlan(10).ipv4("192.0.2.5", "203.0.113.77")
                .udp(6000 + i, 53).payloadOf(40)));
            tagged.add(next(Frame.ethernet("02:00:00:00:20:05", LAN_ROUTER).vlan(20).ipv4("192.0.2.133", "192.0.2.5")
                .udp(6000 + i, 53).payloadOf(40)));
            tagged.add(next(Frame.ethernet("02:00:00:00:30:05", LAN_ROUTER).serviceVlan(100).vlan(30)
                .ipv6("2001:db8:30::5", "2001:db8:10::5").udp(6000 + i, 53).payloadOf(40)));
        }
        tagged.add(next(Frame.ethernet("02:00:00:00:10:05", LAN_ROUTER).vlan(40).ipv4("192.0.2.5", "203.0.113.77")
            .udp(6000, 53).payloadOf(40)));
    }

    /// Three uploads whose segments come in trains, a microsecond from one to the next, as from a host that segments.
    private void uploadInTrains() {
        long[] sequences = {1, 1, 1};
        for (int train = 0; train < 8; train++) {
            timeNs = START_NS + train * 10 * MS;
            for (int i = 0; i < 18; i++) {
                int host = i % 3;
                timeNs += 1_000;
                bulk.add(CapturedFrame.of(timeNs, toRouter().ipv4(HOST_4, WEB_4).dontFragment()
                    .identification((int) (sequences[host] / 500)).tcp(51_000 + host, 443)
                    .sequence(sequences[host]).acknowledgement(1).payloadOf(500).bytes()));
                sequences[host] += 500;
            }
        }
    }

    private static EthernetLayer toRouter() {
        return Frame.ethernet(LAN_HOST, LAN_ROUTER);
    }

    private static EthernetLayer toWanRouter() {
        return Frame.ethernet(WAN_GATEWAY, WAN_ROUTER);
    }

    private void fromLan(Layer frame) {
        lan.add(next(frame));
    }

    private void fromWan(Layer frame) {
        wan.add(next(frame));
    }

    private CapturedFrame next(Layer frame) {
        timeNs += 20 * MS;
        return CapturedFrame.of(timeNs, frame.bytes());
    }
}
