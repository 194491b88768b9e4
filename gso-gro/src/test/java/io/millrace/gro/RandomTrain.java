package io.millrace.gro;

import io.millrace.testkit.GreLayer;
import io.millrace.testkit.Ipv4Layer;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Octets;
import io.millrace.testkit.TcpLayer;
import io.millrace.testkit.UdpLayer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A train of packets of one to three flows, made from a seed: mostly what merges, now and then with one field of the
/// kind that decides whether it does.
final class RandomTrain {

    /// What lies between Ethernet and the transport.
    enum Shape {
        TCP4, TCP6, TCP6_EXTENDED, UDP4(true), UDP6(true), IP4_IP4, IP4_IP6, IP6_IP4, IP6_IP6, GRE, GRE_KEY, GRE_SUM,
        IP4_UDP4(true), GRE_UDP6(true);

        final boolean isUdp;

        Shape() {
            this(false);
        }

        Shape(boolean isUdp) {
            this.isUdp = isUdp;
        }
    }

    private static final int ODD_IN = 7;
    private static final int[] SEGMENT_BYTES = {1, 7, 100, 536, 1448};

    private final Random random;
    private final Shape shape;
    private final List<byte[]> frames = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    /// Where a flow stands; what stays between two odd packets.
    private final class Flow {
        final int sourcePort = 1000 + random.nextInt(3);
        final int segmentBytes = SEGMENT_BYTES[random.nextInt(SEGMENT_BYTES.length)];
        final boolean hasTimestamps = random.nextInt(3) == 0;
        boolean dontFragment = random.nextInt(3) != 0;
        int idStep = random.nextInt(2);
        int outerIdStep = random.nextInt(3) == 0 ? 0 : 1;
        int id = random.nextInt(4) == 0 ? 0xfffe : random.nextInt(0x10000);
        int outerId = random.nextInt(0x10000);
        int ttl = 64;
        int outerTtl = 33;
        int tos;
        int outerTos;
        int key = 7;
        int window = 1000;
        long acknowledgement = 1;
        long timestamp = 5;
        long sequence = random.nextInt(5) == 0 ? 0xffff_ff00L : random.nextInt();
    }

    RandomTrain(Shape shape, long seed) {
        this.shape = shape;
        this.random = new Random(seed);
        List<Flow> flows = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) flows.add(new Flow());
        int kind = random.nextInt(20);
        boolean isLong = kind == 0;
        int count = isLong ? 50 + random.nextInt(30) : 2 + random.nextInt(18);
        while (frames.size() < count) {
            Flow flow = flows.get(isLong ? 0 : random.nextInt(flows.size()));
            add(flow, !isLong && random.nextInt(ODD_IN) == 0 ? random.nextInt(30) : -1);
        }
    }

    List<byte[]> frames() {
        return frames;
    }

    @Override
    public String toString() {
        return shape + "\n" + String.join("\n", lines);
    }

    private void add(Flow flow, int odd) {
        int payloadBytes = payloadBytes(flow, odd);
        change(flow, odd);
        Layer ip = network(flow, odd);
        Layer transport = shape.isUdp ? udp(flow, ip, odd) : tcp(flow, ip, odd);
        byte[] frame = transport.payloadOf(payloadBytes).bytes();
        if (odd == 3) frame = Octets.concat(frame, new byte[1 + random.nextInt(6)]);
        frames.add(frame);
        lines.add("%2d: port %d, %d bytes, sequence %d, id %d, outer id %d, odd %d".formatted(frames.size() - 1,
            flow.sourcePort, payloadBytes, flow.sequence & 0xffffffffL, flow.id & 0xffff, flow.outerId & 0xffff, odd));
        flow.sequence += payloadBytes;
        flow.id += flow.idStep;
        flow.outerId += flow.outerIdStep;
    }

    private int payloadBytes(Flow flow, int odd) {
        return switch (odd) {
            case 0 -> 0;
            case 1 -> 1 + random.nextInt(flow.segmentBytes);
            case 2 -> flow.segmentBytes + random.nextInt(3);
            default -> flow.segmentBytes;
        };
    }

    /// What changes for this packet and those behind it.
    private void change(Flow flow, int odd) {
        switch (odd) {
            case 4 -> flow.sequence += random.nextInt(3) - 1;
            case 5 -> flow.id += random.nextInt(3) - 1;
            case 6 -> flow.idStep ^= 1;
            case 7 -> flow.outerId += random.nextInt(3) - 1;
            case 8 -> flow.outerIdStep ^= 1;
            case 9 -> flow.ttl--;
            case 10 -> flow.outerTtl--;
            case 11 -> flow.tos ^= 1 + random.nextInt(3);
            case 12 -> flow.outerTos ^= 4;
            case 13 -> flow.key++;
            case 14 -> flow.window--;
            case 15 -> flow.acknowledgement++;
            case 16 -> flow.timestamp++;
            case 17 -> flow.dontFragment = !flow.dontFragment;
            default -> { }
        }
    }

    private Layer network(Flow flow, int odd) {
        Layer ethernet = Segments.ethernet();
        return switch (shape) {
            case TCP4, UDP4 -> ipv4(ethernet, flow, odd);
            case TCP6, UDP6 -> ipv6(ethernet, flow);
            case TCP6_EXTENDED -> ipv6(ethernet, flow).destinationOptions().option(30, (byte) flow.key);
            case IP4_IP4, IP4_UDP4 -> ipv4(outer4(ethernet, flow, odd), flow, odd);
            case IP4_IP6 -> ipv6(outer4(ethernet, flow, odd), flow);
            case IP6_IP4 -> ipv4(outer6(ethernet, flow), flow, odd);
            case IP6_IP6 -> ipv6(outer6(ethernet, flow), flow);
            case GRE -> ipv4(gre(ethernet, flow, odd), flow, odd);
            case GRE_KEY -> ipv4(gre(ethernet, flow, odd).key(flow.key), flow, odd);
            case GRE_SUM -> ipv4(odd == 18 ? gre(ethernet, flow, odd).checksum(1)
                : gre(ethernet, flow, odd).withChecksum(), flow, odd);
            case GRE_UDP6 -> ipv6(gre(ethernet, flow, odd), flow);
        };
    }

    private GreLayer gre(Layer ethernet, Flow flow, int odd) {
        GreLayer gre = outer4(ethernet, flow, odd).gre();
        return odd == 19 ? gre.sequence(5) : gre;
    }

    private Layer outer4(Layer ethernet, Flow flow, int odd) {
        Ipv4Layer ip = ethernet.ipv4("10.1.0.1", "10.1.0.2").ttl(flow.outerTtl).tos(flow.outerTos)
            .identification(flow.outerId & 0xffff);
        if (flow.key % 2 == 1) ip.dontFragment();
        if (odd == 20) ip.reservedFlag();
        if (odd == 21) ip.moreFragments();
        return ip;
    }

    private static Layer outer6(Layer ethernet, Flow flow) {
        return ethernet.ipv6("fd00::8", "fd00::9").hopLimit(flow.outerTtl).trafficClass(flow.outerTos);
    }

    private Layer ipv4(Layer outer, Flow flow, int odd) {
        Ipv4Layer ip = outer.ipv4("10.0.0.1", "10.0.0.2").ttl(flow.ttl).tos(flow.tos).identification(flow.id & 0xffff);
        if (flow.dontFragment) ip.dontFragment();
        switch (odd) {
            case 22 -> ip.options(1, 1, 1, 1);
            case 23 -> ip.moreFragments();
            case 24 -> ip.reservedFlag();
            case 25 -> ip.checksum(1);
            default -> { }
        }
        return ip;
    }

    private static Layer ipv6(Layer outer, Flow flow) {
        return outer.ipv6("fd00::1", "fd00::2").hopLimit(flow.ttl).trafficClass(flow.tos).flowLabel(flow.key);
    }

    private Layer tcp(Flow flow, Layer ip, int odd) {
        TcpLayer tcp = ip.tcp(flow.sourcePort, 2222).sequence(flow.sequence & 0xffffffffL).window(flow.window)
            .acknowledgement(flow.acknowledgement);
        if (flow.hasTimestamps) tcp.timestamps(flow.timestamp, 9);
        switch (odd) {
            case 26 -> tcp.checksum(1);
            case 27 -> tcp.psh();
            case 28 -> tcp.flags(TcpLayer.ACK | 1 << random.nextInt(12));
            case 29 -> tcp.cwr();
            default -> { }
        }
        return tcp;
    }

    private Layer udp(Flow flow, Layer ip, int odd) {
        UdpLayer udp = ip.udp(flow.sourcePort, 2222);
        return switch (odd) {
            case 26 -> udp.checksum(1);
            case 27, 28 -> udp.noChecksum();
            default -> udp;
        };
    }
}
