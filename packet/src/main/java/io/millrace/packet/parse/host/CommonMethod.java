package io.millrace.packet.parse.host;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.ParseResult;
import io.millrace.packet.parse.RecordField;
import io.millrace.packet.parse.graph.ParseGraph;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.Map;
import java.util.TreeMap;

/// The common way as one method. Record 0 lives in registers from the first byte to the last header and is written at
/// the end of each way, addresses before. Where a packet leaves the way, the record is written too, and [HostWalk] goes
/// on there.
///
/// "End" is in none of the record's words: the local that holds it goes in when the record is written.
final class CommonMethod {

    private static final int THIS = 0;
    private final CodeBuilder code;
    private final ParseGraph graph;
    private final int packet;
    private final int index;
    private final int slotAt;
    private final int record;
    private final int result;
    private final int outcome;
    private final int protocols;
    private final int depth;
    private final NodeCode.Locals locals;
    private final Words words;
    /// Where packets that leave, and those that end with another result than `OKAY`, are finished: a place for each set
    /// of words that are stored already.
    private final Map<Integer, Label> leaving = new TreeMap<>();
    private final Map<Integer, Label> failing = new TreeMap<>();
    private final Label publishing;
    private final Runnable done;

    /// @param packet local, int: the packet
    /// @param index  local, int: its place in the burst
    /// @param slotAt local, long: offset of the packet's slot
    /// @param done   what to do with the outcome, which is on the stack
    CommonMethod(CodeBuilder code, ParseGraph graph, int packet, int index, int slotAt, Runnable done) {
        this.code = code;
        this.graph = graph;
        this.packet = packet;
        this.index = index;
        this.slotAt = slotAt;
        this.publishing = code.newLabel();
        this.done = done;
        this.record = code.allocateLocal(TypeKind.INT);
        this.result = code.allocateLocal(TypeKind.INT);
        this.depth = code.allocateLocal(TypeKind.INT);
        this.outcome = code.allocateLocal(TypeKind.INT);
        this.protocols = code.allocateLocal(TypeKind.LONG);
        this.words = new Words(code, () -> code.iload(record), true);
        this.locals = new NodeCode.Locals(code.allocateLocal(TypeKind.LONG), code.allocateLocal(TypeKind.INT),
            code.allocateLocal(TypeKind.INT), code.allocateLocal(TypeKind.INT), code.allocateLocal(TypeKind.INT),
            NodeCode.NO_LOCAL);
    }

    void emit(CommonWay.Step first) {
        begin();
        step(first, Words.Known.ALL_ZERO);
        leaving.forEach(this::resume);
        failing.forEach(this::fail);
        publish();
    }

    private void begin() {
        int extent = code.allocateLocal(TypeKind.LONG);
        Names.pushExtent(code, slotAt);
        code.lstore(extent);
        code.lload(slotAt).lload(extent).loadConstant(PacketMemory.CHUNK_BYTES - 1L).land().ladd()
            .lstore(locals.frame());
        code.lload(extent).loadConstant(32).lushr().l2i().istore(locals.end());
        code.lload(extent).l2i().loadConstant(16).iushr().iload(locals.end())
            .invokestatic(Names.MATH, "min", Names.INT_OF_INTS).istore(locals.present());
        code.iconst_0().istore(locals.at());
        code.iload(index).iconst_0().invokestatic(Names.RECORDS, "recordAt", Names.INT_OF_INTS).istore(record);
        for (int word = 0; word < Words.COUNT; word++) code.lconst_0().lstore(words.local(word));
    }

    /// The code of a node on one way, then of those that follow it there.
    private void step(CommonWay.Step step, Words.Known before) {
        Exits exits = new Exits(code::newLabel, words);
        for (CommonWay.Step next : step.next()) exits.expect(next.node());
        words.known(before);
        new NodeCode(code, graph.node(step.node()), step.node(), graph.limits(), locals, words, exits).emit();
        Words.Known after = words.known();
        exits.results().forEach((end, label) -> {
            code.labelBinding(label);
            end(end);
        });
        exits.nodes().forEach((node, label) -> {
            code.labelBinding(label);
            code.loadConstant((int) node).istore(locals.next());
            leave(step, after);
        });
        if (exits.isComputedUsed()) {
            code.labelBinding(exits.computed());
            leave(step, after);
        }
        for (CommonWay.Step next : step.next()) {
            code.labelBinding(exits.arrive(next.node()));
            step(next, after);
        }
    }

    private void end(Exits.End end) {
        code.loadConstant(end.result().ordinal()).istore(result);
        if (end.result() == ParseResult.OKAY) {
            finish(end.stored());
        } else {
            code.goto_(failing.computeIfAbsent(end.stored(), _ -> code.newLabel()));
        }
    }

    private void leave(CommonWay.Step step, Words.Known known) {
        code.loadConstant(step.depth() + 1).istore(depth)
            .goto_(leaving.computeIfAbsent(known.stored(), _ -> code.newLabel()));
    }

    /// Hands the walk over at a node that is not on the way.
    private void resume(int stored, Label label) {
        code.labelBinding(label);
        storeWords(stored);
        code.aload(THIS).iload(packet).lload(locals.frame()).iload(index).iload(locals.at()).iload(locals.present())
            .iload(locals.end()).iload(depth).iload(locals.next())
            .invokevirtual(Names.PARSER, "resume", Names.RESUME);
        done.run();
    }

    private void fail(int stored, Label label) {
        Label isUnknown = code.newLabel();
        code.labelBinding(label);
        code.iload(result).loadConstant(ParseResult.UNKNOWN_PROTO.ordinal()).if_icmpeq(isUnknown);
        words.or(RecordField.FLAGS, 0, ParseFlags.NOT_UNDERSTOOD);
        code.labelBinding(isUnknown);
        finish(stored);
    }

    /// Completes the record, and computes what goes into the metadata.
    private void finish(int stored) {
        int flags = words.local(ParseRecords.FLAGS_WORD);
        int last = words.local(ParseRecords.LAST_WORD);
        code.iload(result).iconst_1().lload(flags).l2i().loadConstant(0xffff).iand()
            .invokestatic(Names.OUTCOME, "of", Names.OUTCOME_OF).istore(outcome);
        code.lload(last).iload(outcome).invokestatic(Names.WALK, "lastWord", Names.LAST_WORD).lstore(last);
        storeWords(stored);
        code.lload(words.local(ParseRecords.PORTS_WORD)).lload(flags).iload(outcome)
            .invokestatic(Names.WALK, "protocols", Names.PROTOCOLS).lstore(protocols);
        code.goto_(publishing);
    }

    /// Writes the metadata, in one place: each write costs the JIT some hundred nodes of its budget.
    private void publish() {
        code.labelBinding(publishing);
        Names.pushMemory(code);
        code.lload(slotAt).lload(words.local(ParseRecords.OFFSETS_WORD)).lload(protocols)
            .lload(words.local(ParseRecords.VLANS_WORD)).invokestatic(Names.META, "parsed", Names.PARSED);
        code.iload(outcome);
        done.run();
    }

    private void storeWords(int stored) {
        words.known(new Words.Known(new long[Words.COUNT], stored));   // no word has an "end" yet
        words.write(RecordField.END, code::lconst_0, () -> NodeCode.pushEnd(code, locals.end()));
        for (int word = 0; word < Words.COUNT; word++) {
            if ((stored >>> word & 1) == 0) words.store(word);
        }
    }
}
