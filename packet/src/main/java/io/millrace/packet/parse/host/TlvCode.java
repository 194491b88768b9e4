package io.millrace.packet.parse.host;

import io.millrace.packet.parse.ParseResult;
import io.millrace.packet.parse.graph.Extraction;
import io.millrace.packet.parse.graph.TlvOptions;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/// The loop over a header's options.
///
/// Each turn reads a type; `pad1` and `eol` are done then. Of any other option the count is taken first, then the
/// length, which must reach over the length field and end within the header.
final class TlvCode {

    private final CodeBuilder code;
    private final TlvOptions tlvs;
    private final int tlvsMax;
    private final Runnable pushHeaderEnd;
    private final NodeCode.Locals locals;
    private final Words words;
    private final Exits exits;
    private final BiConsumer<Extraction, FieldCode> extract;
    private final int optionAt;
    private final int optionBytes;
    private final int counted;
    private final int base;
    private final int type;
    private final Label nextOption;
    private final Label done;

    TlvCode(CodeBuilder code, TlvOptions tlvs, int tlvsMax, Runnable pushHeaderEnd, NodeCode.Locals locals,
            Words words, Exits exits, BiConsumer<Extraction, FieldCode> extract) {
        this.code = code;
        this.tlvs = tlvs;
        this.tlvsMax = tlvsMax;
        this.pushHeaderEnd = pushHeaderEnd;
        this.locals = locals;
        this.words = words;
        this.exits = exits;
        this.extract = extract;
        this.optionAt = code.allocateLocal(TypeKind.INT);
        this.optionBytes = code.allocateLocal(TypeKind.INT);
        this.counted = code.allocateLocal(TypeKind.INT);
        this.base = code.allocateLocal(TypeKind.LONG);
        this.type = code.allocateLocal(TypeKind.LONG);
        this.nextOption = code.newLabel();
        this.done = code.newLabel();
    }

    void emit() {
        for (TlvOptions.Entry entry : tlvs.entries()) forget(entry);   // the loop may come back with anything written
        FieldCode option = new FieldCode(code, null, base);
        Label turn = code.newLabel();
        code.iload(locals.at()).loadConstant(tlvs.start()).iadd().istore(optionAt).iconst_0().istore(counted);

        code.labelBinding(turn);
        code.iload(optionAt);
        pushHeaderEnd.run();
        code.if_icmpge(done);
        failUnlessPresent(tlvs.typeEnd());
        code.lload(locals.frame()).iload(optionAt).i2l().ladd().lstore(base);
        option.pushShifted(tlvs.type(), tlvs.typeShift(), pushHeaderEnd, locals);
        code.lstore(type);
        oneByteTypes(turn);
        count();
        length(option);
        entries(option);

        code.labelBinding(nextOption);
        code.iload(optionAt).iload(optionBytes).iadd().istore(optionAt).goto_(turn);
        code.labelBinding(done);
    }

    private void oneByteTypes(Label turn) {
        tlvs.pad1().ifPresent(pad1 -> {
            Label isOther = code.newLabel();
            code.lload(type).loadConstant(pad1).lcmp().ifne(isOther).iinc(optionAt, 1).goto_(turn);
            code.labelBinding(isOther);
        });
        tlvs.eol().ifPresent(eol -> code.lload(type).loadConstant(eol).lcmp().ifeq(done));
    }

    private void count() {
        code.iload(counted).loadConstant(tlvsMax).if_icmpge(exits.result(ParseResult.MAX_TLVS)).iinc(counted, 1);
    }

    private void length(FieldCode option) {
        failUnlessPresent(tlvs.lengthEnd());
        option.pushLength(tlvs.length());
        code.istore(optionBytes);
        failUnlessLong(tlvs.lengthEnd());
        code.iload(optionAt).iload(optionBytes).iadd();
        pushHeaderEnd.run();
        code.if_icmpgt(exits.result(ParseResult.BAD_LENGTH));
    }

    private void entries(FieldCode option) {
        List<KeySwitch.Case> cases = new ArrayList<>();
        for (TlvOptions.Entry entry : tlvs.entries()) cases.add(new KeySwitch.Case(entry.type(), code.newLabel()));
        code.lload(type);
        KeySwitch.emit(code, cases, nextOption, FieldCode.isWide(tlvs.type(), tlvs.typeShift()));
        for (int i = 0; i < cases.size(); i++) {
            TlvOptions.Entry entry = tlvs.entries().get(i);
            code.labelBinding(cases.get(i).target());
            if (entry.bytesMin() > tlvs.lengthEnd()) failUnlessLong(entry.bytesMin());
            for (Extraction extraction : entry.metadata()) {
                forget(entry);
                extract.accept(extraction, option);
            }
            code.goto_(nextOption);
        }
        for (TlvOptions.Entry entry : tlvs.entries()) forget(entry);
    }

    private void forget(TlvOptions.Entry entry) {
        for (Extraction extraction : entry.metadata()) words.forget(extraction.to());
    }

    /// The header ends before so many bytes of the option.
    private void failUnlessPresent(int bytes) {
        code.iload(optionAt).loadConstant(bytes).iadd();
        pushHeaderEnd.run();
        code.if_icmpgt(exits.result(ParseResult.BAD_LENGTH));
    }

    private void failUnlessLong(int bytesMin) {
        code.iload(optionBytes).loadConstant(bytesMin).if_icmplt(exits.result(ParseResult.BAD_LENGTH));
    }
}
