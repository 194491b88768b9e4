package io.millrace.packet.parse.device;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseOutcome;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.ParseResult;

import java.util.Map;

/// A simulated device's parser: it walks packets by the tables of an image, row by row, as hardware walks its
/// memories. It knows no protocol and shares nothing with the host's parser but the graph.
///
/// One thread owns it.
public final class DeviceParser implements CompiledParser {

    private static final int UNLISTED = -1;

    private final PacketMeta meta;
    private final ParseRecords records;
    private final TableWalk walk;
    private final int[] rootLinkTypes;
    private final int[] rootNodes;
    private final int startNode;

    /// Refuses an image that needs more than the device has, with a [DeviceLimitException].
    public DeviceParser(ParseImage image, DeviceLimits limits, PacketMemory packets, ParseRecords records) {
        limits.check(image);
        this.meta = new PacketMeta(packets);
        this.records = records;
        this.walk = new TableWalk(image, packets.segment(), records);
        Map<Integer, Integer> roots = image.program().graph().roots();
        this.rootLinkTypes = roots.keySet().stream().mapToInt(Integer::intValue).toArray();
        this.rootNodes = roots.values().stream().mapToInt(Integer::intValue).toArray();
        this.startNode = image.program().graph().start();
    }

    @Override
    public ParseRecords records() {
        return records;
    }

    @Override
    public void parse(Burst burst) {
        for (int i = 0; i < burst.count(); i++) {
            parse(burst.packet(i), i);
        }
    }

    @Override
    public int parse(int packet, int index) {
        int root = root(meta.linkType(packet));
        int outcome = root == UNLISTED ? unlisted(index)
            : walked(packet, index, root, 0, meta.packetBytes(packet));
        publish(packet, index, outcome);
        return outcome;
    }

    @Override
    public int parse(int packet, int index, int start, int end) {
        return walked(packet, index, startNode, start, Math.min(end, meta.packetBytes(packet)));
    }

    /// How many nodes the walk over the last packet entered, the one that it ended in included.
    public int visitedCount() {
        return walk.visitedCount();
    }

    /// The node of one of them, by its number in the program's graph.
    public int visitedNode(int place) {
        return walk.visitedNode(place);
    }

    private int root(int linkType) {
        for (int i = 0; i < rootLinkTypes.length; i++) {
            if (rootLinkTypes[i] == linkType) return rootNodes[i];
        }
        return UNLISTED;
    }

    private int walked(int packet, int index, int node, int start, int end) {
        int result = walk.walk(meta.frameAt(packet), index, node, start, meta.slotBytes(packet), end);
        RecordWriter written = walk.records();
        int outcome = ParseOutcome.of(result, written.count(), written.allFlags());
        written.outcome(outcome);
        return outcome;
    }

    private int unlisted(int index) {
        RecordWriter written = walk.records();
        written.begin(index);
        written.open(0);
        int outcome = ParseOutcome.of(ParseResult.UNKNOWN_PROTO.ordinal(), 0, 0);
        written.outcome(outcome);
        walk.forget();
        return outcome;
    }

    private void publish(int packet, int index, int outcome) {
        int first = ParseRecords.recordAt(index, 0);
        meta.l3(packet, records.l3(first));
        meta.l4(packet, records.l4(first));
        meta.payload(packet, records.payload(first));
        meta.end(packet, records.end(first));
        meta.proto(packet, records.proto(first));
        meta.family(packet, records.family(first));
        meta.flags(packet, records.flags(first));
        meta.tcpFlags(packet, records.tcpFlags(first));
        meta.parseResult(packet, ParseOutcome.result(outcome).ordinal());
        meta.recordCount(packet, ParseOutcome.recordCount(outcome));
        meta.vlan0(packet, records.vlan0(first));
        meta.vlan1(packet, records.vlan1(first));
        if (ParseOutcome.recordCount(outcome) > 1) publishInner(packet, records.lastAt(index));
    }

    private void publishInner(int packet, int record) {
        meta.innerL3(packet, records.l3(record));
        meta.innerL4(packet, records.l4(record));
        meta.innerPayload(packet, records.payload(record));
        meta.innerEnd(packet, records.end(record));
        meta.innerProto(packet, records.proto(record));
        meta.innerFamily(packet, records.family(record));
        meta.innerFlags(packet, records.flags(record));
    }
}
