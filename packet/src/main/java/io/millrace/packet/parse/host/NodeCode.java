package io.millrace.packet.parse.host;

import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.parse.ParseResult;
import io.millrace.packet.parse.RecordField;
import io.millrace.packet.parse.graph.Condition;
import io.millrace.packet.parse.graph.Extraction;
import io.millrace.packet.parse.graph.Length;
import io.millrace.packet.parse.graph.Limits;
import io.millrace.packet.parse.graph.Next;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.OptionalFields;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.List;

/// The code of one node, from the check that its header is there to the jump to what follows, in the order that the
/// representation fixes. The same code serves inline in the common way and in a method of its own; what differs is
/// where the [Locals] come from and where the [Exits] lead.
final class NodeCode {

    /// The variables that the code of a node lives on.
    ///
    /// @param frame  long: the packet's first byte in packet memory
    /// @param at     int: the header's first byte in the packet; at exit, the next header's
    /// @param next   int: the node that [Exits#computed] leads to
    /// @param limit  int: where headers must end; [#NO_LOCAL] on the common way, which is too short to meet it and
    ///               which writes "end" into the record by itself
    record Locals(int frame, int at, int present, int end, int next, int limit) {

        boolean isCommonWay() {
            return limit == NO_LOCAL;
        }
    }

    static final int NO_LOCAL = -1;

    private static final int TABLE_INLINE_MAX = 48;
    private static final int OFFSET_MAX = 0xffff;

    private final CodeBuilder code;
    private final Node node;
    private final int nodeNumber;
    private final Limits limits;
    private final Locals locals;
    private final Words words;
    private final Exits exits;
    private final FieldCode fields;
    /// Local of the header's end, where that is not `at` plus the minimum.
    private final int headerEnd;

    NodeCode(CodeBuilder code, Node node, int nodeNumber, Limits limits, Locals locals, Words words, Exits exits) {
        this.code = code;
        this.node = node;
        this.nodeNumber = nodeNumber;
        this.limits = limits;
        this.locals = locals;
        this.words = words;
        this.exits = exits;
        this.headerEnd = node.isFixedLength() ? -1 : code.allocateLocal(TypeKind.INT);
        this.fields = new FieldCode(code, node, code.allocateLocal(TypeKind.LONG));
    }

    void emit() {
        fixedPart();
        headerLength();
        for (Condition check : node.checks()) {
            fields.branchUnless(check, exits.result(ParseResult.BAD_FIELD));
        }
        packetLength();
        for (Extraction extraction : node.metadata()) extract(extraction, fields);
        for (Condition condition : node.flagIf()) flagIf(condition);
        optionalFields();
        if (node.tlvs() != null) {
            new TlvCode(code, node.tlvs(), limits.tlvsMax(), this::pushHeaderEnd, locals, words, exits, this::extract)
                .emit();
        }
        for (Condition condition : node.stopIf()) stopIf(condition);
        next();
    }

    private void fixedPart() {
        boolean isThere = locals.isCommonWay() && node.bytesMin() == 0;   // it begins where one ended that was
        if (!isThere) code.iload(locals.at()).loadConstant(node.bytesMin()).iadd().iload(locals.present())
            .if_icmpgt(exits.result(ParseResult.SHORT));
        code.lload(locals.frame()).iload(locals.at()).i2l().ladd().lstore(fields.base());
        fields.loadWindows();
    }

    private void headerLength() {
        if (!node.isFixedLength()) {
            if (node.headerLength() == null) {
                pushOptionalBytes();
            } else {
                pushStatedBytes(node.headerLength());
            }
            code.iload(locals.at()).iadd().istore(headerEnd);
        }
        if (!locals.isCommonWay()) {
            pushHeaderEnd();
            code.iload(locals.limit()).if_icmpgt(exits.result(ParseResult.MAX_HEADER_BYTES));
        }
        if (!node.isFixedLength()) {
            code.iload(headerEnd).iload(locals.present()).if_icmpgt(exits.result(ParseResult.SHORT));
        }
    }

    private void pushStatedBytes(Length length) {
        fields.pushLength(length);
        if (FieldCode.leastBytes(length) >= node.bytesMin()) return;
        code.dup().loadConstant(node.bytesMin());
        Label isLongEnough = code.newLabel();
        code.if_icmpge(isLongEnough).pop().goto_(exits.result(ParseResult.BAD_LENGTH));
        code.labelBinding(isLongEnough);
    }

    private void pushOptionalBytes() {
        code.loadConstant(node.bytesMin());
        for (OptionalFields.Entry entry : node.optional().entries()) {
            Label isAbsent = code.newLabel();
            fields.branchUnlessFlag(node.optional().field(), entry, isAbsent);
            code.loadConstant(entry.bytes()).iadd();
            code.labelBinding(isAbsent);
        }
    }

    private void pushHeaderEnd() {
        if (node.isFixedLength()) {
            code.iload(locals.at()).loadConstant(node.bytesMin()).iadd();
        } else {
            code.iload(headerEnd);
        }
    }

    /// The packet ends where this header says, unless it says nothing or more than there is.
    private void packetLength() {
        if (node.packetLength() == null) return;
        Label isDone = code.newLabel();
        Label isCut = code.newLabel();
        int newEnd = code.allocateLocal(TypeKind.INT);
        fields.pushMasked(node.packetLength().field());
        code.lconst_0().lcmp().ifeq(isDone);
        fields.pushLength(node.packetLength());
        code.iload(locals.at()).iadd().dup().istore(newEnd);
        pushHeaderEnd();
        code.if_icmplt(exits.result(ParseResult.BAD_LENGTH));
        code.iload(newEnd).iload(locals.end()).if_icmpgt(isCut);

        code.iload(newEnd).istore(locals.end());
        code.iload(newEnd).iload(locals.present()).invokestatic(Names.MATH, "min", Names.INT_OF_INTS)
            .istore(locals.present());
        Words.Known before = words.known();
        if (!locals.isCommonWay()) words.write(RecordField.END, code::lconst_0, () -> pushEnd(code, newEnd));
        code.goto_(isDone);

        code.labelBinding(isCut);
        words.known(before);
        words.or(RecordField.FLAGS, 0, ParseFlags.CUT);
        if (!locals.isCommonWay()) words.forget(RecordField.END);
        code.labelBinding(isDone);
    }

    /// Pushes an end as a record keeps it, in two bytes.
    static void pushEnd(CodeBuilder code, int end) {
        code.iload(end).loadConstant(OFFSET_MAX).invokestatic(Names.MATH, "min", Names.INT_OF_INTS).i2l();
    }

    private void flagIf(Condition condition) {
        if (condition.flags() == 0) return;
        Label doesNotHold = code.newLabel();
        fields.branchUnless(condition, doesNotHold);
        words.or(RecordField.FLAGS, 0, condition.flags());
        code.labelBinding(doesNotHold);
    }

    private void stopIf(Condition condition) {
        Label doesNotHold = code.newLabel();
        fields.branchUnless(condition, doesNotHold);
        Words.Known before = words.known();
        words.or(RecordField.FLAGS, 0, condition.flags());
        code.goto_(exits.result(ParseResult.OKAY));
        words.known(before);
        code.labelBinding(doesNotHold);
    }

    /// Walks the optional fields that are there. Where the header states its length, they must lie within.
    private void optionalFields() {
        OptionalFields optional = node.optional();
        if (optional == null) return;
        boolean isLengthStated = node.headerLength() != null;
        if (!isLengthStated && optional.entries().stream().allMatch(entry -> entry.metadata().isEmpty())) return;
        int fieldAt = code.allocateLocal(TypeKind.INT);
        code.iload(locals.at()).loadConstant(node.bytesMin()).iadd().istore(fieldAt);
        int base = code.allocateLocal(TypeKind.LONG);
        for (OptionalFields.Entry entry : optional.entries()) {
            Label isAbsent = code.newLabel();
            fields.branchUnlessFlag(optional.field(), entry, isAbsent);
            if (isLengthStated) {
                code.iload(fieldAt).loadConstant(entry.bytes()).iadd().iload(headerEnd)
                    .if_icmpgt(exits.result(ParseResult.BAD_LENGTH));
            }
            code.lload(locals.frame()).iload(fieldAt).i2l().ladd().lstore(base);
            FieldCode optionalField = new FieldCode(code, null, base);
            for (Extraction extraction : entry.metadata()) extract(extraction, optionalField);
            code.iload(fieldAt).loadConstant(entry.bytes()).iadd().istore(fieldAt);
            code.labelBinding(isAbsent);
            for (Extraction extraction : entry.metadata()) words.forget(extraction.to());
        }
    }

    /// Writes one extraction; `source` reads the header, or the optional field or option that it counts from.
    private void extract(Extraction extraction, FieldCode source) {
        RecordField to = extraction.to();
        switch (extraction) {
            case Extraction.Value value -> words.write(to, code::lconst_0,
                () -> source.pushShifted(value.field(), value.rightShift(), this::pushHeaderEnd, locals));
            case Extraction.Bytes bytes -> words.write(to,
                () -> source.pushHighBytes(bytes, this::pushHeaderEnd, locals),
                () -> source.pushLowBytes(bytes, this::pushHeaderEnd, locals));
            case Extraction.Position position -> words.write(to, code::lconst_0, () -> pushPosition(position.kind()));
            case Extraction.Constant constant -> constant(to, constant);
        }
    }

    private void constant(RecordField to, Extraction.Constant constant) {
        long high = constant.value().shiftRight(64).longValue();
        long low = constant.value().longValue();
        if (constant.isOr()) {
            words.or(to, high, low);
        } else {
            words.write(to, () -> code.loadConstant(high), () -> code.loadConstant(low));
        }
    }

    private void pushPosition(Extraction.Position.Kind kind) {
        switch (kind) {
            case OFFSET -> code.iload(locals.at());
            case END -> pushHeaderEnd();
            case LENGTH -> {
                pushHeaderEnd();
                code.iload(locals.at()).isub();
            }
        }
        code.i2l();
    }

    private void next() {
        switch (node.next()) {
            case Next.Leaf _ -> code.goto_(exits.result(ParseResult.OKAY));
            case Next.Always always -> {
                moveOn();
                code.goto_(exits.node(always.node()));
            }
            case Next.Dispatch dispatch -> {
                fields.pushShifted(dispatch.field(), dispatch.rightShift(), this::pushHeaderEnd, locals);
                moveOn();
                dispatch(dispatch);
            }
        }
    }

    private void moveOn() {
        if (node.isOverlay()) return;
        pushHeaderEnd();
        code.istore(locals.at());
    }

    private void dispatch(Next.Dispatch dispatch) {
        if (dispatch.entries().size() > TABLE_INLINE_MAX) {
            code.invokestatic(Names.PARSER, KeySwitch.tableName(nodeNumber), Names.INT_OF_LONG)
                .istore(locals.next()).goto_(exits.computed());
            return;
        }
        Label fallback = dispatch.fallback() == Next.NONE
            ? exits.result(ParseResult.UNKNOWN_PROTO) : exits.node(dispatch.fallback());
        List<KeySwitch.Case> cases = dispatch.entries().stream()
            .map(entry -> new KeySwitch.Case(entry.key(), exits.node(entry.node()))).toList();
        KeySwitch.emit(code, cases, fallback, FieldCode.isWide(dispatch.field(), dispatch.rightShift()));
    }

    /// True if the table of this node is a method of its own.
    static boolean hasTableMethod(Node node) {
        return node.next() instanceof Next.Dispatch dispatch && dispatch.entries().size() > TABLE_INLINE_MAX;
    }
}
