package io.millrace.gso;

import io.millrace.packet.memory.GsoType;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.NaiveSegmenter;
import io.millrace.testkit.TcpLayer;
import io.millrace.testkit.UdpLayer;

import java.util.Random;

/// A super-packet as bytes with what its metadata says, and the oracle that cuts it.
///
/// @param transportAt    innermost transport header
/// @param headerBytes    where its payload begins
/// @param checksumOffset of the transport's checksum field
/// @param isPartial      the field holds the seed; else it holds something
/// @param chunkBytes     SCTP: payload of each packet
record SuperFrame(byte[] bytes, int gsoType, int gsoSize, int transportAt, int headerBytes, int checksumOffset,
                  boolean isPartial, int[] chunkBytes, NaiveSegmenter oracle) {

    /// What is around the innermost IP header.
    enum Around {
        NOTHING(0), VLAN(0), QINQ(0), MPLS(0),
        VXLAN4(GsoType.UDP_TUNNEL), VXLAN6(GsoType.UDP_TUNNEL), VXLAN_VLAN(GsoType.UDP_TUNNEL),
        VXLAN4_SUM(GsoType.UDP_TUNNEL_CSUM), VXLAN6_SUM(GsoType.UDP_TUNNEL_CSUM),
        GENEVE(GsoType.UDP_TUNNEL), GENEVE_SUM(GsoType.UDP_TUNNEL_CSUM), GENEVE_IP_SUM(GsoType.UDP_TUNNEL_CSUM),
        GRE(GsoType.GRE), GRE_KEY(GsoType.GRE), GRE_SUM(GsoType.GRE_CSUM), GRE_SUM_KEY(GsoType.GRE_CSUM),
        GRE_BRIDGED(GsoType.GRE), IN_IPV4(GsoType.IPXIP4), IN_IPV6(GsoType.IPXIP6),
        IN_IPV4_IN_VXLAN_SUM(GsoType.UDP_TUNNEL_CSUM | GsoType.IPXIP4),
        GRE_SUM_IN_VXLAN_SUM(GsoType.UDP_TUNNEL_CSUM | GsoType.GRE_CSUM);

        private final int types;

        Around(int types) {
            this.types = types;
        }

        int types() {
            return types;
        }

        boolean hasUdpTunnel() {
            return (types & (GsoType.UDP_TUNNEL | GsoType.UDP_TUNNEL_CSUM)) != 0;
        }

        boolean isTunnel() {
            return types != 0;
        }

        Layer wrap(Random random) {
            Layer ethernet = Frame.ethernet("02:00:00:00:00:02", "02:00:00:00:00:01");
            return switch (this) {
                case NOTHING -> ethernet;
                case VLAN -> ethernet.vlan(7);
                case QINQ -> ethernet.serviceVlan(100).vlan(7);
                case MPLS -> ethernet.mpls(16).mpls(17);
                case VXLAN4 -> bridged(outer4(ethernet, random).udp(random.nextInt(65_536), 4789).noChecksum().vxlan(9));
                case VXLAN6 -> bridged(outer6(ethernet).udp(random.nextInt(65_536), 4789).noChecksum().vxlan(9));
                case VXLAN_VLAN -> bridged(outer4(ethernet.vlan(5), random).udp(1, 4789).noChecksum().vxlan(9)).vlan(6);
                case VXLAN4_SUM -> bridged(outer4(ethernet, random).udp(7, 4789).partialChecksum().vxlan(9));
                case VXLAN6_SUM -> bridged(outer6(ethernet).udp(7, 4789).partialChecksum().vxlan(9));
                case GENEVE -> bridged(outer4(ethernet, random).udp(7, 6081).noChecksum().geneve(9)
                    .option(0x102, 3, new byte[]{1, 2, 3, 4, 5}));
                case GENEVE_SUM -> bridged(outer6(ethernet).udp(7, 6081).partialChecksum().geneve(9)
                    .option(0x102, 3, new byte[]{1, 2, 3, 4, 5}));
                case GENEVE_IP_SUM -> outer4(ethernet, random).udp(7, 6081).partialChecksum().geneve(9);
                case GRE -> outer4(ethernet, random).gre();
                case GRE_KEY -> outer6(ethernet).gre().key(0x12345678L);
                case GRE_SUM -> outer4(ethernet, random).gre().withChecksum();
                case GRE_SUM_KEY -> outer6(ethernet).gre().withChecksum().key(0xfedcba98L);
                case GRE_BRIDGED -> bridged(outer4(ethernet, random).gre());
                case IN_IPV4 -> outer4(ethernet, random);
                case IN_IPV6 -> outer6(ethernet);
                case IN_IPV4_IN_VXLAN_SUM -> outer4(bridged(outer4(ethernet, random).udp(7, 4789).partialChecksum()
                    .vxlan(9)), random);
                case GRE_SUM_IN_VXLAN_SUM -> outer4(bridged(outer4(ethernet, random).udp(7, 4789).partialChecksum()
                    .vxlan(9)), random).gre().withChecksum();
            };
        }

        private static Layer bridged(Layer outer) {
            return outer.ethernet("02:00:00:00:00:04", "02:00:00:00:00:03");
        }

        private static Layer outer4(Layer outer, Random random) {
            return outer.ipv4("192.0.2.1", "192.0.2.2").identification(random.nextInt(65_536)).dontFragment();
        }

        private static Layer outer6(Layer outer) {
            return outer.ipv6("2001:db8::1", "2001:db8::2").flowLabel(0x12345).trafficClass(3);
        }
    }

    /// The innermost IP header.
    enum Network {
        IPV4, IPV4_FRAGMENTABLE, IPV4_OPTIONS, IPV6, IPV6_EXTENSIONS;

        boolean is6() {
            return this == IPV6 || this == IPV6_EXTENSIONS;
        }

        Layer wrap(Layer outer, Random random) {
            String source4 = "10.0." + random.nextInt(256) + ".1";
            int id = random.nextInt(4) == 0 ? 0xffff : random.nextInt(65_536);
            return switch (this) {
                case IPV4 -> outer.ipv4(source4, "10.0.0.2").identification(id).dontFragment().tos(random.nextInt(256));
                case IPV4_FRAGMENTABLE -> outer.ipv4(source4, "10.0.0.2").identification(id).ttl(1);
                case IPV4_OPTIONS -> outer.ipv4(source4, "10.0.0.2").identification(id).dontFragment()
                    .options(0x94, 4, 0, 0, 1, 1, 1);
                case IPV6 -> outer.ipv6("fd00::1", "fd00::2").flowLabel(random.nextInt(1 << 20));
                case IPV6_EXTENSIONS -> outer.ipv6("fd00::1", "fd00::2").hopByHop().routerAlert(0)
                    .destinationOptions().option(0x1e, (byte) 1, (byte) 2);
            };
        }
    }

    /// Payload bytes of the segment at `index`; 0 behind the last.
    int segmentBytes(int index) {
        if (chunkBytes.length > 0) return index < chunkBytes.length ? chunkBytes[index] : 0;
        return Math.clamp(bytes.length - headerBytes - (long) index * gsoSize, 0, gsoSize);
    }

    /// TCP with random flags and options, a random size and length.
    static SuperFrame tcp(Around around, Network network, Random random) {
        int flags = random.nextInt(256);
        boolean isAccEcn = random.nextInt(4) == 0;
        int size = size(random);
        byte[] payload = payload(random, size);
        TcpLayer tcp = network.wrap(around.wrap(random), random).tcp(random.nextInt(65_536), 443)
            .sequence(random.nextLong() & 0xffff_ffffL).acknowledgement(random.nextInt() & 0xffff_ffffL)
            .window(random.nextInt(65_536)).flags(flags | random.nextInt(2) << 8);
        if (random.nextBoolean()) tcp.nop().nop().timestamps(random.nextInt() & 0xffff_ffffL, 17);
        boolean isPartial = random.nextInt(4) > 0;
        if (isPartial) tcp.partialChecksum();
        else tcp.checksum(random.nextInt(65_536));
        int fixed = fixedIds(random);
        int type = around.types() | fixed | (network.is6() ? GsoType.TCPV6 : GsoType.TCPV4)
            | ((flags & TcpLayer.CWR) != 0 ? GsoType.TCP_ECN : 0) | (isAccEcn ? GsoType.TCP_ACCECN : 0)
            | (random.nextBoolean() ? GsoType.DODGY : 0);
        NaiveSegmenter oracle = oracle(around, size, fixed);
        if (isAccEcn) oracle.keepingCwr();
        int headerBytes = tcp.bytes().length;
        int transportAt = tcp.outer().bytes().length;
        return new SuperFrame(tcp.payload(payload).bytes(), type, size, transportAt, headerBytes, 16, isPartial,
            new int[0], oracle);
    }

    /// UDP datagrams to be cut into datagrams.
    static SuperFrame datagrams(Around around, Network network, Random random) {
        int size = size(random);
        byte[] payload = payload(random, size);
        UdpLayer udp = network.wrap(around.wrap(random), random).udp(random.nextInt(65_536), 443);
        boolean isPartial = random.nextInt(4) > 0;
        if (isPartial) udp.partialChecksum();
        else udp.checksum(random.nextInt(65_536));
        int fixed = fixedIds(random);
        int headerBytes = udp.bytes().length;
        return new SuperFrame(udp.payload(payload).bytes(), around.types() | fixed | GsoType.UDP_L4, size,
            headerBytes - 8, headerBytes, 6, isPartial, new int[0], oracle(around, size, fixed));
    }

    /// One UDP datagram to be cut into IP fragments; of IPv6 ones, the first 32 bits of id are the caller's to compare.
    static SuperFrame fragments(Around around, Network network, Random random) {
        int size = (8 + random.nextInt(1_400)) & ~7;
        byte[] payload = payload(random, size);
        UdpLayer udp = network.wrap(around.wrap(random), random).udp(random.nextInt(65_536), 443).partialChecksum();
        int headerBytes = udp.bytes().length - 8;
        return new SuperFrame(udp.payload(payload).bytes(), GsoType.UDP, size, headerBytes, headerBytes, 6, true,
            new int[0], new NaiveSegmenter(size).fragments(0));
    }

    /// SCTP packets, one a slot.
    static SuperFrame sctp(Around around, Network network, Random random) {
        var sctp = network.wrap(around.wrap(random), random).sctp(5_000, 6_000).verificationTag(77);
        int headerBytes = sctp.bytes().length;
        int[] chunkBytes = new int[2 + random.nextInt(10)];
        for (int i = 0; i < chunkBytes.length; i++) {
            byte[] message = new byte[1 + random.nextInt(1_200)];
            random.nextBytes(message);
            int before = sctp.bytes().length;
            sctp.data(i, 0, i, message);
            chunkBytes[i] = sctp.bytes().length - before;
        }
        return new SuperFrame(sctp.bytes(), around.types() | GsoType.SCTP, GsoType.BY_SLOTS, headerBytes - 12,
            headerBytes, 8, false, chunkBytes, oracle(around, 0, 0).chunks(chunkBytes));
    }

    private static NaiveSegmenter oracle(Around around, int size, int fixed) {
        NaiveSegmenter oracle = new NaiveSegmenter(size)
            .fixedIds((fixed & GsoType.TCP_FIXEDID) != 0, (fixed & GsoType.TCP_FIXEDID_INNER) != 0);
        if (around.hasUdpTunnel()) oracle.udpTunnel((around.types() & GsoType.UDP_TUNNEL_CSUM) != 0);
        return oracle;
    }

    private static int fixedIds(Random random) {
        return (random.nextBoolean() ? GsoType.TCP_FIXEDID : 0) | (random.nextBoolean() ? GsoType.TCP_FIXEDID_INNER : 0);
    }

    private static int size(Random random) {
        return 1 + random.nextInt(random.nextBoolean() ? 1_460 : 100);
    }

    /// Longer than one segment, at most 60 segments, and not longer than IPv4 can say.
    private static byte[] payload(Random random, int size) {
        int max = Math.min(60_000, size * 60);
        byte[] payload = new byte[size + 1 + random.nextInt(max - size)];
        if (random.nextInt(4) == 0) payload = new byte[Math.max(2, payload.length / size) * size];
        random.nextBytes(payload);
        return payload;
    }
}
