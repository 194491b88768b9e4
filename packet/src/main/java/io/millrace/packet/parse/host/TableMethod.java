package io.millrace.packet.parse.host;

import io.millrace.packet.parse.ParseResult;
import io.millrace.packet.parse.graph.Next;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The table of a node as a method of its own, for tables too large to stand in the node's code: from the key to the
/// next node's number, or the complement of `UNKNOWN_PROTO`. Very large ones are cut into ranges, a method each.
final class TableMethod {

    private static final int ENTRIES_MAX = 256;

    private final ClassBuilder type;
    private final int unknown = ~ParseResult.UNKNOWN_PROTO.ordinal();
    private final int fallback;
    private final boolean isWide;

    private TableMethod(ClassBuilder type, Next.Dispatch dispatch) {
        this.type = type;
        this.fallback = dispatch.fallback() == Next.NONE ? unknown : dispatch.fallback();
        this.isWide = FieldCode.isWide(dispatch.field(), dispatch.rightShift());
    }

    static void emit(ClassBuilder type, int node, Next.Dispatch dispatch) {
        List<Next.Entry> sorted = new ArrayList<>(dispatch.entries());
        sorted.sort(Comparator.comparingLong(Next.Entry::key));
        new TableMethod(type, dispatch).emit(KeySwitch.tableName(node), sorted);
    }

    private void emit(String name, List<Next.Entry> sorted) {
        if (sorted.size() <= ENTRIES_MAX) {
            method(name, code -> leaf(code, sorted));
            return;
        }
        int half = sorted.size() / 2;
        emit(name + "_0", sorted.subList(0, half));
        emit(name + "_1", sorted.subList(half, sorted.size()));
        method(name, code -> {
            Label upper = code.newLabel();
            code.lload(0).loadConstant(sorted.get(half).key()).lcmp().ifge(upper);
            code.lload(0).invokestatic(Names.PARSER, name + "_0", Names.INT_OF_LONG).ireturn();
            code.labelBinding(upper);
            code.lload(0).invokestatic(Names.PARSER, name + "_1", Names.INT_OF_LONG).ireturn();
        });
    }

    private void leaf(CodeBuilder code, List<Next.Entry> entries) {
        Map<Integer, Label> targets = new TreeMap<>();
        List<KeySwitch.Case> cases = new ArrayList<>();
        for (Next.Entry entry : entries) {
            cases.add(new KeySwitch.Case(entry.key(), targets.computeIfAbsent(entry.node(), _ -> code.newLabel())));
        }
        Label other = code.newLabel();
        code.lload(0);
        KeySwitch.emit(code, cases, other, isWide);
        targets.forEach((node, label) -> {
            code.labelBinding(label);
            code.loadConstant((int) node).ireturn();
        });
        code.labelBinding(other);
        code.loadConstant(fallback).ireturn();
    }

    private void method(String name, Consumer<CodeBuilder> body) {
        type.withMethodBody(name, Names.INT_OF_LONG, ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC, body::accept);
    }
}
