package io.millrace.perf.bench;

import io.millrace.checksum.TransportChecksum;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureInterface;
import io.millrace.nic.capture.CaptureWriter;
import io.millrace.nic.capture.TimeScale;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.EthernetView;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.header.UdpView;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/// The IPv6 twin of [BenchTraffic]: one 64-byte UDP packet of each of `flowCount` flows between two networks of
/// 2001:db8::/32, in an order that jumps between them.
final class FlowTraffic {

    private static final CaptureInterface ETHERNET = CaptureInterface.of(1, "", TimeScale.NANOSECONDS);
    private static final long SENDER_MAC = 0x0200_0000_0099L;
    private static final long SOURCE_NET = 0x2001_0db8_0018_0000L;
    private static final long TARGET_NET = 0x2001_0db8_0019_0000L;
    private static final int UDP_BYTES =
        BenchTraffic.FRAME_BYTES - EthernetView.HEADER_BYTES - Ipv6View.HEADER_BYTES;
    private static final long JUMP = 2_654_435_761L;

    static Path generateIpv6(Path folder, int flowCount, long targetMac) throws CaptureException {
        Path file = folder.resolve("bench.pcap");
        try (Arena arena = Arena.ofConfined();
             CaptureWriter writer = CaptureWriter.create(file, ETHERNET)) {
            var packets = new PacketMemory(arena, 1);
            var meta = new PacketMeta(packets);
            var checksums = new TransportChecksum(packets);
            for (int i = 0; i < flowCount; i++) {
                meta.begin(0, BenchTraffic.FRAME_BYTES, 0, 0, 0);
                build(packets, meta.frameAt(0), (int) (i * JUMP % flowCount), targetMac);
                checksums.fill(0, EthernetView.HEADER_BYTES, EthernetView.HEADER_BYTES + Ipv6View.HEADER_BYTES,
                    UDP_BYTES, IpProtocol.UDP);
                writer.begin(0, i * 1000L, BenchTraffic.FRAME_BYTES, BenchTraffic.FRAME_BYTES);
                writer.append(packets.segment(), meta.frameAt(0), BenchTraffic.FRAME_BYTES);
                writer.end();
            }
        }
        return file;
    }

    private static void build(PacketMemory packets, long at, int flow, long targetMac) {
        packets.segment().asSlice(at, BenchTraffic.FRAME_BYTES).fill((byte) 0);
        var ethernet = new EthernetView(packets).at(at);
        ethernet.target(targetMac);
        ethernet.source(SENDER_MAC);
        ethernet.type(EtherType.IPV6);
        long l3 = at + EthernetView.HEADER_BYTES;
        Wire.i32(packets.segment(), l3, 6 << 28);
        Wire.i32(packets.segment(), l3 + 4, UDP_BYTES << 16 | IpProtocol.UDP << 8 | 64);
        Wire.i64(packets.segment(), l3 + 8, SOURCE_NET | flow & 0xffff);
        Wire.i64(packets.segment(), l3 + 16, flow);
        Wire.i64(packets.segment(), l3 + 24, TARGET_NET | flow * 7 & 0xffff);
        Wire.i64(packets.segment(), l3 + 32, 1);
        var udp = new UdpView(packets).at(l3 + Ipv6View.HEADER_BYTES);
        udp.sourcePort(1024 + flow % 60_000);
        udp.targetPort(53);
        udp.datagramBytes(UDP_BYTES);
    }

    private FlowTraffic() {}
}
