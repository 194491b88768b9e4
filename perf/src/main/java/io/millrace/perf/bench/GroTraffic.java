package io.millrace.perf.bench;

import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.Ipv4Checksum;
import io.millrace.checksum.TransportChecksum;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureInterface;
import io.millrace.nic.capture.CaptureWriter;
import io.millrace.nic.capture.TimeScale;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.header.TcpFlags;
import io.millrace.packet.header.TcpView;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// What one poll brings: full TCP segments over IPv4 of so many flows in turn, each flow in order, in slots as a driver
/// leaves them: with a receive hash, and with the sum of the frame or without. Merging changes them, so they are made
/// anew before each poll, from a copy of metadata and headers; payloads stay.
final class GroTraffic {

    /// 44 segments of 1,460 bytes fill a packet; 64 flows have 16 segments each.
    static final int PACKETS = 1_024;
    /// A frame of 1,514 bytes; with timestamps 12 bytes less.
    static final int PAYLOAD_BYTES = 1_460;

    private static final int ETHERNET_BYTES = 14;
    private static final int IPV4_BYTES = 20;
    private static final int L4 = ETHERNET_BYTES + IPV4_BYTES;
    private static final int TIMESTAMP_BYTES = 12;
    private static final int NOP_NOP_TIMESTAMP = 0x0101_080a;
    /// Metadata and headers of a packet, which merging changes.
    private static final int KEPT_BYTES = PacketMemory.META_BYTES + 128;
    private static final int DONT_FRAGMENT = 0x4000;

    private final PacketMemory packets = new PacketMemory(Arena.global(), PACKETS);
    private final PacketMeta meta = new PacketMeta(packets);
    private final MemorySegment memory = packets.segment();
    private final MemorySegment kept = Arena.global().allocate((long) PACKETS * KEPT_BYTES, 64);
    private final Burst[] bursts = new Burst[PACKETS / Burst.PACKETS_MAX];
    private final int flowCount;
    private final int headerBytes;
    private final int payloadBytes;

    GroTraffic(int flowCount, boolean isSumKnown, boolean hasTimestamps) {
        this(flowCount, isSumKnown, hasTimestamps, PAYLOAD_BYTES - (hasTimestamps ? TIMESTAMP_BYTES : 0));
    }

    GroTraffic(int flowCount, boolean isSumKnown, boolean hasTimestamps, int payloadBytes) {
        this.flowCount = flowCount;
        this.headerBytes = L4 + TcpView.HEADER_BYTES_MIN + (hasTimestamps ? TIMESTAMP_BYTES : 0);
        this.payloadBytes = payloadBytes;
        for (int packet = 0; packet < PACKETS; packet++) {
            build(packet);
            if (isSumKnown) knowSum(packet);
            long keptAt = (long) packet * KEPT_BYTES;
            Wire.copy(memory, packets.slotAt(packet), kept, keptAt, PacketMemory.META_BYTES);
            Wire.copy(memory, meta.frameAt(packet), kept, keptAt + PacketMemory.META_BYTES,
                KEPT_BYTES - PacketMemory.META_BYTES);
        }
        for (int i = 0; i < bursts.length; i++) bursts[i] = new Burst();
    }

    PacketMemory packets() { return packets; }
    int payloadBytes()     { return payloadBytes; }
    int frameBytes()       { return headerBytes + payloadBytes; }

    /// The bursts of the next poll.
    Burst[] prepare() {
        for (int packet = 0; packet < PACKETS; packet++) {
            long keptAt = (long) packet * KEPT_BYTES;
            Wire.copy(kept, keptAt, memory, packets.slotAt(packet), PacketMemory.META_BYTES);
            Wire.copy(kept, keptAt + PacketMemory.META_BYTES, memory, meta.frameAt(packet),
                KEPT_BYTES - PacketMemory.META_BYTES);
        }
        for (int i = 0; i < bursts.length; i++) {
            bursts[i].clear();
            for (int j = 0; j < Burst.PACKETS_MAX; j++) bursts[i].add(i * Burst.PACKETS_MAX + j);
        }
        return bursts;
    }

    /// Writes the first packets to a capture.
    void write(Path file, int packetCount) throws CaptureException {
        try (CaptureWriter writer =
                 CaptureWriter.create(file, CaptureInterface.of(1, "", TimeScale.NANOSECONDS))) {
            for (int packet = 0; packet < packetCount; packet++) {
                writer.begin(0, packet * 1000L, frameBytes(), frameBytes());
                writer.append(memory, meta.frameAt(packet), frameBytes());
                writer.end();
            }
        }
    }

    private void build(int packet) {
        int flow = packet % flowCount;
        int index = packet / flowCount;
        meta.begin(packet, frameBytes(), 0, 0, 0);
        meta.hash(packet, flow);
        long at = meta.frameAt(packet);
        Wire.u48(memory, at, 0x02_00_00_00_00_01L);
        Wire.u48(memory, at + 6, 0x02_00_00_00_00_02L);
        Wire.u16(memory, at + 12, EtherType.IPV4);
        Ipv4View ip = new Ipv4View(packets).at(at + ETHERNET_BYTES);
        Wire.u16(memory, at + ETHERNET_BYTES, 0x4500);
        ip.totalBytes(frameBytes() - ETHERNET_BYTES);
        Wire.u16(memory, at + ETHERNET_BYTES + 4, index);
        Wire.u16(memory, at + ETHERNET_BYTES + 6, DONT_FRAGMENT);
        ip.ttl(64);
        ip.protocol(IpProtocol.TCP);
        ip.source(0x0a000001 + flow);
        ip.target(0x0a010001);
        Ipv4Checksum.fill(memory, at + ETHERNET_BYTES);
        TcpView tcp = new TcpView(packets).at(at + L4);
        tcp.sourcePort(10_000 + flow);
        tcp.targetPort(443);
        tcp.sequence(1 + index * payloadBytes);
        tcp.acknowledgement(1);
        tcp.headerBytes(headerBytes - L4);
        tcp.flags(TcpFlags.ACK);
        tcp.window(1_000);
        if (headerBytes > L4 + TcpView.HEADER_BYTES_MIN) {
            Wire.i32(memory, at + L4 + TcpView.OPTIONS_AT, NOP_NOP_TIMESTAMP);
            Wire.i64(memory, at + L4 + TcpView.OPTIONS_AT + 4, 0x0000_1234_0000_5678L);
        }
        for (int i = 0; i < payloadBytes; i++) Wire.u8(memory, at + headerBytes + i, packet + i);
        new TransportChecksum(packets).fill(packet, ETHERNET_BYTES, L4, frameBytes() - L4, IpProtocol.TCP);
    }

    /// As a device that sums every frame from behind the Ethernet header.
    private void knowSum(int packet) {
        long sum = InternetChecksum.sum(memory, meta.frameAt(packet) + ETHERNET_BYTES, frameBytes() - ETHERNET_BYTES);
        meta.checksumState(packet, ChecksumState.COMPLETE);
        meta.checksumStart(packet, PacketMemory.FRAME_AT + ETHERNET_BYTES);
        meta.checksumSum(packet, InternetChecksum.fold(sum));
    }
}
