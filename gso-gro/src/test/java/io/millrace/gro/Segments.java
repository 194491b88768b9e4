package io.millrace.gro;

import io.millrace.testkit.Frame;
import io.millrace.testkit.Ipv4Layer;
import io.millrace.testkit.Ipv6Layer;
import io.millrace.testkit.Layer;
import io.millrace.testkit.TcpLayer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// A TCP connection in one direction, segment by segment: sequence numbers follow the payload, IPv4 ids count up, DF is
/// set. What a test wants otherwise it says for the segment at hand.
final class Segments {

    static final String SOURCE_MAC = "02:00:00:00:00:02";
    static final String TARGET_MAC = "02:00:00:00:00:01";

    private final List<byte[]> frames = new ArrayList<>();
    private final int sourcePort;
    private Function<Layer, Layer> around = layer -> layer;
    private long sequence = 1000;
    private int id = 1;

    Segments() {
        this(1111);
    }

    Segments(int sourcePort) {
        this.sourcePort = sourcePort;
    }

    static Layer ethernet() {
        return Frame.ethernet(SOURCE_MAC, TARGET_MAC);
    }

    /// Layers between Ethernet and the IP header of the connection, for the segments that follow.
    Segments in(Function<Layer, Layer> layers) {
        around = layers;
        return this;
    }

    Segments data(int payloadBytes) {
        return data(payloadBytes, ip -> { }, tcp -> { });
    }

    Segments data(int... payloadBytes) {
        for (int bytes : payloadBytes) data(bytes);
        return this;
    }

    /// Segments of 100 bytes with these ids.
    Segments ids(boolean dontFragment, int... ids) {
        for (int wanted : ids) {
            add(100, around.apply(ethernet()).then(outer -> ipv4(outer, wanted, dontFragment)), tcp -> { });
        }
        return this;
    }

    Segments tcp(int payloadBytes, Consumer<TcpLayer> change) {
        return data(payloadBytes, ip -> { }, change);
    }

    Segments ip(int payloadBytes, Consumer<Ipv4Layer> change) {
        return data(payloadBytes, change, tcp -> { });
    }

    Segments data(int payloadBytes, Consumer<Ipv4Layer> ip, Consumer<TcpLayer> tcp) {
        Ipv4Layer header = ipv4(around.apply(ethernet()), id++, true);
        ip.accept(header);
        return add(payloadBytes, header, tcp);
    }

    Segments data6(int payloadBytes, Consumer<Ipv6Layer> ip, Function<Layer, Layer> extensions) {
        Ipv6Layer header = around.apply(ethernet()).ipv6("fd00::1", "fd00::2").hopLimit(64);
        ip.accept(header);
        return add(payloadBytes, extensions.apply(header), tcp -> { });
    }

    Segments data6(int... payloadBytes) {
        for (int bytes : payloadBytes) data6(bytes, ip -> { }, layer -> layer);
        return this;
    }

    /// A frame of another kind, in between.
    Segments then(byte[] frame) {
        frames.add(frame);
        return this;
    }

    Segments skip(int byteCount) {
        sequence += byteCount;
        return this;
    }

    List<byte[]> frames() {
        return frames;
    }

    private Segments add(int payloadBytes, Layer ip, Consumer<TcpLayer> change) {
        TcpLayer tcp = ip.tcp(sourcePort, 2222).sequence(sequence & 0xffffffffL).window(1000).acknowledgement(1);
        change.accept(tcp);
        frames.add(tcp.payloadOf(payloadBytes).bytes());
        sequence += payloadBytes;
        return this;
    }

    private static Ipv4Layer ipv4(Layer outer, int id, boolean dontFragment) {
        Ipv4Layer header = outer.ipv4("10.0.0.1", "10.0.0.2").ttl(64).identification(id & 0xffff);
        return dontFragment ? header.dontFragment() : header;
    }
}
