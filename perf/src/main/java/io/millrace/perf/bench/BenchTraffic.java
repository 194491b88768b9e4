package io.millrace.perf.bench;

import io.millrace.checksum.Ipv4Checksum;
import io.millrace.checksum.TransportChecksum;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureInterface;
import io.millrace.nic.capture.CaptureReader;
import io.millrace.nic.capture.CaptureWriter;
import io.millrace.nic.capture.TimeScale;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.EthernetView;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.header.UdpView;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/// The packets that a benchmark replays, as a capture in a temporary folder that both sides read.
///
/// Generated: one 64-byte UDP packet of each of `flowCount` flows from 198.18.0.0/16 to 198.19.0.0/16 (RFC 2544), in an
/// order that jumps between them.
final class BenchTraffic {

    static final int FRAME_BYTES = 64;
    private static final int UDP_BYTES = FRAME_BYTES - EthernetView.HEADER_BYTES - Ipv4View.HEADER_BYTES_MIN;
    private static final int SOURCE_NET = 198 << 24 | 18 << 16;
    private static final int TARGET_NET = 198 << 24 | 19 << 16;
    private static final long SENDER_MAC = 0x0200_0000_0099L;
    private static final int FRAME_BYTES_MAX = 1 << 18;
    private static final CaptureInterface ETHERNET = CaptureInterface.of(1, "", TimeScale.NANOSECONDS);
    private static final long JUMP = 2_654_435_761L;   // a prime: every flow comes once

    /// Writes the generated capture; `targetMac` is where its frames are addressed to.
    static Path generate(Path folder, int flowCount, long targetMac) throws CaptureException {
        Path file = folder.resolve("bench.pcap");
        try (Arena arena = Arena.ofConfined();
             CaptureWriter writer = CaptureWriter.create(file, ETHERNET)) {
            var packets = new PacketMemory(arena, 1);
            var meta = new PacketMeta(packets);
            for (int i = 0; i < flowCount; i++) {
                build(packets, meta, (int) (i * JUMP % flowCount), targetMac);
                writer.begin(0, i * 1000L, FRAME_BYTES, FRAME_BYTES);
                writer.append(packets.segment(), meta.frameAt(0), FRAME_BYTES);
                writer.end();
            }
        }
        return file;
    }

    /// Copies a caller's capture with every frame addressed to `targetMac`, so that a router takes it.
    static Path adopt(Path capture, Path folder, long targetMac) throws IOException {
        Path file = folder.resolve("bench.pcap");
        try (Arena arena = Arena.ofConfined();
             CaptureReader reader = CaptureReader.open(capture);
             CaptureWriter writer = CaptureWriter.create(file, ETHERNET)) {
            MemorySegment frame = arena.allocate(FRAME_BYTES_MAX);
            while (reader.advance()) {
                if (reader.linkType() != 1) throw new IOException(capture + " is no Ethernet capture");
                int frameBytes = Math.min(reader.capturedBytes(), FRAME_BYTES_MAX);
                reader.copyTo(frame, 0, 0, frameBytes);
                if (frameBytes >= 6) Wire.u48(frame, 0, targetMac);
                writer.begin(0, reader.timeNs(), frameBytes, reader.originalBytes());
                writer.append(frame, 0, frameBytes);
                writer.end();
            }
        }
        return file;
    }

    private static void build(PacketMemory packets, PacketMeta meta, int flow, long targetMac) {
        meta.begin(0, FRAME_BYTES, 0, 0, 0);
        long at = meta.frameAt(0);
        packets.segment().asSlice(at, FRAME_BYTES).fill((byte) 0);
        var ethernet = new EthernetView(packets).at(at);
        ethernet.target(targetMac);
        ethernet.source(SENDER_MAC);
        ethernet.type(EtherType.IPV4);
        long l3 = at + EthernetView.HEADER_BYTES;
        var ip = new Ipv4View(packets).at(l3);
        ip.headerBytes(Ipv4View.HEADER_BYTES_MIN);
        ip.totalBytes(FRAME_BYTES - EthernetView.HEADER_BYTES);
        ip.identification(flow & 0xffff);
        ip.ttl(64);
        ip.protocol(IpProtocol.UDP);
        ip.source(SOURCE_NET | flow & 0xffff);
        ip.target(TARGET_NET | flow * 7 & 0xffff);
        Ipv4Checksum.fill(packets.segment(), l3);
        var udp = new UdpView(packets).at(l3 + Ipv4View.HEADER_BYTES_MIN);
        udp.sourcePort(1024 + flow % 60_000);
        udp.targetPort(53);
        udp.datagramBytes(UDP_BYTES);
        int l4 = EthernetView.HEADER_BYTES + Ipv4View.HEADER_BYTES_MIN;
        new TransportChecksum(packets).fill(0, EthernetView.HEADER_BYTES, l4, UDP_BYTES, IpProtocol.UDP);
    }

    /// A folder that is removed, with all in it, when the benchmark ends.
    static Path folder() throws IOException {
        Path folder = Files.createTempDirectory("millrace-bench");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            for (var file : folder.toFile().listFiles()) file.delete();
            folder.toFile().delete();
        }));
        return folder;
    }

    private BenchTraffic() {}
}
