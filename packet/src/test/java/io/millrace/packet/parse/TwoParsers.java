package io.millrace.packet.parse;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.device.DeviceLimits;
import io.millrace.packet.parse.device.DeviceParser;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.host.HostCompiler;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// One program compiled for the host and for a device, side by side over one packet memory.
///
/// The device runs the image as it was written and read again. A frame lies at the very end of its slot, with other
/// bytes
/// behind it for one parser than for the other, and the records hold different remains: whoever reads past the packet,
/// or
/// leaves a field as it was, disagrees.
public final class TwoParsers {

    private static final int PACKET = 1;
    private static final int INDEX = 5;
    /// More than a read reaches from the last byte that is there.
    private static final int BEHIND_BYTES = 512;

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), PACKET + 1);
    private final PacketMeta meta = new PacketMeta(packets);
    private final ParseProgram program;
    private final ParseRecords hostRecords;
    private final ParseRecords deviceRecords;
    private final CompiledParser host;
    private final DeviceParser device;

    public TwoParsers(ParseProgram program) {
        this.program = program;
        int encapsMax = program.graph().limits().encapsMax();
        this.hostRecords = new ParseRecords(encapsMax);
        this.deviceRecords = new ParseRecords(encapsMax);
        this.host = new HostCompiler(program, packets).newParser(hostRecords);
        ParseImage image = ParseImage.load(ParseImage.of(program).bytes());
        DeviceLimits limits = new DeviceLimits(program.graph().limits(), image.nodeCount(), image.matchCount());
        this.device = new DeviceParser(image, limits, packets, deviceRecords);
    }

    public ParseProgram program()       { return program; }
    public ParseRecords records()       { return hostRecords; }
    public PacketMeta meta()            { return meta; }
    public int packet()                 { return PACKET; }
    public int recordAt(int record)    { return ParseRecords.recordAt(INDEX, record); }

    /// Parses a frame with both and returns the outcome; fails if they differ in the outcome, in any byte of a record
    /// or in the metadata.
    public int parse(byte[] frame, int linkType) {
        soil();
        place(frame, linkType, (byte) 0x00);
        int deviceOutcome = device.parse(PACKET, INDEX);
        byte[] deviceMeta = metaBytes();
        place(frame, linkType, (byte) 0xff);
        int hostOutcome = host.parse(PACKET, INDEX);
        compare(frame, hostOutcome, deviceOutcome);
        if (!Arrays.equals(metaBytes(), deviceMeta)) {
            throw difference(frame, "metadata\nhost   " + hex(metaBytes()) + "\ndevice " + hex(deviceMeta));
        }
        return hostOutcome;
    }

    /// The same from the root node, over part of a frame.
    public int parse(byte[] frame, int start, int end) {
        soil();
        place(frame, 1, (byte) 0x00);
        byte[] before = metaBytes();
        int deviceOutcome = device.parse(PACKET, INDEX, start, end);
        place(frame, 1, (byte) 0xff);
        int hostOutcome = host.parse(PACKET, INDEX, start, end);
        compare(frame, hostOutcome, deviceOutcome);
        if (!Arrays.equals(metaBytes(), before)) throw difference(frame, "metadata was written");
        return hostOutcome;
    }

    /// The layers of the packet parsed last, outermost first.
    public List<String> layers() {
        List<String> layers = new ArrayList<>();
        for (int i = 0; i < device.visitedCount(); i++) {
            Node node = program.graph().node(device.visitedNode(i));
            if (!node.layer().isEmpty()) layers.add(node.layer());
        }
        return layers;
    }

    /// What was in the records before must not matter.
    private void soil() {
        Arrays.fill(hostRecords.words(), 0xa5a5a5a5_a5a5a5a5L);
        Arrays.fill(deviceRecords.words(), 0x5a5a5a5a_5a5a5a5aL);
    }

    private void place(byte[] frame, int linkType, byte behind) {
        int slotBytes = Math.min(frame.length, PacketMemory.FRAME_BYTES_MAX);
        meta.begin(PACKET, slotBytes, 0, 0, 0);
        meta.linkType(PACKET, linkType);
        meta.packetBytes(PACKET, frame.length);
        meta.dataAt(PACKET, PacketMemory.CHUNK_BYTES - slotBytes);
        MemorySegment.copy(frame, 0, packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(PACKET), slotBytes);
        packets.guarded().asSlice(packets.segment().byteSize(), BEHIND_BYTES).fill(behind);
    }

    private void compare(byte[] frame, int hostOutcome, int deviceOutcome) {
        if (hostOutcome != deviceOutcome) {
            throw difference(frame, "outcome: host " + shown(hostOutcome) + ", device " + shown(deviceOutcome));
        }
        for (int record = 0; record < Math.max(1, ParseOutcome.recordCount(hostOutcome)); record++) {
            String hostRecord = used(hostRecords, record);
            String deviceRecord = used(deviceRecords, record);
            if (!hostRecord.equals(deviceRecord)) {
                throw difference(frame, "record " + record + "\nhost   " + hostRecord + "\ndevice " + deviceRecord);
            }
        }
    }

    private AssertionError difference(byte[] frame, String what) {
        return new AssertionError("host and device differ in " + what + "\nframe  " + HexFormat.of().formatHex(frame)
            + "\ngraph  " + program.canonical());
    }

    private static String shown(int outcome) {
        return ParseOutcome.result(outcome) + " records " + ParseOutcome.recordCount(outcome) + " flags "
            + ParseOutcome.flags(outcome);
    }

    private static String used(ParseRecords records, int record) {
        int at = ParseRecords.recordAt(INDEX, record);
        return Arrays.stream(records.words(), at, at + ParseRecords.USED_WORDS)
            .mapToObj(HexFormat.of()::toHexDigits).collect(Collectors.joining(" "));
    }

    /// All of the metadata: what a parser must not write is compared too.
    private byte[] metaBytes() {
        return packets.segment().asSlice(packets.slotAt(PACKET), PacketMemory.META_BYTES)
            .toArray(ValueLayout.JAVA_BYTE);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }
}
