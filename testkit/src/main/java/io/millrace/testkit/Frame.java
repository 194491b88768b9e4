package io.millrace.testkit;

/// Where packets begin.
///
/// ```java
/// byte[] frame = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").vlan(10)
///     .ipv4("10.0.0.1", "10.0.0.2").ttl(64)
///     .udp(1000, 2000)
///     .payload(bytes)
///     .bytes();
/// ```
///
/// Layers are appended in the order of the wire. What is not set is right: types, lengths, checksums. What is set is
/// taken as it is, also when it is wrong.
public final class Frame {

    public static EthernetLayer ethernet(String source, String target) {
        return new EthernetLayer(null, source, target);
    }

    /// A packet without a link header.
    public static Ipv4Layer ipv4(String source, String target) {
        return new Ipv4Layer(null, source, target);
    }

    /// A packet without a link header.
    public static Ipv6Layer ipv6(String source, String target) {
        return new Ipv6Layer(null, source, target);
    }

    /// Begins with bytes of any kind.
    public static PayloadLayer raw(byte... bytes) {
        return new PayloadLayer(null, bytes);
    }

    /// The IP packet in an Ethernet frame, tagged or not, without link padding: what an ICMP error would quote.
    public static byte[] packetIn(byte[] frame) {
        Dissection seen = Dissection.ofFrame(frame);
        if (seen.transportEnd == Dissection.NONE) {
            throw new IllegalArgumentException("a frame with an IP packet wanted, got\n" + Hex.dump(frame));
        }
        return seen.packet();
    }

    private Frame() {}
}
