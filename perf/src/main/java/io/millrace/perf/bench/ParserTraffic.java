package io.millrace.perf.bench;

import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureReader;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Ethernet packets to be parsed, in bursts, in a memory of their own that is never given back.
public final class ParserTraffic {

    private static final int FLOW_COUNT = 256;
    private static final int LINK_TYPE_ETHERNET = 1;
    private static final String MACS = "020000000001020000000002";

    private final String label;
    private final PacketMemory packets;
    private final Burst[] bursts;
    private final int packetCount;

    private ParserTraffic(String label, List<byte[]> frames) {
        this.label = label;
        this.packetCount = frames.size();
        this.packets = new PacketMemory(Arena.global(), packetCount);
        this.bursts = new Burst[(packetCount + Burst.PACKETS_MAX - 1) / Burst.PACKETS_MAX];
        var meta = new PacketMeta(packets);
        for (int packet = 0; packet < packetCount; packet++) {
            byte[] frame = frames.get(packet);
            meta.begin(packet, frame.length, 0, 0, 0);
            MemorySegment.copy(frame, 0, packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(packet), frame.length);
            int burst = packet / Burst.PACKETS_MAX;
            if (bursts[burst] == null) bursts[burst] = new Burst();
            bursts[burst].add(packet);
        }
    }

    /// 64-byte frames, UDP over IPv4.
    public static ParserTraffic udp4() {
        return flows("64-byte UDP/IPv4", flow -> MACS + "0800" + ipv4(flow, 17, 30) + udp(53, 22) + "00".repeat(22));
    }

    public static ParserTraffic tcp6() {
        return flows("TCP/IPv6", flow -> MACS + "86dd" + ipv6(flow, 6, 26) + tcp() + "00".repeat(6));
    }

    /// TCP over IPv4 in VXLAN over IPv4.
    public static ParserTraffic vxlan() {
        String inner = MACS + "0800" + ipv4(1, 6, 30) + tcp() + "00".repeat(10);
        int innerBytes = inner.length() / 2;
        return flows("VXLAN, TCP/IPv4 inside", flow -> MACS + "0800" + ipv4(flow, 17, 16 + innerBytes)
            + udp(4789, 8 + innerBytes) + "0800000000000700" + inner);
    }

    /// Every Ethernet packet of the captures below a folder, shuffled; long ones up to one slot.
    public static ParserTraffic corpus(Path folder, long seed) {
        List<byte[]> frames = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> file.toString().matches(".*\\.(pcap|pcapng|cap)")).sorted()
                .forEach(file -> read(file, frames));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder, e);
        }
        Collections.shuffle(frames, new Random(seed));
        return new ParserTraffic("corpus, shuffled", frames);
    }

    private static void read(Path file, List<byte[]> frames) {
        try (Arena arena = Arena.ofConfined(); CaptureReader capture = CaptureReader.open(file)) {
            MemorySegment buffer = arena.allocate(PacketMemory.FRAME_BYTES_MAX);
            while (capture.advance()) {
                int bytes = Math.min(capture.capturedBytes(), PacketMemory.FRAME_BYTES_MAX);
                if (capture.linkType() != LINK_TYPE_ETHERNET || !capture.copyTo(buffer, 0, 0, bytes)) continue;
                frames.add(buffer.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE));
            }
        } catch (CaptureException e) {
            // what is no capture has no packets
        }
    }

    public String label()         { return label; }
    public PacketMemory packets() { return packets; }
    public Burst[] bursts()       { return bursts; }
    public int packetCount()      { return packetCount; }

    private static ParserTraffic flows(String label, IntFunction<String> frame) {
        return new ParserTraffic(label,
            IntStream.range(0, FLOW_COUNT).mapToObj(flow -> HexFormat.of().parseHex(frame.apply(flow))).toList());
    }

    private static String ipv4(int flow, int proto, int payloadBytes) {
        return "4500%04x0001000040%02x0000c612%04xc6130002".formatted(20 + payloadBytes, proto, flow);
    }

    private static String ipv6(int flow, int proto, int payloadBytes) {
        String net = "20010db8" + "0".repeat(20);
        return "60000000%04x%02x40".formatted(payloadBytes, proto) + net + "%04x".formatted(flow) + net + "ffff";
    }

    private static String udp(int targetPort, int payloadBytes) {
        return "04d2%04x%04x0000".formatted(targetPort, 8 + payloadBytes);
    }

    private static String tcp() {
        return "04d20050" + "00000001" + "00000002" + "5010" + "0100" + "00000000";
    }
}
