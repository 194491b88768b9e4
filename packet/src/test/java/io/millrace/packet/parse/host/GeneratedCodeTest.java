package io.millrace.packet.parse.host;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.parse.RandomGraph;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.graph.Field;
import io.millrace.packet.parse.graph.GraphException;
import io.millrace.packet.parse.graph.Limits;
import io.millrace.packet.parse.graph.Condition;
import io.millrace.packet.parse.graph.Next;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.ParseGraph;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class GeneratedCodeTest {

    private static final int METHOD_BYTES_MAX = 7_000;

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 1);

    @ParameterizedTest
    @EnumSource(ShippedGraph.class)
    void noMethodOfAShippedGraphIsTooLongForTheJit(ShippedGraph graph) {
        assertNoMethodIsTooLong(new HostCompiler(graph.load(), packets));
    }

    @Test
    void noMethodOfRandomGraphsIsTooLong() {
        Random random = new Random(Seeds.next());
        for (int i = 0; i < 300; i++) assertNoMethodIsTooLong(new HostCompiler(ParseProgram.of(RandomGraph.of(random)), packets));
    }

    @Test
    void largeTablesAndManyNodesAreCutIntoMethods() {
        List<Node> nodes = new ArrayList<>();
        List<Next.Entry> narrow = new ArrayList<>();
        List<Next.Entry> wide = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            narrow.add(new Next.Entry(i * 7L, 2 + i % 900));
            wide.add(new Next.Entry(i * 0x1_2345_6789L, 2 + i % 900));
        }
        nodes.add(node("narrow", new Next.Dispatch(Field.at(0, 4), 0, narrow, 1), List.of()));
        nodes.add(node("wide", new Next.Dispatch(Field.at(0, 8), 0, wide, Next.NONE), List.of()));
        for (int i = 0; i < 900; i++) nodes.add(node("n" + i, new Next.Leaf(), List.of()));
        assertNoMethodIsTooLong(new HostCompiler(program(nodes), packets));
    }

    @Test
    void refusesANodeThatDoesNotFitAMethod() {
        List<Condition> checks = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) checks.add(Condition.check(Field.at(i % 8, 1), Condition.Op.NE, i % 256));
        ParseProgram program = program(List.of(node("crowded", new Next.Leaf(), checks)));
        assertThatThrownBy(() -> new HostCompiler(program, packets)).isInstanceOf(GraphException.class)
            .hasMessageContaining("node crowded needs").hasMessageContaining("bytes of code");
    }

    @Test
    void theCommonWayOfTheDefaultGraphIsEthernetOneTagIpAndTransport() {
        ParseGraph graph = ShippedGraph.DEFAULT.load().graph();
        Set<String> ways = new TreeSet<>();
        collect(graph, CommonWay.of(graph, CommonWay.STEPS_MAX), "", ways);
        assertThat(ways).containsExactly("eth:ip:tcp", "eth:ip:udp:", "eth:ipv6:tcp", "eth:ipv6:udp:",
            "eth:vlan:ip:tcp", "eth:vlan:ip:udp:", "eth:vlan:ipv6:tcp", "eth:vlan:ipv6:udp:");
    }

    private static void collect(ParseGraph graph, CommonWay.Step step, String before, Set<String> ways) {
        String way = before + graph.node(step.node()).layer();
        if (step.next().isEmpty()) ways.add(way);
        for (CommonWay.Step next : step.next()) collect(graph, next, way + ":", ways);
    }

    private static void assertNoMethodIsTooLong(HostCompiler compiler) {
        for (MethodModel method : ClassFile.of().parse(compiler.classBytes()).methods()) {
            int bytes = ((CodeAttribute) method.code().orElseThrow()).codeLength();
            assertThat(bytes).as(method.methodName().stringValue()).isLessThanOrEqualTo(METHOD_BYTES_MAX);
        }
    }

    private static Node node(String name, Next next, List<Condition> checks) {
        return new Node(name, 8, null, null, checks, List.of(), List.of(), null, null, List.of(), next, false, false);
    }

    private static ParseProgram program(List<Node> nodes) {
        var roots = new TreeMap<Integer, Integer>();
        roots.put(1, 0);
        return ParseProgram.of(new ParseGraph("", Limits.STANDARD, nodes, roots, 0, List.of()));
    }
}
