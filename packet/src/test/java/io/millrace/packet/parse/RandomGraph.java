package io.millrace.packet.parse;

import io.millrace.packet.parse.graph.Condition;
import io.millrace.packet.parse.graph.Extraction;
import io.millrace.packet.parse.graph.Field;
import io.millrace.packet.parse.graph.GraphException;
import io.millrace.packet.parse.graph.Length;
import io.millrace.packet.parse.graph.Limits;
import io.millrace.packet.parse.graph.Next;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.OptionalFields;
import io.millrace.packet.parse.graph.ParseGraph;
import io.millrace.packet.parse.graph.TlvOptions;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Graphs with every part of the representation in them, and frames that go some way through them: keys and lengths are
/// of few bits, bytes of few values.
public final class RandomGraph {

    private static final RecordField[] FIELDS = RecordField.values();
    private static final int[] FIELD_BYTES = {1, 1, 1, 2, 2, 4, 8};

    private final Random random;
    private final int nodeCount;

    private RandomGraph(Random random) {
        this.random = random;
        this.nodeCount = 1 + random.nextInt(10);
    }

    /// Every node is reachable, or may be; the caller's canonical form says which.
    public static ParseGraph of(Random random) {
        while (true) {
            try {
                return new RandomGraph(random).graph();
            } catch (GraphException e) {
                // a cycle that does not advance; draw again
            }
        }
    }

    /// Bytes that are mostly small, so that masks of few bits meet them.
    public static byte[] frame(Random random) {
        byte[] frame = new byte[random.nextInt(10) == 0 ? random.nextInt(3000) : random.nextInt(140)];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = (byte) (random.nextInt(8) == 0 ? random.nextInt(256) : random.nextInt(6));
        }
        return frame;
    }

    private ParseGraph graph() {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < nodeCount; i++) nodes.add(valid(() -> node("n" + nodes.size())));
        NavigableMap<Integer, Integer> roots = new TreeMap<>();
        roots.put(1, random.nextInt(nodeCount));
        if (chance(3)) roots.put(101, random.nextInt(nodeCount));
        Limits limits = chance(2) ? Limits.STANDARD
            : new Limits(random.nextInt(12), random.nextInt(4), random.nextInt(4), random.nextInt(120));
        return new ParseGraph("random", limits, nodes, roots, random.nextInt(nodeCount), List.of());
    }

    private Node node(String name) {
        int bytesMin = chance(6) ? 0 : 1 + random.nextInt(chance(4) ? 40 : 12);
        boolean hasField = bytesMin > 0;
        Length headerLength = hasField && chance(3) ? length(bytesMin, bytesMin) : null;
        Length packetLength = hasField && chance(5) ? length(bytesMin, random.nextInt(60)) : null;
        OptionalFields optional = hasField && chance(5) ? optional(bytesMin) : null;
        TlvOptions tlvs = chance(5) ? tlvs(bytesMin) : null;
        Next next = next(bytesMin);
        return new Node(name, bytesMin, headerLength, packetLength,
            hasField ? conditions(bytesMin, chance(6) ? 1 : 0, 0) : List.of(),
                metadata(bytesMin, random.nextInt(7), true),
            hasField ? conditions(bytesMin, random.nextInt(3), 0x1ff) : List.of(), optional, tlvs,
            hasField && chance(4) ? conditions(bytesMin, 1, 0x1ff) : List.of(), next, chance(5), chance(6));
    }

    private Next next(int bytesMin) {
        if (chance(8)) return new Next.Leaf();
        if (bytesMin == 0 || chance(8)) return new Next.Always(random.nextInt(nodeCount));
        Field field = field(bytesMin, true, chance(3) ? 16 : 3);
        int shift = chance(2) ? Long.numberOfTrailingZeros(field.mask() | Long.MIN_VALUE) % (8 * field.bytes()) : 0;
        int entryCount = chance(25) ? 100 + random.nextInt(500) : 1 + random.nextInt(6);
        Set<Long> keys = new HashSet<>();
        List<Next.Entry> entries = new ArrayList<>();
        for (int i = 0; i < entryCount; i++) {
            long key = (chance(2) ? random.nextLong() : random.nextInt(6)) & field.mask() >>> shift;
            if (keys.add(key)) entries.add(new Next.Entry(key, random.nextInt(nodeCount)));
        }
        return new Next.Dispatch(field, shift, entries, chance(2) ? Next.NONE : random.nextInt(nodeCount));
    }

    private Length length(int bytesMin, int about) {
        Field field = field(bytesMin, false, chance(8) ? 64 : 3);
        int shift = chance(3) ? random.nextInt(8 * field.bytes()) : 0;
        int multiplier = chance(20) ? random.nextInt(Integer.MAX_VALUE) : 1 << random.nextInt(4);
        int add = chance(20) ? random.nextInt() : about - random.nextInt(4);
        return new Length(field, shift, multiplier, add);
    }

    private List<Condition> conditions(int bytesMin, int count, int flagsMask) {
        List<Condition> conditions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Field field = field(bytesMin, false, chance(3) ? 64 : 4);
            Condition.Op op = Condition.Op.values()[random.nextInt(6)];
            long value = (chance(3) ? random.nextLong() : random.nextInt(6)) & field.mask();
            conditions.add(new Condition(field, op, value, random.nextInt(0x10000) & flagsMask));
        }
        return conditions;
    }

    private List<Extraction> metadata(int bytes, int count, boolean mayCountFromEnd) {
        List<Extraction> metadata = new ArrayList<>();
        for (int i = 0; i < count; i++) metadata.add(valid(() -> extraction(bytes, mayCountFromEnd)));
        return metadata;
    }

    private Extraction extraction(int bytes, boolean mayCountFromEnd) {
        RecordField to = FIELDS[random.nextInt(FIELDS.length)];
        return switch (bytes == 0 ? 2 + random.nextInt(3) : random.nextInt(5)) {
            case 0 -> {
                Field field = field(bytes, mayCountFromEnd, 64);
                yield new Extraction.Value(to, field, chance(2) ? 0 : random.nextInt(8 * field.bytes()));
            }
            case 1 -> {
                int count = 1 + random.nextInt(Math.min(bytes, Math.min(16, to.bytes())));
                Field.Origin from = mayCountFromEnd && chance(4) ? Field.Origin.END : Field.Origin.START;
                int offset = from == Field.Origin.END ? count + random.nextInt(bytes - count + 1)
                    : random.nextInt(bytes - count + 1);
                yield new Extraction.Bytes(to, offset, count, from);
            }
            case 2 -> new Extraction.Position(to, Extraction.Position.Kind.values()[random.nextInt(3)]);
            default -> new Extraction.Constant(to, new BigInteger(8 * to.bytes(), random), chance(2));
        };
    }

    private OptionalFields optional(int bytesMin) {
        Field field = field(bytesMin, false, 64);
        field = new Field(field.offset(), field.bytes(), Field.allOnes(field.bytes()), Field.Origin.START);
        List<OptionalFields.Entry> entries = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            long mask = random.nextInt(8) & Field.allOnes(field.bytes());
            int bytes = random.nextInt(9);
            entries.add(new OptionalFields.Entry(random.nextLong() & mask, mask, bytes,
                metadata(bytes, random.nextInt(3), false)));
        }
        return new OptionalFields(field, entries);
    }

    private TlvOptions tlvs(int bytesMin) {
        Field type = optionField(3);
        Length length = new Length(optionField(3), 0, 1 + random.nextInt(3), random.nextInt(4));
        Set<Long> types = new HashSet<>();
        OptionalLong pad1 = oneByteType(type, types);
        OptionalLong eol = oneByteType(type, types);
        List<TlvOptions.Entry> entries = new ArrayList<>();
        for (int i = 0; i < random.nextInt(5); i++) {
            long wanted = random.nextInt(8) & type.mask();
            if (!types.add(wanted)) continue;
            int bytes = random.nextInt(7);
            List<Extraction> metadata = metadata(bytes, random.nextInt(3), false);
            int reach = TlvOptions.Entry.reach(metadata);
            entries.add(new TlvOptions.Entry(wanted, reach + random.nextInt(3), metadata));
        }
        return new TlvOptions(chance(2) ? bytesMin : random.nextInt(20), type, 0, length, pad1, eol, entries);
    }

    private OptionalLong oneByteType(Field type, Set<Long> types) {
        long value = random.nextInt(8) & type.mask();
        return chance(2) && types.add(value) ? OptionalLong.of(value) : OptionalLong.empty();
    }

    private Field optionField(int maskBits) {
        int bytes = chance(4) ? 2 : 1;
        return new Field(random.nextInt(3), bytes, (1L << maskBits) - 1, Field.Origin.START);
    }

    private Field field(int within, boolean mayCountFromEnd, int maskBits) {
        int bytes = FIELD_BYTES[random.nextInt(FIELD_BYTES.length)];
        while (bytes > within) bytes /= 2;
        long mask = maskBits == 64 ? Field.allOnes(bytes) >>> random.nextInt(3)
            : (1L << maskBits) - 1 << random.nextInt(chance(3) ? 8 * bytes : 1) & Field.allOnes(bytes);
        boolean isFromEnd = mayCountFromEnd && chance(5);
        int offset = isFromEnd ? bytes + random.nextInt(within - bytes + 1) : random.nextInt(within - bytes + 1);
        return new Field(offset, bytes, mask, isFromEnd ? Field.Origin.END : Field.Origin.START);
    }

    private <T> T valid(Supplier<T> draw) {
        while (true) {
            try {
                return draw.get();
            } catch (GraphException e) {
                // it does not fit its record field; draw again
            }
        }
    }

    /// One time in `n`.
    private boolean chance(int n) {
        return random.nextInt(n) == 0;
    }
}
