package io.millrace.packet.parse.host;

import io.millrace.packet.parse.ParseResult;
import io.millrace.packet.parse.graph.Next;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.ParseGraph;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The class file of a parser.
///
/// ```
///  parse(burst)          for each packet the common way, if it is Ethernet and the graph has one; else the long way
///  parse(packet, index)  the same for one packet
///  root(linkType)        the node a packet starts in
///  walk(node)            the long way: while there is a next node and max-nodes allows, step(node)
///  step(node)            calls node0() … nodeN(), each of which returns the next
///  tableN(key)           the table of node N, where it is too large to stand in nodeN()
/// ```
final class ParserClass {

    private static final int THIS = 0;
    private static final int PACKET = 1;
    private static final int INDEX = 2;
    /// Nodes that one `step` method dispatches to; more are cut into several.
    private static final int STEPS_MAX = 256;

    private final ParseGraph graph;
    private final CommonWay.Step way;
    private final int slotCount;

    private ParserClass(ParseGraph graph, CommonWay.Step way, int slotCount) {
        this.graph = graph;
        this.way = way;
        this.slotCount = slotCount;
    }

    /// @param way       the first step of the common way; null for none
    /// @param slotCount of the packet memory
    static byte[] bytes(ParseGraph graph, CommonWay.Step way, int slotCount) {
        var parser = new ParserClass(graph, way, slotCount);
        return ClassFile.of().build(Names.PARSER, parser::build);
    }

    private void build(ClassBuilder type) {
        type.withFlags(ClassFile.ACC_FINAL).withSuperclass(Names.WALK);
        type.withMethodBody(ConstantDescs.INIT_NAME, Names.CONSTRUCTOR, 0, ParserClass::constructor);
        method(type, "parse", Names.VOID_OF_BURST, this::burst);
        method(type, "parse", Names.INT_OF_INTS, code -> packet(code, PACKET, INDEX, code::ireturn));
        method(type, "root", Names.INT_OF_INT, this::root);
        method(type, "walk", Names.INT_OF_INT, this::walk);
        steps(type, "step", 0, graph.nodes().size());
        for (int i = 0; i < graph.nodes().size(); i++) node(type, i);
    }

    private static void constructor(CodeBuilder code) {
        code.aload(THIS).aload(1).aload(2).aload(3).iload(4)
            .invokespecial(Names.WALK, ConstantDescs.INIT_NAME, Names.CONSTRUCTOR).return_();
    }

    private void burst(CodeBuilder code) {
        int burst = 1;
        int count = code.allocateLocal(TypeKind.INT);
        int index = code.allocateLocal(TypeKind.INT);
        int packet = code.allocateLocal(TypeKind.INT);
        Label again = code.newLabel();
        Label next = code.newLabel();
        Label done = code.newLabel();
        code.aload(burst).invokevirtual(Names.BURST, "count", Names.INT_OF_NOTHING).istore(count).iconst_0()
            .istore(index);
        code.labelBinding(again).iload(index).iload(count).if_icmpge(done);
        code.aload(burst).iload(index).invokevirtual(Names.BURST, "packet", Names.INT_OF_INT).istore(packet);
        packet(code, packet, index, () -> code.pop().goto_(next));
        code.labelBinding(next).iinc(index, 1).goto_(again);
        code.labelBinding(done).return_();
    }

    /// Parses one packet; `done` does what is to be done with the outcome on the stack.
    private void packet(CodeBuilder code, int packet, int index, Runnable done) {
        Label isOther = code.newLabel();
        if (way != null) {
            int slotAt = code.allocateLocal(TypeKind.LONG);
            Names.pushSlotAt(code, packet, slotCount);
            code.lstore(slotAt);
            Names.pushLinkType(code, slotAt);
            code.loadConstant(ParseGraph.LINK_TYPE_ETHERNET).if_icmpne(isOther);
            new CommonMethod(code, graph, packet, index, slotAt, done).emit(way);
        }
        code.labelBinding(isOther);
        code.aload(THIS).iload(packet).iload(index).invokevirtual(Names.PARSER, "parseLongWay", Names.INT_OF_INTS);
        done.run();
    }

    private void root(CodeBuilder code) {
        Label unlisted = code.newLabel();
        List<KeySwitch.Case> cases = new ArrayList<>();
        graph.roots().keySet().forEach(linkType -> cases.add(new KeySwitch.Case(linkType, code.newLabel())));
        code.iload(1).i2l();
        KeySwitch.emit(code, cases, unlisted, false);
        for (KeySwitch.Case each : cases) {
            code.labelBinding(each.target()).loadConstant((int) graph.roots().get((int) each.key())).ireturn();
        }
        code.labelBinding(unlisted).iconst_m1().ireturn();
    }

    private void walk(CodeBuilder code) {
        int node = 1;
        Label next = code.newLabel();
        Label tooMany = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(next).iload(node).iflt(done);
        code.aload(THIS).getfield(Names.PARSER, "nodes", ConstantDescs.CD_int).loadConstant(graph.limits().nodesMax())
            .if_icmpge(tooMany);
        code.aload(THIS).dup().getfield(Names.PARSER, "nodes", ConstantDescs.CD_int).iconst_1().iadd()
            .putfield(Names.PARSER, "nodes", ConstantDescs.CD_int);
        code.aload(THIS).iload(node).invokevirtual(Names.PARSER, "step", Names.INT_OF_INT).istore(node).goto_(next);
        code.labelBinding(tooMany).loadConstant(~ParseResult.MAX_NODES.ordinal()).istore(node);
        code.labelBinding(done).aload(THIS).iload(node).iconst_m1().ixor()
            .invokevirtual(Names.PARSER, "finish", Names.INT_OF_INT).ireturn();
    }

    /// A method that calls one of the nodes `from` to `to`, by number; over [#STEPS_MAX] in two halves.
    private static void steps(ClassBuilder type, String name, int from, int to) {
        if (to - from <= STEPS_MAX) {
            method(type, name, Names.INT_OF_INT, code -> step(code, from, to));
            return;
        }
        int half = (from + to) / 2;
        steps(type, name + "_0", from, half);
        steps(type, name + "_1", half, to);
        method(type, name, Names.INT_OF_INT, code -> {
            Label upper = code.newLabel();
            code.iload(1).loadConstant(half).if_icmpge(upper);
            code.aload(THIS).iload(1).invokevirtual(Names.PARSER, name + "_0", Names.INT_OF_INT).ireturn();
            code.labelBinding(upper);
            code.aload(THIS).iload(1).invokevirtual(Names.PARSER, name + "_1", Names.INT_OF_INT).ireturn();
        });
    }

    private static void step(CodeBuilder code, int from, int to) {
        List<KeySwitch.Case> cases = new ArrayList<>();
        for (int i = from; i < to; i++) cases.add(new KeySwitch.Case(i, code.newLabel()));
        code.iload(1).i2l();
        KeySwitch.emit(code, cases, cases.getLast().target(), false);
        for (int i = from; i < to; i++) {
            code.labelBinding(cases.get(i - from).target());
            code.aload(THIS).invokevirtual(Names.PARSER, NodeMethod.name(i), Names.INT_OF_NOTHING).ireturn();
        }
    }

    private void node(ClassBuilder type, int number) {
        Node node = graph.node(number);
        method(type, NodeMethod.name(number), Names.INT_OF_NOTHING,
            code -> new NodeMethod(code, node, number, graph.limits()).emit());
        if (NodeCode.hasTableMethod(node)) TableMethod.emit(type, number, (Next.Dispatch) node.next());
    }

    private static void method(ClassBuilder type, String name, MethodTypeDesc signature, Consumer<CodeBuilder> body) {
        type.withMethodBody(name, signature, ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL, body::accept);
    }
}
