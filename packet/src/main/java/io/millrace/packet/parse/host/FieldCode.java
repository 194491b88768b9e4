package io.millrace.packet.parse.host;

import io.millrace.packet.parse.graph.Condition;
import io.millrace.packet.parse.graph.Extraction;
import io.millrace.packet.parse.graph.Field;
import io.millrace.packet.parse.graph.Length;
import io.millrace.packet.parse.graph.Next;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.OptionalFields;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.ArrayList;
import java.util.List;

/// Pushes fields that count from one place: a header's first byte, an option's, an optional field's. The fields of a
/// header's fixed part come out of windows that are read once; all others are read where they are used.
final class FieldCode {

    private final CodeBuilder code;
    private final Node node;
    private final int base;
    private final List<Windows.Span> windows;
    private final int[] windowLocals;

    /// @param node the node whose fixed part gets windows; null where there is none
    /// @param base local, long: the place in packet memory that fields count from
    FieldCode(CodeBuilder code, Node node, int base) {
        this.code = code;
        this.node = node;
        this.base = base;
        this.windows = node == null ? List.of() : Windows.covering(fixedSpans(node), node.bytesMin());
        this.windowLocals = new int[windows.size()];
    }

    int base() {
        return base;
    }

    void loadWindows() {
        for (int i = 0; i < windowLocals.length; i++) {
            windowLocals[i] = code.allocateLocal(TypeKind.LONG);
            read(windows.get(i));
            code.lstore(windowLocals[i]);
        }
    }

    /// Pushes (field & mask) as a long.
    void pushMasked(Field field) {
        pushWithin(new Windows.Span(startOffset(field), field.bytes()), 0, field.mask());
    }

    /// Pushes (field & mask) >> shift as a long; the field may count from the header's end.
    void pushShifted(Field field, int rightShift, Runnable pushHeaderEnd, NodeCode.Locals locals) {
        if (isAtDynamicEnd(field.from())) {
            readFromEnd(field.offset(), field.bytes(), pushHeaderEnd, locals);
            shift(rightShift);
            mask(rightShift, field.mask(), field.bytes());
        } else {
            pushWithin(new Windows.Span(startOffset(field), field.bytes()), rightShift, field.mask());
        }
    }

    /// Pushes the last 8 bytes, or all if they are fewer.
    void pushLowBytes(Extraction.Bytes bytes, Runnable pushHeaderEnd, NodeCode.Locals locals) {
        int count = Math.min(8, bytes.bytes());
        pushBytes(bytes, bytes.bytes() - count, count, pushHeaderEnd, locals);
    }

    /// Pushes the bytes before the last 8.
    void pushHighBytes(Extraction.Bytes bytes, Runnable pushHeaderEnd, NodeCode.Locals locals) {
        pushBytes(bytes, 0, Math.max(0, bytes.bytes() - 8), pushHeaderEnd, locals);
    }

    private void pushBytes(Extraction.Bytes bytes, int skipped, int count, Runnable pushHeaderEnd,
                           NodeCode.Locals locals) {
        if (count == 0) code.lconst_0();
        boolean isAtDynamicEnd = isAtDynamicEnd(bytes.from());
        boolean isFirst = true;
        for (Windows.Span piece : pieces(skipped, count)) {
            if (!isFirst) code.loadConstant(8 * piece.bytes()).lshl();
            if (isAtDynamicEnd) {
                readFromEnd(bytes.offset() - piece.offset(), piece.bytes(), pushHeaderEnd, locals);
            } else {
                int offset = startOffset(bytes.offset(), bytes.from()) + piece.offset();
                pushWithin(new Windows.Span(offset, piece.bytes()), 0, Field.allOnes(piece.bytes()));
            }
            if (!isFirst) code.lor();
            isFirst = false;
        }
    }

    /// Bytes cut into what can be read at once: 6 into 4 and 2.
    private static List<Windows.Span> pieces(int offset, int count) {
        List<Windows.Span> pieces = new ArrayList<>();
        int done = 0;
        while (done < count) {
            int bytes = Integer.highestOneBit(Math.min(8, count - done));
            pieces.add(new Windows.Span(offset + done, bytes));
            done += bytes;
        }
        return pieces;
    }

    /// Jumps if the condition does not hold.
    void branchUnless(Condition condition, Label target) {
        Field field = condition.field();
        boolean isSigned = field.mask() < 0;   // 64 bits, of which the highest counts
        pushMasked(field);
        code.loadConstant(condition.value());
        if (isSigned && condition.op() != Condition.Op.EQ && condition.op() != Condition.Op.NE) {
            code.invokestatic(Names.LONG, "compareUnsigned", Names.INT_OF_LONGS);
        } else {
            code.lcmp();
        }
        switch (condition.op()) {
            case EQ -> code.ifne(target);
            case NE -> code.ifeq(target);
            case ULT -> code.ifge(target);
            case ULE -> code.ifgt(target);
            case UGT -> code.ifle(target);
            case UGE -> code.iflt(target);
        }
    }

    /// Jumps if the optional field is not there.
    void branchUnlessFlag(Field flags, OptionalFields.Entry entry, Label target) {
        pushMasked(new Field(flags.offset(), flags.bytes(), entry.mask(), Field.Origin.START));
        code.loadConstant(entry.flag()).lcmp().ifne(target);
    }

    /// Pushes the length that a header or option states, as an int; one far out of range stays so.
    void pushLength(Length length) {
        pushWithin(new Windows.Span(length.field().offset(), length.field().bytes()), length.rightShift(),
            length.field().mask());
        if (mostBytes(length) > Integer.MAX_VALUE / 2) {
            code.loadConstant(length.multiplier()).loadConstant(length.add())
                .invokestatic(Names.WALK, "length", Names.INT_OF_LENGTH);
            return;
        }
        code.l2i();
        if (length.multiplier() != 1) code.loadConstant(length.multiplier()).imul();
        if (length.add() != 0) code.loadConstant(length.add()).iadd();
    }

    /// The least that the length can be.
    static long leastBytes(Length length) {
        return length.add();
    }

    /// The most that the length can be, as far as [Length#FIELD_MAX] lets it grow.
    static long mostBytes(Length length) {
        return length.of(length.field().mask());
    }

    /// True if a key can have more than 32 bits.
    static boolean isWide(Field field, int rightShift) {
        return field.mask() >>> rightShift >>> 32 != 0;
    }

    private boolean isAtDynamicEnd(Field.Origin from) {
        return from == Field.Origin.END && !node.isFixedLength();
    }

    private int startOffset(Field field) {
        return startOffset(field.offset(), field.from());
    }

    private int startOffset(int offset, Field.Origin from) {
        return from == Field.Origin.END ? node.bytesMin() - offset : offset;
    }

    private void pushWithin(Windows.Span span, int rightShift, long mask) {
        for (int i = 0; i < windowLocals.length; i++) {
            Windows.Span window = windows.get(i);
            if (!window.covers(span)) continue;
            code.lload(windowLocals[i]);
            shift(8 * (window.end() - span.end()) + rightShift);
            boolean isAlone = window.offset() == span.offset();
            mask(rightShift, mask, isAlone ? span.bytes() : 0);
            return;
        }
        read(span);
        shift(rightShift);
        mask(rightShift, mask, span.bytes());
    }

    private void shift(int rightShift) {
        if (rightShift > 0) code.loadConstant(rightShift).lushr();
    }

    /// Masks what was shifted; needless where no more than the field's own bytes, all of them wanted, are in it.
    private void mask(int rightShift, long mask, int cleanBytes) {
        long wanted = mask >>> rightShift;
        boolean isClean = cleanBytes > 0 && wanted == Field.allOnes(cleanBytes) >>> rightShift;
        if (!isClean) code.loadConstant(wanted).land();
    }

    private void read(Windows.Span span) {
        Names.pushMemory(code);
        code.lload(base);
        if (span.offset() > 0) code.loadConstant((long) span.offset()).ladd();
        Names.read(code, span.bytes());
    }

    private void readFromEnd(int back, int bytes, Runnable pushHeaderEnd, NodeCode.Locals locals) {
        Names.pushMemory(code);
        code.lload(locals.frame());
        pushHeaderEnd.run();
        code.loadConstant(back).isub().i2l().ladd();
        Names.read(code, bytes);
    }

    /// What is read of a header's fixed part, whatever else is in the packet.
    private static List<Windows.Span> fixedSpans(Node node) {
        List<Windows.Span> spans = new ArrayList<>();
        if (node.headerLength() != null) add(spans, node, node.headerLength().field());
        if (node.packetLength() != null) add(spans, node, node.packetLength().field());
        for (Condition check : node.checks()) add(spans, node, check.field());
        for (Extraction extraction : node.metadata()) add(spans, node, extraction);
        for (Condition condition : node.flagIf()) add(spans, node, condition.field());
        if (node.optional() != null) add(spans, node, node.optional().field());
        for (Condition condition : node.stopIf()) add(spans, node, condition.field());
        if (node.next() instanceof Next.Dispatch dispatch) add(spans, node, dispatch.field());
        return spans;
    }

    private static void add(List<Windows.Span> spans, Node node, Field field) {
        if (!field.isFromEnd()) {
            spans.add(new Windows.Span(field.offset(), field.bytes()));
        } else if (node.isFixedLength()) {
            spans.add(new Windows.Span(node.bytesMin() - field.offset(), field.bytes()));
        }
    }

    private static void add(List<Windows.Span> spans, Node node, Extraction extraction) {
        switch (extraction) {
            case Extraction.Value value -> add(spans, node, value.field());
            case Extraction.Bytes bytes -> {
                boolean isFromEnd = bytes.from() == Field.Origin.END;
                if (isFromEnd && !node.isFixedLength()) return;
                int offset = isFromEnd ? node.bytesMin() - bytes.offset() : bytes.offset();
                int highBytes = Math.max(0, bytes.bytes() - 8);
                spans.addAll(pieces(offset, highBytes));
                spans.addAll(pieces(offset + highBytes, bytes.bytes() - highBytes));
            }
            case Extraction.Position _, Extraction.Constant _ -> { }
        }
    }
}
