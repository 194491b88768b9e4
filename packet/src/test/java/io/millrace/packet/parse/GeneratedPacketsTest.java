package io.millrace.packet.parse;

import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.BeforeContainer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/// Host and device agree on packets put together of protocol headers in any order that a builder can make, whole, cut
/// and with a byte changed.
class GeneratedPacketsTest {

    private static Map<ShippedGraph, TwoParsers> parsers;

    @BeforeContainer
    static void compile() {
        parsers = Arrays.stream(ShippedGraph.values())
            .collect(Collectors.toMap(graph -> graph, graph -> new TwoParsers(graph.load())));
    }

    @Property(tries = 2_000)
    void agree(@ForAll("packets") byte[] packet, @ForAll int cut, @ForAll int place, @ForAll byte value) {
        byte[] changed = packet.clone();
        changed[Math.floorMod(place, changed.length)] = value;
        for (TwoParsers each : parsers.values()) {
            each.parse(packet, 1);
            each.parse(Arrays.copyOf(packet, Math.floorMod(cut, packet.length + 1)), 1);
            each.parse(changed, 1);
        }
    }

    /// The default graph has a node for every header that the builder makes here.
    @Property(tries = 1_000)
    void defaultGraphUnderstands(@ForAll("packets") byte[] packet) {
        int outcome = parsers.get(ShippedGraph.DEFAULT).parse(packet, 1);
        assertThat(ParseOutcome.result(outcome))
            .isIn(ParseResult.OKAY, ParseResult.MAX_ENCAPS, ParseResult.MAX_HEADER_BYTES);
    }

    @Provide
    Arbitrary<byte[]> packets() {
        Arbitrary<UnaryOperator<Layer>> tag = Arbitraries.of(List.of(
            layer -> layer, layer -> layer.vlan(10), layer -> layer.serviceVlan(20).vlan(30), layer -> layer.pppoe(7),
            layer -> layer.mpls(99), layer -> layer.vlan(5).mpls(17).mpls(18)));
        Arbitrary<UnaryOperator<Layer>> network = Arbitraries.of(List.of(
            GeneratedPacketsTest::v4, GeneratedPacketsTest::v6, layer -> v6(layer).hopByHop(),
            layer -> v6(layer).destinationOptions(), layer -> v6(layer).segmentRouting(1, "2001:db8::7", "2001:db8::8"),
            layer -> v6(layer).fragment(1, 0, true), layer -> v6(layer).authentication(3, 4)));
        Arbitrary<UnaryOperator<Layer>> tunnel = network.flatMap(inner -> Arbitraries.of(List.of(
            outer -> inner.apply(v4(outer)), outer -> inner.apply(v6(outer)), outer ->
                inner.apply(v4(outer).gre().key(9)),
            outer -> inner.apply(v4(outer).udp(1, 4789).vxlan(7).ethernet("02:00:00:00:00:03", "02:00:00:00:00:04")),
            outer -> inner.apply(v6(outer).udp(1, 6081).geneve(8).option(0x102, 0x80, new byte[8])),
            outer -> inner.apply(v4(outer).udp(1, 2152).gtpu(11).sequence(3)))));
        Arbitrary<UnaryOperator<Layer>> transport = Arbitraries.of(List.of(
            layer -> layer.tcp(1, 2), layer -> layer.udp(1000, 2000), layer -> layer.udpLite(1, 2), layer ->
                layer.sctp(1, 2),
            layer -> layer.esp(5, 6)));
        Arbitrary<List<UnaryOperator<Layer>>> tunnels = tunnel.list().ofMaxSize(2);
        return tag.flatMap(t -> tunnels.flatMap(ts -> network.flatMap(n -> transport.flatMap(last ->
            Arbitraries.integers().between(0, 60).map(payloadBytes -> {
                Layer layer = t.apply(Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02"));
                for (UnaryOperator<Layer> each : ts) layer = each.apply(layer);
                Layer end = ts.isEmpty() ? n.apply(layer) : layer;
                return last.apply(end).payload(new byte[payloadBytes]).bytes();
            })))));
    }

    private static Layer v4(Layer outer) {
        return outer.ipv4("10.0.0.1", "10.0.0.2");
    }

    private static Layer v6(Layer outer) {
        return outer.ipv6("2001:db8::1", "2001:db8::2");
    }
}
