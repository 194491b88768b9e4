package io.millrace.nic.driver.gen.session;

import io.millrace.checksum.InternetChecksum;
import io.millrace.nic.driver.gen.layer.Layer;
import io.millrace.nic.driver.gen.layer.LayerKind;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static io.millrace.nic.driver.gen.session.FrameWriter.L4;
import static io.millrace.nic.driver.gen.session.FrameWriter.sum;
import static io.millrace.packet.memory.PacketMemory.NONE;

/// Makes the UDP datagrams of one end.
final class DatagramWriter {

    static final int HEADER_BYTES = 42;
    private static final int UDP_HEADER_BYTES = 8;

    private final MemorySegment memory;
    private final FrameWriter frames;

    DatagramWriter(Arena arena, PacketMemory packets, int port, SessionSide side, MemorySegment spoken) {
        this.memory = packets.segment();
        this.frames = new FrameWriter(arena, packets, port, side, Layer.of(LayerKind.UDP).with("source-port", 0)
            .with("target-port", 0).with("length", 0).with("checksum", 0), spoken);
    }

    /// A datagram whose payload begins with `wordCount` of the three words, or is what was said at `storeAt` if that is
    /// not negative. `NONE` without a slot.
    int write(PacketPool pool, long addresses, int ports, int id, int payloadBytes, int wordCount, int first,
              int second, int third, long storeAt, long nowNs) {
        int udpBytes = UDP_HEADER_BYTES + payloadBytes;
        int packet = frames.begin(pool, addresses, id & 0xffff, udpBytes, nowNs);
        if (packet == NONE) return NONE;
        long at = frames.at();
        Wire.i32(memory, at + L4, ports);
        Wire.u16(memory, at + L4 + 4, udpBytes);
        long sum = frames.addressSum() + IpProtocol.UDP + 2L * udpBytes + sum(ports);
        for (int i = 0; i < wordCount; i++) {
            int word = i == 0 ? first : i == 1 ? second : third;
            Wire.i32(memory, at + HEADER_BYTES + 4L * i, word);
            sum += sum(word);
        }
        if (storeAt >= 0) sum += frames.speak(at + HEADER_BYTES, storeAt, payloadBytes);
        Wire.u16(memory, at + L4 + 6, InternetChecksum.finishNotZero(sum));
        return packet;
    }
}
