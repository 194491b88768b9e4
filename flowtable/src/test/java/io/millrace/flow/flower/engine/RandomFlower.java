package io.millrace.flow.flower.engine;

import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerFlags;
import io.millrace.flow.flower.FlowerMatch;
import io.millrace.flow.flower.KeyRules;
import io.millrace.flow.flower.PeditKey;
import io.millrace.flow.flower.PortRange;
import io.millrace.testkit.Frame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// Filters and frames from one small world, so that they meet often.
final class RandomFlower {

    private static final String[] MACS = {"02:00:00:00:00:01", "02:00:00:00:00:02", "03:00:00:00:00:01"};
    private static final int[] PROTOCOLS = {0x0800, 0x0800, 0x0800, 0x86dd, 0x86dd, 0x8100, 0x88a8, 0x0806,
        FlowerFilter.ALL, 0x8847, 0x8864};
    private static final FlowerField[] SMALL = {FlowerField.INDEV, FlowerField.VLAN_COUNT, FlowerField.IP_TTL,
        FlowerField.IP_TOS, FlowerField.SOURCE_PORT, FlowerField.TARGET_PORT, FlowerField.TCP_FLAGS,
        FlowerField.ICMP_TYPE, FlowerField.ICMP_CODE, FlowerField.VLAN_ID, FlowerField.VLAN_PRIORITY,
        FlowerField.CVLAN_ID, FlowerField.IP_FLAGS, FlowerField.ARP_OPERATION, FlowerField.PPPOE_SESSION};

    private final SplittableRandom random;

    RandomFlower(SplittableRandom random) {
        this.random = random;
    }

    private int one(int... values) {
        return values[random.nextInt(values.length)];
    }

    byte[] frame() {
        String source = MACS[random.nextInt(3)];
        String target = MACS[random.nextInt(3)];
        var ethernet = Frame.ethernet(source, target);
        byte[] frame = switch (random.nextInt(9)) {
            case 0 -> Frame.ethernet(source, target).vlan(one(1, 2)).priority(one(0, 1, 5))
                .ipv4(ip(), ip()).ttl(one(1, 2, 64)).udp(port(), port()).payload(new byte[4]).bytes();
            case 1 -> Frame.ethernet(source, target).vlan(one(1, 2)).tagType(0x88a8).vlan(one(1, 2))
                .ipv4(ip(), ip()).tcp(port(), port()).flags(one(2, 0x10, 0x12)).bytes();
            case 2 -> ethernet.ipv6(ip6(), ip6()).hopLimit(one(1, 2, 64)).tcp(port(), port()).flags(one(2, 16)).bytes();
            case 3 -> ethernet.ipv6(ip6(), ip6()).udp(port(), port()).payload(new byte[8]).bytes();
            case 4 -> ethernet.arpRequest(source, ip(), ip()).operation(one(1, 2, 3)).bytes();
            case 5 -> {
                var ip = ethernet.ipv4(ip(), ip());
                if (random.nextBoolean()) ip.moreFragments();
                yield ip.fragmentOffsetBytes(one(0, 8)).protocol(17).payload(new byte[24]).bytes();
            }
            case 6 -> ethernet.ipv4(ip(), ip()).tos(one(0, 4)).icmp(one(0, 8), 0).payload(new byte[8]).bytes();
            case 7 -> ethernet.pppoe(one(1, 2)).ipv4(ip(), ip()).udp(port(), port()).bytes();
            default -> ethernet.ipv4(ip(), ip()).ttl(one(1, 2, 64)).tcp(port(), port()).flags(one(2, 16, 18))
                .payload(new byte[6]).bytes();
        };
        return random.nextInt(8) == 0 ? Arrays.copyOf(frame, random.nextInt(frame.length + 1)) : frame;
    }

    private String ip()  { return "10.0.0." + random.nextInt(4); }
    private String ip6() { return "fd00::" + random.nextInt(4); }
    private int port()   { return 80 + random.nextInt(4); }

    FlowerFilter filter(int handle, int[] protocolByPriority) {
        int priority = 1 + random.nextInt(protocolByPriority.length);
        int chain = random.nextInt(4) == 0 ? one(1, 2) : 0;
        if (protocolByPriority[priority - 1] == 0) protocolByPriority[priority - 1] = one(PROTOCOLS);
        int protocol = protocolByPriority[priority - 1];
        var actions = new ArrayList<FlowerAction>();
        while (random.nextInt(5) < 2) actions.add(piped());
        if (random.nextInt(6) != 0) actions.add(last());
        var flags = random.nextInt(12) == 0 ? FlowerFlags.SKIP_SOFTWARE : FlowerFlags.NONE;
        return new FlowerFilter(chain, priority, protocol, handle, 0, match(protocol), actions, flags);
    }

    private FlowerMatch match(int protocol) {
        Map<FlowerField, FieldMatch> given = new EnumMap<>(FlowerField.class);
        if (protocol == 0x8100 || protocol == 0x88a8) {
            if (random.nextBoolean()) {
                given.put(FlowerField.VLAN_NEXT, exactly(FlowerField.VLAN_NEXT, one(0x800, 0x8100)));
            }
            if (random.nextBoolean()) given.put(FlowerField.CVLAN_NEXT, exactly(FlowerField.CVLAN_NEXT, 0x800));
        }
        if (protocol == 0x8864 && random.nextBoolean()) {
            given.put(FlowerField.PPP_PROTOCOL, exactly(FlowerField.PPP_PROTOCOL, 0x21));
        }
        if (random.nextBoolean()) {
            given.put(FlowerField.IP_PROTOCOL, exactly(FlowerField.IP_PROTOCOL, one(6, 17, 1, 58)));
        }
        if (random.nextInt(3) == 0) given.put(FlowerField.SOURCE_ADDRESS, address(protocol));
        if (random.nextInt(3) == 0) given.put(FlowerField.TARGET_ADDRESS, address(protocol));
        if (random.nextInt(4) == 0) {
            given.put(FlowerField.TARGET_MAC, FieldMatch.of(0x02_00_00_00_00_01L, one(0, 1) == 0 ? 0xff : -1L >>> 16));
        }
        while (random.nextInt(3) == 0) {
            FlowerField field = SMALL[random.nextInt(SMALL.length)];
            given.put(field, FieldMatch.of(value(field), random.nextBoolean() ? field.full() : one(1, 3)));
        }
        return KeyRules.match(protocol, given, range(), range());
    }

    private long value(FlowerField field) {
        return switch (field) {
            case INDEV -> FlowerScene.INTERFACE + one(0, 1, 1);
            case SOURCE_PORT, TARGET_PORT -> port();
            case IP_TTL -> one(1, 2, 64);
            case TCP_FLAGS -> one(2, 16, 18);
            default -> one(0, 1, 2, 3);
        };
    }

    private static FieldMatch exactly(FlowerField field, long value) {
        return FieldMatch.exactly(field, value);
    }

    private FieldMatch address(int protocol) {
        int last = random.nextInt(4);
        if (protocol == 0x86dd) {
            return new FieldMatch(0xfd00L << 48, last, -1L, one(0, 1) == 0 ? -1L : -4L);
        }
        return FieldMatch.of(0x0a000000L + last, one(-1, -2, 0xff000000) & 0xffff_ffffL);
    }

    private Optional<PortRange> range() {
        if (random.nextInt(8) != 0) return Optional.empty();
        int min = 79 + random.nextInt(3);
        return Optional.of(new PortRange(min, min + 1 + random.nextInt(2)));
    }

    private FlowerAction piped() {
        return switch (random.nextInt(7)) {
            case 0 -> new FlowerAction.Mirred(false, random.nextInt(3), ActionControl.PIPE);
            case 1 -> vlan(FlowerAction.VlanChange.POP);
            case 2 -> vlan(FlowerAction.VlanChange.PUSH);
            case 3 -> vlan(FlowerAction.VlanChange.MODIFY);
            default -> new FlowerAction.Pedit(keys(), true, ActionControl.PIPE);
        };
    }

    private FlowerAction vlan(FlowerAction.VlanChange change) {
        if (change == FlowerAction.VlanChange.POP) {
            return new FlowerAction.Vlan(change, 0, 0, FlowerAction.Vlan.KEPT, ActionControl.PIPE);
        }
        return new FlowerAction.Vlan(change, one(0x8100, 0x88a8), one(1, 2), one(-1, 3), ActionControl.PIPE);
    }

    private List<PeditKey> keys() {
        var keys = new ArrayList<PeditKey>();
        do {
            keys.add(switch (random.nextInt(5)) {
                case 0 -> new PeditKey(PeditKey.Header.IPV4, 8, true, 0xff00_0000, 0x00ff_ffff);
                case 1 -> new PeditKey(PeditKey.Header.TCP, 0, false, 80 + random.nextInt(3), 0xffff_0000);
                case 2 -> new PeditKey(PeditKey.Header.UDP, 0, true, random.nextInt(0x10000), 0xffff_0000);
                case 3 -> new PeditKey(PeditKey.Header.ETHERNET, 4, false, random.nextInt(3) << 16, 0x0000_ffff);
                default -> new PeditKey(PeditKey.Header.NETWORK, 16, false, 0x0a000000 + random.nextInt(4), 0);
            });
        } while (random.nextInt(3) == 0);
        return keys;
    }

    private FlowerAction last() {
        return switch (random.nextInt(10)) {
            case 0, 1 -> FlowerScene.gact(ActionControl.DROP);
            case 2 -> FlowerScene.gact(ActionControl.PASS);
            case 3, 4 -> FlowerScene.gact(ActionControl.CONTINUE);
            case 5 -> FlowerScene.gact(ActionControl.RECLASSIFY);
            case 6, 7 -> FlowerScene.gact(ActionControl.gotoChain(one(0, 1, 2, 7)));
            case 8 -> FlowerScene.gact(ActionControl.TRAP);
            default -> new FlowerAction.Mirred(true, random.nextInt(3), ActionControl.STOLEN);
        };
    }
}
