package io.millrace.packet.parse.host;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.graph.GraphException;
import io.millrace.packet.parse.graph.Limits;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Compiles a parse program into parsers over one packet memory.
///
/// The memory and a parser's records become constants of its class, so that the JIT knows their bounds; each parser has
/// a class of its own, which is unloaded with it.
public final class HostCompiler {

    /// HotSpot never compiles a method of more than 8,000 bytes of code; this leaves it room.
    public static final int METHOD_BYTES_MAX = 7_000;

    private static final int CLASSES_MAX = 16;

    /// What a generated class depends on.
    private record Shape(String programHash, int slotCount) {}

    /// The classes that were generated last, as bytes: a process compiles few programs, but some of them often.
    private static final Map<Shape, byte[]> CLASSES = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Shape, byte[]> eldest) {
            return size() > CLASSES_MAX;
        }
    });

    private static final MethodType CONSTRUCTOR =
        MethodType.methodType(void.class, ParseRecords.class, MemorySegment.class, Limits.class, int.class);

    private final ParseProgram program;
    private final PacketMemory packets;
    private final byte[] classBytes;

    /// Throws a [GraphException] if a node is too large for a method.
    public HostCompiler(ParseProgram program, PacketMemory packets) {
        this.program = program;
        this.packets = packets;
        this.classBytes = CLASSES.computeIfAbsent(new Shape(program.hashText(), packets.slotCount()),
            _ -> generate(program, packets.slotCount()));
    }

    public ParseProgram program() {
        return program;
    }

    /// A parser that writes these records; for one thread.
    public CompiledParser newParser(ParseRecords records) {
        List<?> memories = List.of(packets.guarded(), records.words());
        try {
            MethodHandles.Lookup parser = MethodHandles.lookup()
                .defineHiddenClassWithClassData(classBytes, memories, true);
            return (HostWalk) parser.findConstructor(parser.lookupClass(), CONSTRUCTOR)
                .invoke(records, packets.segment(), program.graph().limits(), program.graph().start());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("generated class does not link", e);
        }
    }

    /// The generated class, for those who measure it.
    byte[] classBytes() {
        return classBytes.clone();
    }

    /// Generates with as much of the common way as fits a method.
    private static byte[] generate(ParseProgram program, int slotCount) {
        int stepsMax = CommonWay.STEPS_MAX;
        while (true) {
            byte[] bytes = ParserClass.bytes(program.graph(), CommonWay.of(program.graph(), stepsMax), slotCount);
            MethodModel tooLong = tooLong(ClassFile.of().parse(bytes));
            if (tooLong == null) return bytes;
            String name = tooLong.methodName().stringValue();
            if (!name.equals("parse") || stepsMax == 0) throw refused(program, name, codeBytes(tooLong));
            stepsMax--;
        }
    }

    private static MethodModel tooLong(ClassModel type) {
        for (MethodModel method : type.methods()) {
            if (codeBytes(method) > METHOD_BYTES_MAX) return method;
        }
        return null;
    }

    private static int codeBytes(MethodModel method) {
        return ((CodeAttribute) method.code().orElseThrow()).codeLength();
    }

    private static GraphException refused(ParseProgram program, String method, int bytes) {
        String number = method.replaceAll("[^0-9]", "");
        String node = number.isEmpty() ? method : program.graph().node(Integer.parseInt(number)).name();
        return new GraphException("", "node " + node + " needs " + bytes + " bytes of code", "nodes that fit "
            + METHOD_BYTES_MAX + ", which is what the JIT compiles; use fewer checks, extractions or options");
    }
}
