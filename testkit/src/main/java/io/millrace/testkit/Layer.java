package io.millrace.testkit;

import java.util.function.Function;

/// One header of a packet under construction; also the packet built so far, which ends with it.
///
/// A layer knows the layer outside it and nothing else, so a prefix may be continued in several ways. The bytes are
/// made from the inside out: the innermost layer encodes itself, the next one encodes itself around that, and so on.
/// A new kind of layer is one class with [#encode] and, where an outer header must name it, one of the numbers.
///
/// Setters of a layer change it in place and return it. Every length, type and checksum is right unless it is set.
public interface Layer {

    /// A field that is computed when the packet is encoded.
    int AUTO = -1;

    /// EtherType of bytes without a meaning: the first that IEEE 802 leaves to local experiments.
    int EXPERIMENTAL_ETHER_TYPE = 0x88b5;

    /// IP protocol of bytes without a meaning: the first for experiments (RFC 3692).
    int EXPERIMENTAL_PROTOCOL = 253;

    /// The layer around this one; null if this is the outermost.
    Layer outer();

    /// This header, the payload inside it, and its trailer if it has one. `inner` is null if nothing is inside.
    byte[] encode(Layer inner, byte[] payload);

    /// What an Ethernet-like header calls this layer.
    default int etherType() { return EXPERIMENTAL_ETHER_TYPE; }

    /// What an IP-like header calls this layer.
    default int ipProtocol() { return EXPERIMENTAL_PROTOCOL; }

    /// What a PPP header calls this layer.
    default int pppProtocol() {
        throw new IllegalStateException("no PPP protocol number for " + getClass().getSimpleName() + ": set one");
    }

    /// The addresses that checksums of transport layers inside this one cover; null if this is no part of an IP header.
    default Endpoints endpoints() { return null; }

    /// The whole packet.
    default byte[] bytes() {
        byte[] encoded = {};
        Layer inner = null;
        for (Layer layer = this; layer != null; layer = layer.outer()) {
            encoded = layer.encode(inner, encoded);
            inner = layer;
        }
        return encoded;
    }

    /// Appends a layer of any kind: `frame.then(MyLayer::new)`.
    default <L extends Layer> L then(Function<Layer, L> kind) {
        return kind.apply(this);
    }

    // Link and tunnels

    default EthernetLayer ethernet(String source, String target) { return new EthernetLayer(this, source, target); }
    default VlanLayer vlan(int id) { return new VlanLayer(this, VlanLayer.CUSTOMER, id); }
    default VlanLayer serviceVlan(int id) { return new VlanLayer(this, VlanLayer.SERVICE, id); }
    default MplsLayer mpls(int label) { return new MplsLayer(this, label); }
    default PppoeLayer pppoe(int sessionId) { return new PppoeLayer(this, sessionId); }
    default GreLayer gre() { return new GreLayer(this); }
    default VxlanLayer vxlan(int vni) { return new VxlanLayer(this, vni); }
    default GeneveLayer geneve(int vni) { return new GeneveLayer(this, vni); }
    default GtpuLayer gtpu(long teid) { return new GtpuLayer(this, teid); }

    default ArpLayer arpRequest(String senderMac, String senderAddress, String wantedAddress) {
        return new ArpLayer(this, ArpLayer.REQUEST, senderMac, senderAddress, "00:00:00:00:00:00", wantedAddress);
    }

    default ArpLayer arpReply(String senderMac, String senderAddress, String targetMac, String targetAddress) {
        return new ArpLayer(this, ArpLayer.REPLY, senderMac, senderAddress, targetMac, targetAddress);
    }

    // Network

    default Ipv4Layer ipv4(String source, String target) { return new Ipv4Layer(this, source, target); }
    default Ipv6Layer ipv6(String source, String target) { return new Ipv6Layer(this, source, target); }
    default Ipv6OptionsLayer hopByHop() { return new Ipv6OptionsLayer(this, Ipv6OptionsLayer.HOP_BY_HOP); }
    default Ipv6OptionsLayer destinationOptions() { return new Ipv6OptionsLayer(this, Ipv6OptionsLayer.DESTINATION); }

    /// A routing header of any type; `data` is what follows the first four bytes.
    default Ipv6RoutingLayer routing(int type, int segmentsLeft, byte[] data) {
        return new Ipv6RoutingLayer(this, type, segmentsLeft, data);
    }

    /// A segment routing header (RFC 8754); `segments` as in the header, so the last to be visited comes first.
    default Ipv6RoutingLayer segmentRouting(int segmentsLeft, String... segments) {
        return Ipv6RoutingLayer.segments(this, segmentsLeft, segments);
    }

    default Ipv6FragmentLayer fragment(long identification, int offsetBytes, boolean moreFragments) {
        return new Ipv6FragmentLayer(this, identification, offsetBytes, moreFragments);
    }

    default AuthenticationLayer authentication(long spi, long sequence) {
        return new AuthenticationLayer(this, spi, sequence);
    }

    default EspLayer esp(long spi, long sequence) { return new EspLayer(this, spi, sequence); }

    // Transport

    default TcpLayer tcp(int sourcePort, int targetPort) { return new TcpLayer(this, sourcePort, targetPort); }
    default UdpLayer udp(int sourcePort, int targetPort) { return new UdpLayer(this, sourcePort, targetPort); }
    default SctpLayer sctp(int sourcePort, int targetPort) { return new SctpLayer(this, sourcePort, targetPort); }
    default IcmpLayer icmp(int type, int code) { return new IcmpLayer(this, type, code); }
    default Icmpv6Layer icmpv6(int type, int code) { return new Icmpv6Layer(this, type, code); }

    default UdpLiteLayer udpLite(int sourcePort, int targetPort) {
        return new UdpLiteLayer(this, sourcePort, targetPort);
    }

    default IcmpLayer icmpEchoRequest(int identifier, int sequence) {
        return icmp(8, 0).identifier(identifier).sequence(sequence);
    }

    default IcmpLayer icmpEchoReply(int identifier, int sequence) {
        return icmp(0, 0).identifier(identifier).sequence(sequence);
    }

    default Icmpv6Layer icmpv6EchoRequest(int identifier, int sequence) {
        return icmpv6(128, 0).identifier(identifier).sequence(sequence);
    }

    default Icmpv6Layer icmpv6EchoReply(int identifier, int sequence) {
        return icmpv6(129, 0).identifier(identifier).sequence(sequence);
    }

    default DiscoveryLayer routerSolicitation() { return DiscoveryLayer.routerSolicitation(this); }
    default DiscoveryLayer routerAdvertisement() { return DiscoveryLayer.routerAdvertisement(this); }

    default DiscoveryLayer neighbourSolicitation(String wantedAddress) {
        return DiscoveryLayer.neighbourSolicitation(this, wantedAddress);
    }

    default DiscoveryLayer neighbourAdvertisement(String address) {
        return DiscoveryLayer.neighbourAdvertisement(this, address);
    }

    // Payload

    default PayloadLayer payload(byte... payload) { return new PayloadLayer(this, payload); }

    /// `byteCount` bytes that count up from 0, modulo 251: a shifted or swapped piece is never equal to the right one.
    default PayloadLayer payloadOf(int byteCount) { return new PayloadLayer(this, PayloadLayer.counting(byteCount)); }

    /// The bytes of another packet, say what an ICMP error quotes.
    default PayloadLayer quote(byte[] packet) { return new PayloadLayer(this, packet); }
}
