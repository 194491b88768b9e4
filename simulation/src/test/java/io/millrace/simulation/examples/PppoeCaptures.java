package io.millrace.simulation.examples;

import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Ipv4Layer;
import io.millrace.testkit.Layer;
import io.millrace.testkit.TcpLayer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A home network behind a line that speaks PPPoE on VLAN 7: what the home sends, and what comes down the line. Written
/// like the captures of [ExampleCaptures].
final class PppoeCaptures {

    private static final String HOST = "192.168.1.10";
    private static final String PUBLIC = "203.0.113.1";
    private static final String WEB = "198.51.100.80";
    private static final String NAMES = "198.51.100.53";
    private static final int VLAN = 7;
    private static final int SESSION = 0x11;
    /// What PPPoE, IP and TCP leave of 1,500 bytes.
    private static final int SEGMENT_BYTES = 1_452;
    private static final long START_NS = 1_767_225_600_000_000_000L;   // 2026-01-01 00:00:00 UTC
    private static final long MS = 1_000_000L;

    private final List<CapturedFrame> home = new ArrayList<>();
    private final List<CapturedFrame> line = new ArrayList<>();
    private long timeNs = START_NS;

    private PppoeCaptures() {
        lookUpNames();
        fetchPage();
        home(fromHost(WEB).dontFragment().udp(41_000, 443).payloadOf(1_472));   // 8 bytes too many for the session
        line(fromLine("198.51.100.7").tcp(51_000, 22).sequence(1).syn());       // a visitor whom nobody asked
    }

    static void write(Path folder) {
        var captures = new PppoeCaptures();
        CaptureFile.write(folder.resolve("dsl-home.pcap"), captures.home);
        CaptureFile.write(folder.resolve("dsl-line.pcap"), captures.line);
    }

    private void lookUpNames() {
        for (int i = 0; i < 4; i++) {
            home(fromHost(NAMES).identification(i).udp(40_000 + i, 53).payloadOf(30));
            line(fromLine(NAMES).identification(i).udp(53, 40_000 + i).payloadOf(120));
        }
    }

    private void fetchPage() {
        home(hostTcp(1000).syn().mss(1460));
        line(webTcp(9000, 1001).syn().mss(1460));
        home(hostTcp(1001).acknowledgement(9001));
        home(hostTcp(1001).acknowledgement(9001).psh().payloadOf(180));
        long end = 9001;
        for (int i = 0; i < 50; i++) {
            line(webTcp(end, 1181).payloadOf(SEGMENT_BYTES));
            end += SEGMENT_BYTES;
            if (i % 2 == 1) home(hostTcp(1181).acknowledgement(end));
        }
        line(webTcp(end, 1181).fin());
        home(hostTcp(1181).acknowledgement(end + 1).fin());
        line(webTcp(end + 1, 1182));
    }

    private static TcpLayer hostTcp(long sequence) {
        return fromHost(WEB).dontFragment().tcp(50_000, 80).window(64_000).sequence(sequence);
    }

    private static TcpLayer webTcp(long sequence, long acknowledgement) {
        return fromLine(WEB).dontFragment().tcp(80, 50_000).window(64_000).sequence(sequence)
            .acknowledgement(acknowledgement);
    }

    private static Ipv4Layer fromHost(String target) {
        return Frame.ethernet("02:00:00:00:01:10", "02:00:00:00:00:01").ipv4(HOST, target);
    }

    private static Ipv4Layer fromLine(String source) {
        return Frame.ethernet("02:00:00:00:00:fe", "02:00:00:00:00:02").vlan(VLAN).pppoe(SESSION).ipv4(source, PUBLIC);
    }

    private void home(Layer frame) { home.add(next(frame)); }
    private void line(Layer frame) { line.add(next(frame)); }

    private CapturedFrame next(Layer frame) {
        timeNs += 20 * MS;
        return CapturedFrame.of(timeNs, frame.bytes());
    }
}
