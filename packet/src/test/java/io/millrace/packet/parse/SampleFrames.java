package io.millrace.packet.parse;

import io.millrace.testkit.EthernetLayer;
import io.millrace.testkit.Frame;

import java.util.List;

/// One frame of each kind that the default graph understands.
final class SampleFrames {

    private static final String INNER = "10.1.0.1";
    private static final byte[] INNER_FRAME = ethernet().ipv4(INNER, "10.1.0.2").tcp(1, 2).bytes();

    static final List<byte[]> ALL = List.of(
        ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(1000, 2000).bytes(),
        ethernet().ipv6("2001:db8::1", "2001:db8::2").tcp(1000, 2000).bytes(),
        ethernet().vlan(10).ipv4("10.0.0.1", "10.0.0.2").tcp(1000, 2000).bytes(),
        ethernet().vlan(10).vlan(20).ipv6("2001:db8::1", "2001:db8::2").udp(1000, 2000).bytes(),
        ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(1, 4789).vxlan(7).payload(INNER_FRAME).bytes(),
        ethernet().ipv4("10.0.0.1", "10.0.0.2").gre().key(9).ipv4(INNER, "10.1.0.2").udp(3, 4).bytes(),
        ethernet().mpls(16).ipv4(INNER, "10.1.0.2").udp(3, 4).bytes(),
        ethernet().ipv4("10.0.0.1", "10.0.0.2").moreFragments().udp(1, 2).bytes());

    static byte[] any(int number) {
        return ALL.get(number % ALL.size());
    }

    private static EthernetLayer ethernet() {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02");
    }

    private SampleFrames() {}
}
