package io.millrace.packet.parse.host;

import io.millrace.packet.parse.ParseResult;
import io.millrace.packet.parse.graph.Limits;
import io.millrace.packet.parse.graph.Node;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;

/// The method of one node: takes the walk's state from the fields of [HostWalk], runs the node's code, puts back what
/// changed, and returns the next node's number or the complement of a result.
final class NodeMethod {

    private static final int THIS = 0;

    private final CodeBuilder code;
    private final Node node;
    private final int nodeNumber;
    private final Limits limits;
    private final int touchedWords;

    NodeMethod(CodeBuilder code, Node node, int nodeNumber, Limits limits) {
        this.code = code;
        this.node = node;
        this.nodeNumber = nodeNumber;
        this.limits = limits;
        this.touchedWords = Words.touchedBy(node);
    }

    static String name(int nodeNumber) {
        return "node" + nodeNumber;
    }

    void emit() {
        if (node.isEncap()) enterEncap();
        int frame = load("frame", TypeKind.LONG);
        int at = load("at", TypeKind.INT);
        int present = load("present", TypeKind.INT);
        int end = load("end", TypeKind.INT);
        int limit = load("limit", TypeKind.INT);
        int next = code.allocateLocal(TypeKind.INT);
        Words words = loadWords();
        Exits exits = new Exits(code::newLabel, words);
        var locals = new NodeCode.Locals(frame, at, present, end, next, limit);
        new NodeCode(code, node, nodeNumber, limits, locals, words, exits).emit();
        leave(exits, locals, words);
    }

    private void enterEncap() {
        Label hasEntered = code.newLabel();
        code.aload(THIS).invokevirtual(Names.PARSER, "enterEncap", Names.BOOLEAN_OF_NOTHING).ifne(hasEntered);
        code.loadConstant(~ParseResult.MAX_ENCAPS.ordinal()).ireturn();
        code.labelBinding(hasEntered);
    }

    private int load(String field, TypeKind kind) {
        int local = code.allocateLocal(kind);
        code.aload(THIS).getfield(Names.PARSER, field, Names.type(kind)).storeLocal(kind, local);
        return local;
    }

    private void store(String field, TypeKind kind, int local) {
        code.aload(THIS).loadLocal(kind, local).putfield(Names.PARSER, field, Names.type(kind));
    }

    private Words loadWords() {
        int record = load("record", TypeKind.INT);
        Words words = new Words(code, () -> code.iload(record), false);
        for (int word = 0; word < Words.COUNT; word++) {
            if (isTouched(word)) words.load(word);
        }
        words.known(Words.Known.anything());
        return words;
    }

    private boolean isTouched(int word) {
        return (touchedWords >>> word & 1) != 0;
    }

    private void leave(Exits exits, NodeCode.Locals locals, Words words) {
        Label epilogue = code.newLabel();
        exits.results().forEach((end, label) -> {
            code.labelBinding(label);
            code.loadConstant(~end.result().ordinal()).istore(locals.next()).goto_(epilogue);
        });
        exits.nodes().forEach((next, label) -> {
            code.labelBinding(label);
            code.loadConstant((int) next).istore(locals.next()).goto_(epilogue);
        });
        code.labelBinding(exits.computed()).labelBinding(epilogue);
        for (int word = 0; word < Words.COUNT; word++) {
            if (isTouched(word)) words.store(word);
        }
        store("at", TypeKind.INT, locals.at());
        if (node.packetLength() != null) {
            store("present", TypeKind.INT, locals.present());
            store("end", TypeKind.INT, locals.end());
        }
        code.iload(locals.next()).ireturn();
    }
}
