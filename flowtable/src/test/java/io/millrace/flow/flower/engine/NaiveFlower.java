package io.millrace.flow.flower.engine;

import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerMatch;
import io.millrace.flow.flower.PeditKey;
import io.millrace.flow.flower.PortRange;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Filters one after the other, on arrays of bytes: what a [FlowerTable] is held against. Knows no hash, no mask table;
/// priorities, shapes and chains are lists.
final class NaiveFlower {

    /// What came of one frame.
    record Result(FlowerVerdict verdict, int target, byte[] frame, List<FlowerScene.Copy> copies) {}

    private static final class Shape {
        final int chain;
        final int priority;
        final Map<FlowerField, List<BigInteger>> masks;
        final boolean hasSourceRange;
        final boolean hasTargetRange;
        final List<FlowerFilter> filters = new ArrayList<>();

        Shape(FlowerFilter filter) {
            this.chain = filter.chain();
            this.priority = filter.priority();
            this.masks = masks(filter.match());
            this.hasSourceRange = filter.match().sourcePorts().isPresent();
            this.hasTargetRange = filter.match().targetPorts().isPresent();
        }
    }

    /// Room in front of a frame as it is received.
    private static final int HEADROOM_BYTES = 128;

    private final List<Shape> shapes = new ArrayList<>();
    final Map<FlowerFilter, Integer> hits = new HashMap<>();
    private List<FlowerScene.Copy> copies;
    private byte[] frame;
    private int receivedBytes;
    private int target;

    private static Map<FlowerField, List<BigInteger>> masks(FlowerMatch match) {
        Map<FlowerField, List<BigInteger>> masks = new HashMap<>();
        match.fields().forEach((field, each) -> masks.put(field, List.of(wide(each.maskHigh(), each.maskLow()))));
        return masks;
    }

    private static BigInteger wide(long high, long low) {
        BigInteger top = new BigInteger(Long.toUnsignedString(high));
        return top.shiftLeft(64).or(new BigInteger(Long.toUnsignedString(low)));
    }

    void add(FlowerFilter filter) {
        Shape shape = shapes.stream().filter(each -> isOf(each, filter)).findFirst().orElse(null);
        if (shape == null) {
            shape = new Shape(filter);
            shapes.add(shape);
        }
        shape.filters.add(filter);
    }

    void remove(FlowerFilter filter) {
        shapes.forEach(each -> each.filters.remove(filter));
        shapes.removeIf(each -> each.filters.isEmpty());
    }

    private static boolean isOf(Shape shape, FlowerFilter filter) {
        return shape.chain == filter.chain() && shape.priority == filter.priority()
            && shape.masks.equals(masks(filter.match()))
            && shape.hasSourceRange == filter.match().sourcePorts().isPresent()
            && shape.hasTargetRange == filter.match().targetPorts().isPresent();
    }

    Result classify(byte[] received, int interfaceIndex) {
        frame = received.clone();
        receivedBytes = received.length;
        copies = new ArrayList<>();
        target = -1;
        int chain = 0;
        for (int round = 0; round <= 16; round++) {
            ActionControl control = walk(chain, interfaceIndex);
            switch (control.kind()) {
                case PASS, PIPE, CONTINUE -> {
                    return result(FlowerVerdict.PASSED);
                }
                case DROP -> {
                    return result(FlowerVerdict.DROPPED);
                }
                case TRAP -> {
                    return result(FlowerVerdict.TRAPPED);
                }
                case STOLEN -> {
                    return result(FlowerVerdict.REDIRECTED);
                }
                case RECLASSIFY -> chain = 0;
                case GOTO_CHAIN -> chain = control.chain();
            }
        }
        return result(FlowerVerdict.LOOPED);
    }

    private Result result(FlowerVerdict verdict) {
        return new Result(verdict, target, frame, copies);
    }

    private ActionControl walk(int chain, int interfaceIndex) {
        List<Integer> priorities =
            shapes.stream().filter(each -> each.chain == chain).map(each -> each.priority).distinct().sorted().toList();
        for (int priority : priorities) {
            var fields = new NaiveFields(frame, interfaceIndex);
            FlowerFilter filter = first(chain, priority, fields);
            if (filter == null) continue;
            hits.merge(filter, 1, Integer::sum);
            ActionControl control = run(filter);
            if (control.kind() != ActionControl.Kind.CONTINUE) return control;
        }
        return ActionControl.PASS;
    }

    private FlowerFilter first(int chain, int priority, NaiveFields fields) {
        for (Shape shape : shapes) {
            if (shape.chain != chain || shape.priority != priority) continue;
            Optional<FlowerFilter> found =
                shape.filters.stream().filter(each -> matches(each, fields)).findFirst();
            if (found.isPresent() && !found.get().flags().skipsSoftware()) return found.get();
        }
        return null;
    }

    private static boolean matches(FlowerFilter filter, NaiveFields fields) {
        boolean isProtocol = filter.protocol() == FlowerFilter.ALL || filter.protocol() == fields.firstType();
        FlowerMatch match = filter.match();
        return isProtocol
            && isIn(match.sourcePorts(), fields.get(FlowerField.SOURCE_PORT))
            && isIn(match.targetPorts(), fields.get(FlowerField.TARGET_PORT))
            && match.fields().entrySet().stream().allMatch(each -> {
                FieldMatch wanted = each.getValue();
                BigInteger mask = wide(wanted.maskHigh(), wanted.maskLow());
                return fields.get(each.getKey()).and(mask).equals(wide(wanted.high(), wanted.low()).and(mask));
            });
    }

    private static boolean isIn(Optional<PortRange> range, BigInteger port) {
        return range.isEmpty() || port.intValue() >= range.get().min() && port.intValue() <= range.get().max();
    }

    private ActionControl run(FlowerFilter filter) {
        for (FlowerAction action : filter.actions()) {
            ActionControl control = action.control();
            switch (action) {
                case FlowerAction.Mirred mirred when mirred.isRedirect() -> target = mirred.port();
                case FlowerAction.Mirred mirred -> copies.add(new FlowerScene.Copy(mirred.port(), frame.clone()));
                case FlowerAction.Vlan vlan -> {
                    if (!tag(vlan)) control = ActionControl.DROP;
                }
                case FlowerAction.Pedit pedit -> edit(pedit);
                default -> { }
            }
            if (control.kind() != ActionControl.Kind.PIPE) return control;
        }
        return filter.actions().isEmpty() ? ActionControl.PASS : ActionControl.PIPE;
    }

    private boolean tag(FlowerAction.Vlan vlan) {
        if (frame.length < 14) return false;
        int type = ByteBuffer.wrap(frame).getShort(12) & 0xffff;
        boolean isTagged = type == 0x8100 || type == 0x88a8;
        byte[] front = Arrays.copyOf(frame, 12);
        if (vlan.change() == FlowerAction.VlanChange.PUSH) {
            if (frame.length + 4 > receivedBytes + HEADROOM_BYTES) return false;
            frame = joined(front, tag(vlan, vlan.id() | Math.max(0, vlan.priority()) << 13),
                Arrays.copyOfRange(frame, 12, frame.length));
            return true;
        }
        if (!isTagged) return true;
        if (frame.length < 18) return false;
        byte[] rest = Arrays.copyOfRange(frame, 16, frame.length);
        if (vlan.change() == FlowerAction.VlanChange.POP) {
            frame = joined(front, rest);
            return true;
        }
        int tci = ByteBuffer.wrap(frame).getShort(14) & 0xf000 | vlan.id();
        if (vlan.priority() >= 0) tci = tci & 0x1fff | vlan.priority() << 13;
        frame = joined(front, tag(vlan, tci), rest);
        return true;
    }

    private static byte[] tag(FlowerAction.Vlan vlan, int tci) {
        return ByteBuffer.allocate(4).putShort((short) vlan.tagProtocol()).putShort((short) tci).array();
    }

    private static byte[] joined(byte[]... parts) {
        var all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(each -> each.length).sum());
        for (byte[] part : parts) all.put(part);
        return all.array();
    }

    private void edit(FlowerAction.Pedit pedit) {
        int at = 12;
        int tagsEnd = 12 + 4 * NaiveFields.TAGS_MAX;
        while (at < tagsEnd && at + 6 <= frame.length && (type(at) == 0x8100 || type(at) == 0x88a8)) at += 4;
        int network = at + 2;
        for (PeditKey key : pedit.keys()) {
            int header = header(key.header(), network);
            int wordAt = header + key.offset();
            if (header < 0 || wordAt < 0 || wordAt + 4 > frame.length) return;
            ByteBuffer little = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
            int mask = Integer.reverseBytes(key.mask());
            int value = Integer.reverseBytes(key.value());
            int word = little.getInt(wordAt);
            if (key.isAdd()) value = word + value & ~mask;
            little.putInt(wordAt, word & mask ^ value);
        }
    }

    private int type(int at) {
        return ByteBuffer.wrap(frame).getShort(at) & 0xffff;
    }

    private int header(PeditKey.Header header, int network) {
        return switch (header) {
            case ETHERNET -> 0;
            case NETWORK, IPV4, IPV6 -> network;
            case TCP, UDP -> {
                int protocol = header == PeditKey.Header.TCP ? 6 : 17;
                if (network - 2 + 2 > frame.length) yield -1;
                if (type(network - 2) == 0x0800 && network + 20 <= frame.length && frame[network + 9] == protocol) {
                    yield network + frame[network] % 16 * 4;
                }
                boolean isPlainIpv6 = type(network - 2) == 0x86dd && network + 40 <= frame.length
                    && frame[network + 6] == protocol;
                yield isPlainIpv6 ? network + 40 : -1;
            }
        };
    }
}
