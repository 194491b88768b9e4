package io.millrace.flow.rules;

import io.millrace.flow.Routes;
import io.millrace.flow.nat.NatRange;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.Statement.SetOperation;
import io.millrace.flow.track.ConnectionTable;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.util.random.RandomGenerator;

/// Runs packets through the chains of a [RulesetProgram]: one worker's. Nothing is allocated per packet.
///
/// At an IP hook connection tracking and translation have their places between the chains, so the caller runs them by
/// priority, as Linux does:
///
/// ```
/// machine.filter(PREROUTING, Integer.MIN_VALUE, -200, …)    // raw
/// tracker.track(…)
/// machine.filter(PREROUTING, -200, -100, …)                 // mangle
/// if (nat.isUndecided(…)) machine.nat(PREROUTING, …)        // every NAT chain, whatever its priority
/// machine.filter(PREROUTING, -100, Integer.MAX_VALUE, …)
/// ```
public final class RuleMachine {

    /// Jumps within each other, as `NFT_JUMP_STACK_SIZE`.
    static final int DEPTH_MAX = 16;

    /// Where a base chain is left.
    private static final int END = -1;

    private static final int ADD = SetOperation.ADD.ordinal();
    private static final int DELETE = SetOperation.DELETE.ordinal();

    private final FieldAccess fields;
    private final ConnectionTable table;
    private final ConnectionFact connections;
    private final RouteFact routes;
    private final OptionAccess options;
    private final RandomGenerator random;
    private final int worker;
    private final int[] registers = new int[Words.MAX];
    private final int[] returns = new int[DEPTH_MAX];
    private int depth;
    private int decidedAt = END;

    private RulesetProgram program;
    private int[] code;
    private int[] chainAt;
    private LookupSet[] sets;
    private long[] cells;
    private RulePacket packet;
    private RuleOutcome outcome;
    private boolean isAccepting;

    /// @param random seeded; draws for `numgen random` and `meta random`
    /// @param worker what `meta cpu` says
    public RuleMachine(PacketMemory packets, ConnectionTable table, Routes routes, RandomGenerator random, int worker) {
        this.fields = new FieldAccess(packets);
        this.table = table;
        this.connections = new ConnectionFact(table);
        this.routes = new RouteFact(routes);
        this.options = new OptionAccess(packets.segment());
        this.random = random;
        this.worker = worker;
    }

    /// The instruction that ended the last chain which ran; negative if none has run. See [RulesetProgram#placeOf].
    public int decidedAt() {
        return decidedAt;
    }

    /// From the next packet on.
    public void run(RulesetProgram next) {
        next.lists().attach(table);
        program = next;
        code = next.code();
        chainAt = next.chainAt();
        sets = next.sets();
        cells = next.cells();
    }

    /// Runs the filter chains of a hook with `priorityFrom <= priority < priorityTo`; those of `Integer.MAX_VALUE` run
    /// with that as the end.
    public RuleVerdict filter(Hook hook, int priorityFrom, int priorityTo, RulePacket packet, RuleOutcome outcome) {
        return chains(program.chainsAt(packet.family(), hook), priorityFrom, priorityTo, false, packet, outcome);
    }

    /// Runs the NAT chains of a hook, until one says how to translate: see [RuleOutcome#natKind].
    public RuleVerdict nat(Hook hook, RulePacket packet, RuleOutcome outcome) {
        return chains(program.chainsAt(packet.family(), hook), Integer.MIN_VALUE, Integer.MAX_VALUE, true, packet,
            outcome);
    }

    /// Runs the chains at ingress of the interface that the frame came by, or at egress of the one that it leaves by;
    /// of those that are offloaded, the ones that hardware has not run.
    public RuleVerdict frame(boolean isEgress, int priorityFrom, int priorityTo, RulePacket packet,
                             RuleOutcome outcome) {
        int[] hooked = program.chainsAt(isEgress, isEgress ? packet.egress() : packet.ingress());
        return chains(hooked, priorityFrom, priorityTo, false, packet, outcome);
    }

    private RuleVerdict chains(int[] hooked, int priorityFrom, int priorityTo, boolean isNat, RulePacket packet,
                               RuleOutcome outcome) {
        this.packet = packet;
        this.outcome = outcome;
        outcome.begin();
        decidedAt = END;
        for (int i = 0; i < hooked.length; i += RulesetProgram.HOOKED_WORDS) {
            int priority = hooked[i + RulesetProgram.HOOKED_PRIORITY];
            boolean isBefore = priority < priorityTo || priorityTo == Integer.MAX_VALUE;
            boolean isMeant = isNat == (hooked[i + RulesetProgram.HOOKED_IS_NAT] != 0);
            if (priority < priorityFrom || !isBefore || !isMeant) continue;
            boolean isOffloaded = hooked[i + RulesetProgram.HOOKED_IS_OFFLOADED] != 0;
            if (isOffloaded && packet.isRuled()) continue;
            isAccepting = hooked[i + RulesetProgram.HOOKED_IS_ACCEPTING] != 0;
            chain(hooked[i + RulesetProgram.HOOKED_CHAIN]);
            if (!outcome.verdict().isAccepted() || outcome.hasNat()) break;
        }
        return outcome.verdict();
    }

    private void chain(int chain) {
        depth = 0;
        int at = chainAt[chain];
        int last = at;
        while (at != END) {
            last = at;
            at = switch (code[at]) {
                case Opcode.LOAD -> load(at);
                case Opcode.COPY -> copy(at);
                case Opcode.LOAD_BITS -> loadBits(at);
                case Opcode.LOAD_U8 -> loadU8(at);
                case Opcode.LOAD_U16 -> loadU16(at);
                case Opcode.LOAD_U32 -> loadU32(at);
                case Opcode.LOAD_FACT -> loadFact(at);
                case Opcode.LOAD_NAME -> loadName(at);
                case Opcode.LOAD_CONNECTION -> loadConnection(at);
                case Opcode.LOAD_FIB -> loadFib(at);
                case Opcode.LOAD_COUNT -> loadCount(at);
                case Opcode.LOAD_RANDOM -> loadRandom(at);
                case Opcode.LOAD_OPTION -> loadOption(at);
                case Opcode.LOAD_PRESENCE -> loadPresence(at);
                case Opcode.LOAD_SEGMENT_MAX -> loadSegmentMax(at);
                case Opcode.AND, Opcode.OR, Opcode.XOR, Opcode.SHIFT_LEFT, Opcode.SHIFT_RIGHT -> calculate(at);
                case Opcode.EQUAL -> registers[code[at + 1]] == code[at + 2] ? at + 4 : code[at + 3];
                case Opcode.NOT_EQUAL -> registers[code[at + 1]] != code[at + 2] ? at + 4 : code[at + 3];
                case Opcode.ANY_BIT -> (registers[code[at + 1]] & code[at + 2]) != 0 ? at + 4 : code[at + 3];
                case Opcode.IN_RANGE -> inRange(at);
                case Opcode.IN_WIDE_RANGE -> inWideRange(at);
                case Opcode.ANY_WIDE_BIT -> anyWideBit(at);
                case Opcode.LOOKUP -> lookup(at);
                case Opcode.MAP -> map(at);
                case Opcode.DECIDE_BY_MAP -> decideByMap(at);
                case Opcode.UPDATE -> update(at);
                case Opcode.STATEFUL -> stateful(at, code[at + 2]);
                case Opcode.STATEFUL_AT -> stateful(at, registers[code[at + 2]]);
                case Opcode.COUNT_CONNECTIONS -> countConnections(at);
                case Opcode.ACCEPT -> END;
                case Opcode.DROP -> end(RuleVerdict.DROPPED);
                case Opcode.RETURN -> back();
                case Opcode.JUMP -> jump(code[at + 1], at + 2);
                case Opcode.GO_TO -> chainAt[code[at + 1]];
                case Opcode.SKIP -> code[at + 1];
                case Opcode.REJECT -> reject(at);
                case Opcode.QUEUE -> queue(at);
                case Opcode.SET_FACT -> setFact(at);
                case Opcode.SET_CONNECTION -> setConnection(at);
                case Opcode.SET_BITS -> setBits(at);
                case Opcode.NO_TRACK -> noTrack(at);
                case Opcode.SET_OPTION -> setOption(at);
                case Opcode.NAT -> nat(at);
                case Opcode.OFFLOAD -> offload(at);
                case Opcode.LOG -> log(at);
                case Opcode.DUPLICATE -> duplicate(at);
                case Opcode.FORWARD -> forward(at);
                default -> throw new AssertionError(code[at]);
            };
        }
        decidedAt = last;
    }

    private int load(int at) {
        registers[code[at + 1]] = code[at + 2];
        return at + 3;
    }

    private int copy(int at) {
        registers[code[at + 1]] = registers[code[at + 2]];
        return at + 3;
    }

    private int loadBits(int at) {
        int byteCount = code[at + 4];
        int place = fields.place(packet, code[at + 2], code[at + 3], byteCount);
        if (place == FieldAccess.NONE) return code[at + 7];
        registers[code[at + 1]] = (int) (fields.read(packet, place, byteCount) >>> code[at + 5]) & code[at + 6];
        return at + 8;
    }

    private int loadU8(int at) {
        int place = fields.place(packet, code[at + 2], code[at + 3], 1);
        if (place == FieldAccess.NONE) return code[at + 4];
        registers[code[at + 1]] = Wire.u8(packet.memory(), packet.frameAt() + place);
        return at + 5;
    }

    private int loadU16(int at) {
        int place = fields.place(packet, code[at + 2], code[at + 3], 2);
        if (place == FieldAccess.NONE) return code[at + 4];
        registers[code[at + 1]] = Wire.u16(packet.memory(), packet.frameAt() + place);
        return at + 5;
    }

    private int loadU32(int at) {
        int place = fields.place(packet, code[at + 2], code[at + 3], 4);
        if (place == FieldAccess.NONE) return code[at + 4];
        registers[code[at + 1]] = Wire.i32(packet.memory(), packet.frameAt() + place);
        return at + 5;
    }

    private int loadFact(int at) {
        RuleInterfaces interfaces = program.interfaces();
        if (!PacketFact.isKnown(code[at + 2], packet, interfaces)) return code[at + 3];
        registers[code[at + 1]] = PacketFact.value(code[at + 2], packet, interfaces, worker);
        return at + 4;
    }

    private int loadName(int at) {
        int number = code[at + 2] != 0 ? packet.egress() : packet.ingress();
        program.interfaces().copyName(number, registers, code[at + 1]);
        return at + 3;
    }

    private int loadConnection(int at) {
        boolean isKnown = connections.read(code[at + 2], code[at + 3], packet.tracked(), packet.nowNs(), registers,
            code[at + 1]);
        return isKnown ? at + 5 : code[at + 4];
    }

    private int loadFib(int at) {
        boolean isKnown = routes.read(packet, code[at + 2], code[at + 3], program.interfaces(), registers,
            code[at + 1]);
        return isKnown ? at + 5 : code[at + 4];
    }

    private int loadCount(int at) {
        long number = Cells.next(cells, code[at + 4], Integer.toUnsignedLong(code[at + 2]));
        registers[code[at + 1]] = (int) number + code[at + 3];
        return at + 5;
    }

    private int loadRandom(int at) {
        int drawn = random.nextInt();
        int modulus = code[at + 2];
        // Scaled as `reciprocal_scale` does.
        long scaled = Integer.toUnsignedLong(drawn) * Integer.toUnsignedLong(modulus) >>> 32;
        registers[code[at + 1]] = modulus == 0 ? drawn : (int) scaled + code[at + 3];
        return at + 4;
    }

    private int loadOption(int at) {
        int byteCount = code[at + 5];
        int neededBytes = code[at + 4] + byteCount;
        int place = code[at + 2] != 0 ? options.extension(packet, code[at + 3], neededBytes)
            : options.option(packet, code[at + 3], neededBytes);
        if (place < 0) return code[at + 8];
        long group = fields.read(packet, place + code[at + 4], byteCount);
        registers[code[at + 1]] = (int) (group >>> code[at + 6]) & code[at + 7];
        return at + 9;
    }

    private int loadPresence(int at) {
        boolean isExtension = code[at + 2] != 0;
        if (isExtension && packet.family() != 6) return code[at + 4];
        int place = isExtension ? options.extension(packet, code[at + 3], 0) : options.option(packet, code[at + 3], 0);
        registers[code[at + 1]] = place < 0 ? 0 : 1;
        return at + 5;
    }

    private int loadSegmentMax(int at) {
        int bytes = routes.segmentBytesMax(packet);
        if (bytes == RouteFact.UNKNOWN) return code[at + 2];
        registers[code[at + 1]] = bytes;
        return at + 3;
    }

    private int calculate(int at) {
        int left = registers[code[at + 2]];
        int right = code[at + 3];
        registers[code[at + 1]] = switch (code[at]) {
            case Opcode.AND -> left & registers[right];
            case Opcode.OR -> left | registers[right];
            case Opcode.XOR -> left ^ registers[right];
            case Opcode.SHIFT_LEFT -> left << right;
            default -> left >>> right;
        };
        return at + 4;
    }

    private int inRange(int at) {
        int value = registers[code[at + 1]] + Integer.MIN_VALUE;
        boolean isIn = value >= code[at + 2] + Integer.MIN_VALUE && value <= code[at + 3] + Integer.MIN_VALUE;
        return isIn == (code[at + 4] == 0) ? at + 6 : code[at + 5];
    }

    private int inWideRange(int at) {
        int words = code[at + 2];
        int lowAt = at + 5;
        boolean isIn = IntervalTable.compare(registers, code[at + 1], code, lowAt, words) >= 0
            && IntervalTable.compare(registers, code[at + 1], code, lowAt + words, words) <= 0;
        return isIn == (code[at + 3] == 0) ? lowAt + 2 * words : code[at + 4];
    }

    private int anyWideBit(int at) {
        int words = code[at + 2];
        boolean isAny = false;
        for (int i = 0; i < words; i++) isAny |= (registers[code[at + 1] + i] & code[at + 5 + i]) != 0;
        return isAny == (code[at + 3] == 0) ? at + 5 + words : code[at + 4];
    }

    private int lookup(int at) {
        LookupSet set = sets[code[at + 1]];
        int element = set.find(registers, code[at + 2], packet.nowNs());
        boolean isInverted = code[at + 3] != 0;
        if (element == LookupSet.NONE) return isInverted ? at + 5 : code[at + 4];
        if (isInverted) return code[at + 4];
        return set.passes(element, packet) ? at + 5 : code[at + 4];
    }

    private int map(int at) {
        LookupSet set = sets[code[at + 1]];
        int element = set.find(registers, code[at + 2], packet.nowNs());
        if (element == LookupSet.NONE) return code[at + 4];
        if (!set.passes(element, packet)) return code[at + 4];
        set.copyData(element, registers, code[at + 3]);
        return at + 5;
    }

    private int decideByMap(int at) {
        LookupSet set = sets[code[at + 1]];
        int element = set.find(registers, code[at + 2], packet.nowNs());
        if (element == LookupSet.NONE) return code[at + 3];
        if (!set.passes(element, packet)) return code[at + 3];
        int verdict = set.data(element);
        return switch (verdict) {
            case VerdictCode.ACCEPT -> END;
            case VerdictCode.DROP -> end(RuleVerdict.DROPPED);
            case VerdictCode.CONTINUE -> at + 4;
            case VerdictCode.RETURN -> back();
            default -> VerdictCode.isGoTo(verdict) ? chainAt[VerdictCode.chain(verdict)]
                : jump(VerdictCode.chain(verdict), at + 4);
        };
    }

    private int update(int at) {
        int operation = code[at + 1];
        LookupSet set = sets[code[at + 2]];
        if (operation == DELETE) {
            set.remove(registers, code[at + 3]);
            return at + 8;
        }
        long timeoutNs = (long) code[at + 5] << 32 | Integer.toUnsignedLong(code[at + 6]);
        int element = set.put(registers, code[at + 3], code[at + 4], timeoutNs, operation != ADD, packet.nowNs());
        if (element == LookupSet.NONE) return code[at + 7];
        return set.passes(element, packet) ? at + 8 : code[at + 7];
    }

    private int countConnections(int at) {
        boolean passes = program.lists().passes(cells, code[at + 1], packet.tracked(), packet.nowNs());
        return passes ? at + 3 : code[at + 2];
    }

    private int stateful(int at, int cell) {
        boolean passes = Cells.passes(code[at + 1], cells, cell, packet.lengthBytes(), packet.nowNs());
        return passes ? at + 4 : code[at + 3];
    }

    private int end(RuleVerdict verdict) {
        outcome.end(verdict);
        return END;
    }

    private int back() {
        if (depth > 0) return returns[--depth];
        return isAccepting ? END : end(RuleVerdict.POLICY_DROPPED);
    }

    private int jump(int chain, int behind) {
        returns[depth++] = behind;
        return chainAt[chain];
    }

    private int reject(int at) {
        outcome.reject(code[at + 1], code[at + 2]);
        return END;
    }

    private int queue(int at) {
        outcome.queue(registers[code[at + 1]]);
        return END;
    }

    private int setFact(int at) {
        PacketFact.write(code[at + 1], packet, registers[code[at + 2]]);
        return at + 3;
    }

    private int setConnection(int at) {
        connections.write(code[at + 1], code[at + 3], packet.tracked(), registers, code[at + 2]);
        return at + 4;
    }

    private int setBits(int at) {
        int byteCount = code[at + 4];
        int place = fields.place(packet, code[at + 2], code[at + 3], byteCount);
        if (place == FieldAccess.NONE) return code[at + 7];
        fields.write(packet, code[at + 2], place, byteCount, code[at + 5], code[at + 6], registers[code[at + 1]]);
        return at + 8;
    }

    private int setOption(int at) {
        int byteCount = code[at + 4];
        int place = options.option(packet, code[at + 2], code[at + 3] + byteCount);
        if (place == OptionAccess.NO_HEADER) return code[at + 5];
        if (place != OptionAccess.NONE) {
            fields.writeOption(packet, code[at + 2], place + code[at + 3], byteCount, registers[code[at + 1]]);
        }
        return at + 6;
    }

    private int noTrack(int at) {
        if (!packet.tracked().hasEntry()) packet.tracked().untracked();
        return at + 1;
    }

    private int nat(int at) {
        NatRange range = outcome.nat(code[at + 1]).set(code[at + 2]);
        int low = code[at + 3];
        int high = code[at + 4];
        if (low >= 0) {
            boolean isWide = code[at + 5] == 4;
            range.addresses(isWide ? wide(low) : 0, isWide ? wide(low + 2) : Integer.toUnsignedLong(registers[low]),
                isWide ? wide(high) : 0, isWide ? wide(high + 2) : Integer.toUnsignedLong(registers[high]));
        }
        if (code[at + 6] >= 0) range.ports(registers[code[at + 6]] & 0xffff, registers[code[at + 7]] & 0xffff);
        return END;
    }

    private long wide(int register) {
        return (long) registers[register] << 32 | Integer.toUnsignedLong(registers[register + 1]);
    }

    private int offload(int at) {
        outcome.addOffload(code[at + 1]);
        return at + 2;
    }

    private int log(int at) {
        outcome.addLog(code[at + 1]);
        return at + 2;
    }

    private int duplicate(int at) {
        RuleOutcome.RuleRoute copy = outcome.nextCopy();
        if (copy != null) route(at, copy);
        return at + 4;
    }

    private int forward(int at) {
        route(at, outcome.forward());
        return end(RuleVerdict.TAKEN);
    }

    private void route(int at, RuleOutcome.RuleRoute route) {
        int address = code[at + 1];
        int device = code[at + 3] >= 0 ? registers[code[at + 3]] : Routes.NO_INTERFACE;
        if (address < 0) {
            route.set(0, 0, 0, device);
        } else if (code[at + 2] == 1) {
            route.set(4, 0, Integer.toUnsignedLong(registers[address]), device);
        } else {
            route.set(6, wide(address), wide(address + 2), device);
        }
    }
}
