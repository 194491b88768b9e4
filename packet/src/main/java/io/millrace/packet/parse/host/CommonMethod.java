package io.millrace.packet.parse.host;

import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.parse.ParseResult;
import io.millrace.packet.parse.RecordField;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.OptionalFields;
import io.millrace.packet.parse.graph.ParseGraph;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The common way as one method: record 0 lives in registers from the first byte to the last header and is written
/// once. Where a packet leaves the way, the record and the state go to [HostWalk], and the walk goes on there.
///
/// Each node of the way stands once, whatever leads to it; `at` says where its header begins.
final class CommonMethod {

    private static final int THIS = 0;

    /// What is known when control reaches a node: the bits of the record that can be set, and the least and most that
    /// `at` can be.
    private record Known(long[] maybeSet, int atMost) {

        Known or(Known other) {
            long[] both = maybeSet.clone();
            Arrays.setAll(both, word -> both[word] | other.maybeSet[word]);
            return new Known(both, Math.max(atMost, other.atMost));
        }
    }

    private final CodeBuilder code;
    private final ParseGraph graph;
    private final List<Integer> way;
    private final int packet;
    private final int index;
    private final int slotAt;
    private final int record;
    private final int nodes;
    private final int result;
    private final NodeCode.Locals locals;
    private final Words words;
    private final Exits exits;
    private final Map<Integer, Known> known = new HashMap<>();

    /// @param packet local, int: the packet
    /// @param index  local, int: its place in the burst
    /// @param slotAt local, long: offset of the packet's slot
    CommonMethod(CodeBuilder code, ParseGraph graph, List<Integer> way, int packet, int index, int slotAt) {
        this.code = code;
        this.graph = graph;
        this.way = way;
        this.packet = packet;
        this.index = index;
        this.slotAt = slotAt;
        this.record = code.allocateLocal(TypeKind.LONG);
        this.nodes = code.allocateLocal(TypeKind.INT);
        this.result = code.allocateLocal(TypeKind.INT);
        this.words = new Words(code);
        this.exits = new Exits(code::newLabel);
        this.locals = new NodeCode.Locals(code.allocateLocal(TypeKind.LONG), code.allocateLocal(TypeKind.INT),
            code.allocateLocal(TypeKind.INT), code.allocateLocal(TypeKind.INT), code.allocateLocal(TypeKind.INT), null);
    }

    void emit() {
        begin();
        way.forEach(exits::expect);
        for (int number : way) node(number);
        leave();
        finish();
    }

    private void begin() {
        Names.pushExtent(code, slotAt);
        int extent = code.allocateLocal(TypeKind.LONG);
        code.lstore(extent);
        code.lload(slotAt).lload(extent).loadConstant(0xffffL).land().ladd().lstore(locals.frame());
        code.lload(extent).l2i().loadConstant(16).iushr().istore(locals.present());
        code.lload(extent).loadConstant(32).lushr().l2i().istore(locals.end());
        code.iload(locals.present()).iload(locals.end()).invokestatic(Names.MATH, "min", Names.INT_OF_INTS)
            .istore(locals.present());
        code.iconst_0().istore(locals.at()).iconst_0().istore(nodes);
        for (int word = 0; word < Words.COUNT; word++) code.lconst_0().lstore(words.local(word));
        code.iload(index).iconst_0().invokestatic(Names.RECORDS, "recordAt", Names.LONG_OF_INTS).lstore(record);
        words.write(RecordField.END, code::lconst_0, () -> NodeCode.pushEnd(code, locals.end()));
        known.put(way.getFirst(), new Known(words.maybeSet(), 0));
    }

    private void node(int number) {
        Node node = graph.node(number);
        Known before = known.get(number);
        words.maybeSet(before.maybeSet());
        code.labelBinding(exits.arrive(number)).iinc(nodes, 1);
        int endMost = before.atMost() + mostBytes(node);
        boolean canReachLimit = endMost > graph.limits().headerBytesMax();
        new NodeCode(code, node, number, graph.limits(), canReachLimit ? withLimit() : locals, words, exits).emit();
        Known after = new Known(words.maybeSet(), node.isOverlay() ? before.atMost() : endMost);
        for (int successor : node.next().successors()) {
            if (way.contains(successor)) known.merge(successor, after, Known::or);
        }
    }

    private NodeCode.Locals withLimit() {
        int limit = code.allocateLocal(TypeKind.INT);
        code.loadConstant(graph.limits().headerBytesMax()).istore(limit);
        return new NodeCode.Locals(locals.frame(), locals.at(), locals.present(), locals.end(), locals.next(), limit);
    }

    private static int mostBytes(Node node) {
        if (node.headerLength() != null) return (int) FieldCode.mostBytes(node.headerLength());
        int bytes = node.bytesMin();
        if (node.optional() != null) {
            for (OptionalFields.Entry entry : node.optional().entries()) bytes += entry.bytes();
        }
        return bytes;
    }

    /// Hands the walk over at a node that is not on the way.
    private void leave() {
        Label leaving = code.newLabel();
        exits.nodes().forEach((number, label) -> {
            code.labelBinding(label);
            code.loadConstant((int) number).istore(locals.next()).goto_(leaving);
        });
        code.labelBinding(exits.computed()).labelBinding(leaving);
        pushRecordPlace();
        pushWords();
        code.invokestatic(Names.WALK, "storeWords", Names.STORE_WORDS);
        code.aload(THIS).iload(packet).lload(locals.frame()).iload(index).iload(locals.at()).iload(locals.present())
            .iload(locals.end()).iload(nodes).iload(locals.next())
            .invokevirtual(Names.PARSER, "resume", Names.RESUME).ireturn();
    }

    private void finish() {
        Label failed = code.newLabel();
        Label finished = code.newLabel();
        exits.results().forEach((each, label) -> {
            boolean isFailure = each.ordinal() > ParseResult.UNKNOWN_PROTO.ordinal();
            code.labelBinding(label);
            code.loadConstant(each.ordinal()).istore(result).goto_(isFailure ? failed : finished);
        });
        code.labelBinding(failed);
        words.or(RecordField.FLAGS, 0, ParseFlags.NOT_UNDERSTOOD);
        code.labelBinding(finished);
        Names.pushMemory(code);
        code.lload(slotAt);
        pushRecordPlace();
        code.iload(result);
        pushWords();
        code.invokestatic(Names.WALK, "finishCommon", Names.FINISH_COMMON).ireturn();
    }

    private void pushRecordPlace() {
        code.aload(THIS).getfield(Names.PARSER, "records", Names.SEGMENT).lload(record);
    }

    private void pushWords() {
        for (int word = 0; word < Words.COUNT; word++) code.lload(words.local(word));
    }
}
