package io.millrace.packet.parse.host;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;
import io.millrace.packet.parse.ParseOutcome;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.graph.Limits;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

/// What generated code calls, by its names in class files.
final class Names {

    static final ClassDesc PARSER = ClassDesc.of(Names.class.getPackageName(), "GeneratedParser");
    static final ClassDesc WALK = desc(HostWalk.class);
    static final ClassDesc RECORDS = desc(ParseRecords.class);
    static final ClassDesc OUTCOME = desc(ParseOutcome.class);
    static final ClassDesc BURST = desc(Burst.class);
    static final ClassDesc SEGMENT = desc(MemorySegment.class);
    static final ClassDesc WIRE = desc(Wire.class);
    static final ClassDesc META = desc(PacketMeta.class);

    static final ClassDesc MATH = desc(Math.class);
    static final ClassDesc LONG = desc(Long.class);

    static final MethodTypeDesc INT_OF_INTS = MethodTypeDesc.of(CD_int, CD_int, CD_int);
    static final MethodTypeDesc INT_OF_LONGS = MethodTypeDesc.of(CD_int, CD_long, CD_long);
    /// [HostWalk#length].
    static final MethodTypeDesc INT_OF_LENGTH = MethodTypeDesc.of(CD_int, CD_long, CD_int, CD_int);
    static final MethodTypeDesc INT_OF_INT = MethodTypeDesc.of(CD_int, CD_int);
    static final MethodTypeDesc INT_OF_NOTHING = MethodTypeDesc.of(CD_int);
    static final MethodTypeDesc INT_OF_LONG = MethodTypeDesc.of(CD_int, CD_long);

        static final MethodTypeDesc BOOLEAN_OF_NOTHING = MethodTypeDesc.of(CD_boolean);
    static final MethodTypeDesc VOID_OF_BURST = MethodTypeDesc.of(CD_void, BURST);
    /// [HostWalk#lastWord].
    static final MethodTypeDesc LAST_WORD = MethodTypeDesc.of(CD_long, CD_long, CD_int);
    /// [io.millrace.packet.parse.ParseOutcome#of].
    static final MethodTypeDesc OUTCOME_OF = MethodTypeDesc.of(CD_int, CD_int, CD_int, CD_int);
    /// [HostWalk#protocols].
    static final MethodTypeDesc PROTOCOLS = MethodTypeDesc.of(CD_long, CD_long, CD_long, CD_int);
    /// [PacketMeta#parsed].
    static final MethodTypeDesc PARSED = MethodTypeDesc.of(CD_void, SEGMENT, CD_long, CD_long, CD_long, CD_long);
    /// [HostWalk]'s constructor and the generated one.
    static final MethodTypeDesc CONSTRUCTOR = MethodTypeDesc.of(CD_void, RECORDS, SEGMENT, desc(Limits.class), CD_int);
    /// [HostWalk#resume].
    static final MethodTypeDesc RESUME =
        MethodTypeDesc.of(CD_int, CD_int, CD_long, CD_int, CD_int, CD_int, CD_int, CD_int, CD_int);

    private static final MethodTypeDesc READ_INT = MethodTypeDesc.of(CD_int, SEGMENT, CD_long);
    private static final MethodTypeDesc READ_LONG = MethodTypeDesc.of(CD_long, SEGMENT, CD_long);

    /// The memories that the hidden class carries: constants to the JIT, bounds and all.
    private static final DynamicConstantDesc<?> MEMORY = carried(0, SEGMENT);
    private static final DynamicConstantDesc<?> RECORD_WORDS = carried(1, CD_long.arrayType());

    private static DynamicConstantDesc<?> carried(int place, ClassDesc type) {
        return DynamicConstantDesc.ofNamed(
            MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, desc(MethodHandles.class), "classDataAt",
                MethodTypeDesc.of(ConstantDescs.CD_Object, ConstantDescs.CD_MethodHandles_Lookup,
                    ConstantDescs.CD_String, ConstantDescs.CD_Class, CD_int)),
            ConstantDescs.DEFAULT_NAME, type, place);
    }

    static ClassDesc type(TypeKind kind) {
        return kind.upperBound();
    }

    /// Pushes the offset of a packet's slot; the packet is a local. Keeping the number within the memory changes
    /// nothing for a packet, but tells the JIT the bounds.
    static void pushSlotAt(CodeBuilder code, int packet, int slotCount) {
        code.iload(packet).loadConstant(Integer.MAX_VALUE).iand().loadConstant(slotCount - 1)
            .invokestatic(MATH, "min", INT_OF_INTS).i2l().loadConstant((long) PacketMemory.STRIDE_BYTES).lmul();
    }

    /// Pushes [PacketMeta#extent] of the slot, whose offset is a local.
    static void pushExtent(CodeBuilder code, int slotAt) {
        pushMemory(code);
        code.lload(slotAt).invokestatic(META, "extent", READ_LONG);
    }

    /// Pushes the link type of the packet whose slot's offset is a local.
    static void pushLinkType(CodeBuilder code, int slotAt) {
        pushMemory(code);
        code.lload(slotAt).invokestatic(META, "linkType", READ_INT);
    }

    static void pushMemory(CodeBuilder code) {
        code.loadConstant(MEMORY);
    }

    static void pushRecords(CodeBuilder code) {
        code.loadConstant(RECORD_WORDS);
    }

    /// Reads `bytes` in network order at the segment and offset on the stack; leaves an unsigned long.
    static void read(CodeBuilder code, int bytes) {
        switch (bytes) {
            case 1 -> code.invokestatic(WIRE, "u8", READ_INT).i2l();
            case 2 -> code.invokestatic(WIRE, "u16", READ_INT).i2l();
            case 4 -> code.invokestatic(WIRE, "u32", READ_LONG);
            case 8 -> code.invokestatic(WIRE, "i64", READ_LONG);
            default -> throw new IllegalArgumentException("no read of " + bytes + " bytes");
        }
    }

    private static ClassDesc desc(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }

    private Names() {}
}
