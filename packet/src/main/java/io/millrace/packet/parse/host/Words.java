package io.millrace.packet.parse.host;

import io.millrace.packet.parse.RecordField;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.graph.Condition;
import io.millrace.packet.parse.graph.Extraction;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.OptionalFields;
import io.millrace.packet.parse.graph.TlvOptions;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.Arrays;
import java.util.List;

/// The nine longs of a record, kept in local variables while code runs: a field is bits of one of them, an address two.
///
/// Knows which bits can be set at the point the code has come to, so that the first write of a field needs no clearing.
/// On the common way the halves of addresses go to memory at once, because registers are few.
final class Words {

    static final int COUNT = ParseRecords.USED_WORDS;

    /// What is known where control has come to.
    ///
    /// @param maybeSet the bits of each word that can be set
    /// @param stored   the words that are in memory and not in their locals, as a bit set
    record Known(long[] maybeSet, int stored) {

        static final Known ALL_ZERO = new Known(new long[COUNT], 0);

        static Known anything() {
            long[] bits = new long[COUNT];
            Arrays.fill(bits, -1L);
            return new Known(bits, 0);
        }
    }

    private final CodeBuilder code;
    private final boolean storesAddresses;
    private final Runnable pushRecordAt;
    private final int[] locals = new int[COUNT];
    private long[] maybeSet = new long[COUNT];
    private int stored;

    /// @param pushRecordAt    pushes where the record begins in the table
    /// @param storesAddresses true if halves of addresses are stored when they are written
    Words(CodeBuilder code, Runnable pushRecordAt, boolean storesAddresses) {
        this.code = code;
        this.pushRecordAt = pushRecordAt;
        this.storesAddresses = storesAddresses;
        for (int word = 0; word < COUNT; word++) locals[word] = code.allocateLocal(TypeKind.LONG);
    }

    int local(int word) {
        return locals[word];
    }

    Known known() {
        return new Known(maybeSet.clone(), stored);
    }

    void known(Known known) {
        maybeSet = known.maybeSet().clone();
        stored = known.stored();
    }

    /// Loads a word from the table into its local.
    void load(int word) {
        pushPlace(word);
        code.laload().lstore(locals[word]);
    }

    /// Stores a word from its local into the table.
    void store(int word) {
        pushPlace(word);
        code.lload(locals[word]).lastore();
    }

    private void pushPlace(int word) {
        Names.pushRecords(code);
        pushRecordAt.run();
        if (word > 0) code.loadConstant(word).iadd();
    }

    /// Writes a number of at most the field's size, which `pushLow` pushes as a long; the high half of an address
    /// becomes what `pushHigh` pushes.
    void write(RecordField field, Runnable pushHigh, Runnable pushLow) {
        if (field.isAddress()) {
            writeWhole(field.word(), pushHigh);
            writeWhole(field.word() + 1, pushLow);
        } else {
            writePart(field, pushLow);
        }
    }

    private void writeWhole(int word, Runnable push) {
        if (storesAddresses) {
            pushPlace(word);
            push.run();
            code.lastore();
            stored |= 1 << word;
        } else {
            push.run();
            code.lstore(locals[word]);
        }
        maybeSet[word] = -1L;
    }

    private void writePart(RecordField field, Runnable push) {
        int word = field.word();
        long bits = field.mask();
        push.run();
        if (field.shift() > 0) code.loadConstant(field.shift()).lshl();
        code.lload(locals[word]);
        if ((maybeSet[word] & bits) != 0) code.loadConstant(~bits).land();
        code.lor().lstore(locals[word]);
        maybeSet[word] |= bits;
    }

    /// ORs constant bits into a field; `high` goes to the upper half of an address.
    void or(RecordField field, long high, long low) {
        int word = field.word();
        if (field.isAddress()) {
            orWord(word, high);
            orWord(word + 1, low);
        } else {
            orWord(word, low << field.shift());
        }
    }

    private void orWord(int word, long bits) {
        if (bits == 0) return;
        boolean isInMemory = (stored >>> word & 1) != 0;
        if (isInMemory) load(word);
        code.lload(locals[word]).loadConstant(bits).lor().lstore(locals[word]);
        if (isInMemory) store(word);
        maybeSet[word] |= bits;
    }

    /// The field can have any value from here on.
    void forget(RecordField field) {
        maybeSet[field.word()] |= field.mask();
        if (field.isAddress()) maybeSet[field.word() + 1] = -1L;
    }

    /// The words that code for this node can change, as a bit set.
    static int touchedBy(Node node) {
        int touched = node.packetLength() == null ? 0
            : touchedBy(RecordField.END) | touchedBy(RecordField.FLAGS);
        touched |= touchedBy(node.metadata());
        if (hasFlags(node.flagIf()) || hasFlags(node.stopIf())) touched |= touchedBy(RecordField.FLAGS);
        if (node.optional() != null) {
            for (OptionalFields.Entry entry : node.optional().entries()) touched |= touchedBy(entry.metadata());
        }
        if (node.tlvs() != null) {
            for (TlvOptions.Entry entry : node.tlvs().entries()) touched |= touchedBy(entry.metadata());
        }
        return touched;
    }

    private static boolean hasFlags(List<Condition> conditions) {
        return conditions.stream().anyMatch(condition -> condition.flags() != 0);
    }

    private static int touchedBy(List<Extraction> metadata) {
        int touched = 0;
        for (Extraction extraction : metadata) touched |= touchedBy(extraction.to());
        return touched;
    }

    private static int touchedBy(RecordField field) {
        return (field.isAddress() ? 3 : 1) << field.word();
    }
}
