package io.millrace.nic.driver.gen;

import io.millrace.nic.driver.gen.layer.FieldValue;
import io.millrace.nic.driver.gen.layer.Layer;
import io.millrace.nic.driver.gen.layer.LayerKind;
import io.millrace.nic.driver.gen.layer.LayerStack;
import io.millrace.nic.driver.gen.stream.FieldSpec;
import io.millrace.nic.driver.gen.stream.FieldValues;
import io.millrace.nic.driver.gen.stream.FlowSpec;
import io.millrace.nic.driver.gen.stream.Rate;
import io.millrace.nic.driver.gen.stream.SizeMix;
import io.millrace.nic.driver.gen.stream.StreamSpec;
import io.millrace.testkit.Tshark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import static io.millrace.nic.driver.gen.Generated.stack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// tshark reads what the layers wrote.
class LayerStackTest {

    private static final Layer ETHERNET = Layer.of(LayerKind.ETHERNET);
    private static final Layer IPV4 = Layer.of(LayerKind.IPV4).with("source", 0x0a000001).with("target", 0x0a000002);
    private static final Layer IPV6 = Layer.of(LayerKind.IPV6)
        .with("source", new FieldValue(0x2001_0db8_0000_0000L, 1))
        .with("target", new FieldValue(0x2001_0db8_0000_0000L, 2));
    private static final Layer UDP = Layer.of(LayerKind.UDP);
    private static final Layer TCP = Layer.of(LayerKind.TCP);

    @TempDir
    private Path folder;

    record Case(String protocols, LayerStack layers) {

        @Override
        public String toString() { return protocols; }
    }

    static Stream<Case> stacks() {
        return Stream.of(
            new Case("eth:ethertype:ip:udp:data", stack(ETHERNET, IPV4, UDP)),
            new Case("eth:ethertype:ip:tcp:data", stack(ETHERNET, IPV4.withTail((byte) 7, (byte) 4, (byte) 4, (byte) 0),
                TCP.withTail((byte) 2, (byte) 4, (byte) 5, (byte) 0xb4))),
            new Case("eth:ethertype:ipv6:tcp:data", stack(ETHERNET, IPV6, TCP)),
            new Case("eth:ethertype:vlan:ethertype:ip:icmp:data",
                stack(ETHERNET, Layer.of(LayerKind.VLAN).with("id", 10), IPV4, Layer.of(LayerKind.ICMP))),
            new Case("eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:ipv6:icmpv6:data",
                stack(ETHERNET, Layer.of(LayerKind.QINQ), Layer.of(LayerKind.VLAN), IPV6, Layer.of(LayerKind.ICMPV6))),
            new Case("eth:ethertype:mpls:ip:udp:data", stack(ETHERNET, Layer.of(LayerKind.MPLS), IPV4, UDP)),
            new Case("eth:ethertype:pppoes:ppp:ipv6:udp:data", stack(ETHERNET, Layer.of(LayerKind.PPPOE), IPV6, UDP)),
            new Case("eth:ethertype:arp", stack(ETHERNET, Layer.of(LayerKind.ARP))),
            new Case("eth:ethertype:ipv6:ipv6.hopopts:ipv6.dstopts:udp:data", stack(ETHERNET, IPV6,
                Layer.of(LayerKind.HOP_BY_HOP).withTail((byte) 1, (byte) 4, (byte) 0, (byte) 0, (byte) 0, (byte) 0),
                Layer.of(LayerKind.DESTINATION_OPTIONS).withTail((byte) 1, (byte) 4, (byte) 0, (byte) 0, (byte) 0,
                    (byte) 0), UDP)),
            new Case("eth:ethertype:ipv6:ipv6.fraghdr:udp:data", stack(ETHERNET, IPV6,
                Layer.of(LayerKind.FRAGMENT), UDP)),
            new Case("eth:ethertype:ip:gre:ip:udp:data",
                stack(ETHERNET, IPV4, Layer.of(LayerKind.GRE).with("key", 7).with("sequence", 9), IPV4, UDP)),
            new Case("eth:ethertype:ip:udp:vxlan:eth:ethertype:ip:udp:data", stack(ETHERNET, IPV4, UDP,
                Layer.of(LayerKind.VXLAN), ETHERNET, IPV4, UDP)),
            new Case("eth:ethertype:ipv6:udp:geneve:eth:ethertype:ipv6:tcp:data", stack(ETHERNET, IPV6, UDP,
                Layer.of(LayerKind.GENEVE), ETHERNET, IPV6, TCP)),
            new Case("eth:ethertype:ip:udp:gtp:ip:udp:data",
                stack(ETHERNET, IPV4, UDP, Layer.of(LayerKind.GTPU), IPV4, UDP)),
            new Case("eth:ethertype:ip:sctp:data", stack(ETHERNET, IPV4, Layer.of(LayerKind.SCTP),
                Layer.of(LayerKind.SCTP_CHUNK).withTail(new byte[12]))),
            new Case("eth:ethertype:ipv6:icmpv6", stack(ETHERNET, IPV6, Layer.of(LayerKind.NEIGHBOUR),
                Layer.of(LayerKind.NEIGHBOUR_OPTION))));
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void tsharkFindsEveryLayerAndEveryChecksumRight(Case each) throws Exception {
        Tshark.required();
        boolean hasPayload = each.protocols.endsWith("data");
        int sizeMin = each.layers.headerBytes() + (hasPayload ? 20 : 0);
        SizeMix sizes = hasPayload ? SizeMix.inTurn(sizeMin, sizeMin + 1, sizeMin + 900, 3000) : SizeMix.fixed(sizeMin);
        if (each.layers.hasCrc()) sizes = SizeMix.inTurn(sizeMin, sizeMin + 100);
        // Every field of addresses and ports varies, in every layer: incremental sums are checked with the fixed ones.
        var fields = new ArrayList<FieldSpec>();
        for (int layer = 0; layer < each.layers.layers().size(); layer++) {
            LayerKind kind = each.layers.layers().get(layer).kind();
            for (String name : List.of("source", "target", "source-port", "id", "label", "dscp", "sender-mac", "ttl")) {
                final int at = layer;
                kind.field(name).ifPresent(field -> fields.add(new FieldSpec(at, field,
                    new FieldValues.Uniform(1, Math.min(field.max() & Long.MAX_VALUE, 1L << 40)), at % 2 == 0)));
            }
        }
        StreamSpec spec = Generated.stream(each.layers, sizes, new Rate.Packets(1e6), 200, 3,
            new FlowSpec(40, FlowSpec.Order.RANDOM, 1), fields.toArray(FieldSpec[]::new));
        for (StreamSpec stream : hasPayload ? List.of(spec, Generated.stamped(spec)) : List.of(spec)) {
            Generated generated = Generated.of(stream);
            Path file = generated.writtenTo(folder.resolve("g.pcap"));
            List<List<String>> rows = Tshark.fields(List.of("-d", "udp.port==4789,vxlan", "-d", "sctp.port==80,data",
                "-d", "udp.port==9,data", "-d", "tcp.port==80,data"), file, "frame.protocols",
                "ip.checksum.status", "tcp.checksum.status", "udp.checksum.status", "icmp.checksum.status",
                "icmpv6.checksum.status", "sctp.checksum.status", "_ws.malformed");
            assertThat(rows).hasSize(200);
            for (List<String> row : rows) {
                assertThat(row.get(0)).isEqualTo(each.protocols);
                assertThat(String.join("", row.subList(1, 7)).replace(",", "")).matches("1*");
                assertThat(row.get(7)).isEmpty();
            }
        }
    }

    @Test
    void aGivenChecksumOrLengthIsPlantedAsItIs() throws Exception {
        Tshark.required();
        StreamSpec spec = Generated.stream(stack(ETHERNET, IPV4.with("checksum", 0x1234), UDP.with("length", 9)),
            SizeMix.fixed(80), new Rate.Packets(1e6), 1, 1, FlowSpec.ONE);
        Path file = Generated.of(spec).writtenTo(folder.resolve("g.pcap"));
        List<String> row = Tshark.fields(file, "ip.checksum", "ip.checksum.status", "udp.length").getFirst();
        assertThat(row).containsExactly("0x1234", "0", "9");
    }

    @Test
    void refusesLayersThatCannotLieOnEachOther() {
        assertThatThrownBy(() -> stack(ETHERNET, TCP)).hasMessageContaining("tcp cannot lie on ethernet");
        assertThatThrownBy(() -> stack(ETHERNET, IPV4, TCP, IPV4)).hasMessageContaining("ipv4 cannot lie on tcp");
        assertThatThrownBy(() -> stack(IPV4)).hasMessageContaining("first layer must be ethernet");
    }
}
