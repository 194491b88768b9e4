package io.millrace.flow.rules;

/// The instructions of a [RulesetProgram], each with its operands as they follow it. `reg` is the number of a 32-bit
/// register, `fail` where the next rule begins. Values wider than 32 bits lie in several registers, most significant
/// first.
final class Opcode {

    /// `reg value`
    static final int LOAD = 1;
    /// `reg from`
    static final int COPY = 2;
    /// `reg base byteOffset byteCount shift mask fail`: up to 8 bytes in network order, shifted right, masked.
    static final int LOAD_BITS = 3;
    /// `reg base byteOffset fail` each
    static final int LOAD_U8 = 4;
    static final int LOAD_U16 = 5;
    static final int LOAD_U32 = 6;
    /// `reg fact fail`: see [PacketFact]
    static final int LOAD_FACT = 7;
    /// `reg isEgress`: four registers, 0 where there is no interface
    static final int LOAD_NAME = 8;
    /// `reg key direction fail`: see [ConnectionFact]
    static final int LOAD_CONNECTION = 9;
    /// `reg inputs result fail`
    static final int LOAD_FIB = 10;
    /// `reg modulus offset cell`: counts up
    static final int LOAD_COUNT = 11;
    /// `reg modulus offset`; modulus 0: all 32 bits
    static final int LOAD_RANDOM = 12;

    /// `reg isExtension number byteOffset byteCount shift mask fail`: bits of a TCP option or an extension header
    static final int LOAD_OPTION = 13;
    /// `reg isExtension number fail`: 1 where it is there, 0 where not
    static final int LOAD_PRESENCE = 14;
    /// `reg fail`: the largest TCP segment that the packet's route takes, both ways
    static final int LOAD_SEGMENT_MAX = 15;

    /// `reg left right` each
    static final int AND = 20;
    static final int OR = 21;
    static final int XOR = 22;
    /// `reg from count` each
    static final int SHIFT_LEFT = 23;
    static final int SHIFT_RIGHT = 24;

    /// `reg value fail` each
    static final int EQUAL = 30;
    static final int NOT_EQUAL = 31;
    static final int ANY_BIT = 32;
    /// `reg low high isInverted fail`
    static final int IN_RANGE = 33;
    /// `reg wordCount isInverted fail low… high…`
    static final int IN_WIDE_RANGE = 34;
    /// `reg wordCount isInverted fail mask…`
    static final int ANY_WIDE_BIT = 35;

    /// `set reg isInverted fail`
    static final int LOOKUP = 40;
    /// `set reg target fail`
    static final int MAP = 41;
    /// `set reg fail`
    static final int DECIDE_BY_MAP = 42;
    /// `operation set reg dataReg timeoutHigh timeoutLow fail`: both halves of ns; dataReg -1 without data
    static final int UPDATE = 43;

    /// `kind cell fail`: see [Cells]
    static final int STATEFUL = 50;
    /// `kind reg fail`: the cell's number lies in a register
    static final int STATEFUL_AT = 51;
    /// `cell fail`: see [ConnectionLists]
    static final int COUNT_CONNECTIONS = 52;

    /// Without operands.
    static final int ACCEPT = 60;
    static final int DROP = 61;
    static final int RETURN = 62;
    /// `chain` each
    static final int JUMP = 63;
    static final int GO_TO = 64;
    /// `at`: on with the rule there
    static final int SKIP = 65;
    /// `kind code`
    static final int REJECT = 66;
    /// `reg`
    static final int QUEUE = 67;

    /// `fact reg`
    static final int SET_FACT = 70;
    /// `key reg directions`: directions, a bit each, are those of a zone
    static final int SET_CONNECTION = 71;
    /// `reg base byteOffset byteCount shift width fail`
    static final int SET_BITS = 72;
    static final int NO_TRACK = 73;
    /// `reg number byteOffset byteCount fail`: two or four bytes of a TCP option; the size of a segment only shrinks
    static final int SET_OPTION = 79;
    /// `kind flags addressReg addressHighReg addressWords portReg portHighReg`; -1 where not given
    static final int NAT = 74;
    /// `flowtable`
    static final int OFFLOAD = 75;
    /// `log`
    static final int LOG = 76;
    /// `addressReg addressWords deviceReg` each; -1 where not given
    static final int DUPLICATE = 77;
    static final int FORWARD = 78;

    private Opcode() {}
}
