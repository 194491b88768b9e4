package io.millrace.flow.flower.nft;

import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerMatch;
import io.millrace.flow.flower.KeyRules;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.HeaderField;
import io.millrace.flow.ruleset.MetaKey;
import io.millrace.flow.ruleset.Protocol;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Value;
import io.millrace.packet.header.EtherType;

import java.math.BigInteger;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// The keys of one rule, gathered match by match. Fields narrower than flower's (`ip dscp`) become masks.
final class RuleKeys {

    /// Where a field of nftables lies in one of flower's: its lowest bit.
    private record Place(FlowerField field, int shift) {}

    /// The type of interfaces that are Ethernet (`ARPHRD_ETHER`).
    private static final int ETHERNET = 1;

    private final Map<String, Integer> portByName;
    private final Map<FlowerField, FieldMatch> keys = new EnumMap<>(FlowerField.class);
    private int etherType;
    private int innerType;
    private boolean isNever;

    RuleKeys(Map<String, Integer> portByName) {
        this.portByName = portByName;
    }

    /// Adds a match; returns why it cannot be, or null.
    String add(Statement.Match match) {
        Expression left = match.left();
        BigInteger mask = null;
        if (left instanceof Expression.Bitwise bits) {
            boolean isMask = bits.operator() == Expression.BitOperator.AND && bits.right() instanceof Value.Number;
            if (!isMask) return "only AND with a number is a mask";
            mask = ((Value.Number) bits.right()).number();
            left = bits.left();
        }
        return switch (left) {
            case Expression.Meta meta -> meta(meta.key(), match);
            case Expression.Payload payload -> payload(payload.field(), match, mask);
            default -> "filters match header fields";
        };
    }

    private String meta(MetaKey key, Statement.Match match) {
        if (match.relation() != Statement.Relation.EQUAL) return "filters match by equality";
        switch (key) {
            case IIFTYPE -> {
                boolean isEthernet = match.right() instanceof Value.Number number && number.asLong() == ETHERNET;
                return isEthernet ? null : "ports are of type ether";
            }
            case IIFNAME -> {
                Integer port = match.right() instanceof Value.Text name && !name.isPrefix()
                    ? portByName.get(name.text()) : null;
                if (port == null) return "interfaces are ports, by name";
                return put(FlowerField.INDEV, FieldMatch.exactly(FlowerField.INDEV, port + 1L));
            }
            case PROTOCOL, L4PROTO, NFPROTO -> {
                if (!(match.right() instanceof Value.Number number)) return "filters match one value";
                return key == MetaKey.L4PROTO ? transport((int) number.asLong())
                    : type(key == MetaKey.PROTOCOL ? (int) number.asLong()
                        : number.asLong() == 10 ? EtherType.IPV6 : EtherType.IPV4);
            }
            default -> {
                return "filters do not match meta " + key.text();
            }
        }
    }

    /// The EtherType, of what lies behind the tag where the rule names one.
    private String type(int value) {
        boolean isTagged = isTag(etherType);
        int before = isTagged ? innerType : etherType;
        if (before != 0 && before != value) isNever = true;
        if (isTagged) innerType = value;
        else etherType = value;
        return null;
    }

    private static boolean isTag(int type) {
        return type == EtherType.VLAN || type == EtherType.VLAN_SERVICE;
    }

    private String transport(int protocol) {
        return put(FlowerField.IP_PROTOCOL, FieldMatch.exactly(FlowerField.IP_PROTOCOL, protocol));
    }

    private String payload(HeaderField field, Statement.Match match, BigInteger mask) {
        BigInteger full = BigInteger.ONE.shiftLeft(field.bits()).subtract(BigInteger.ONE);
        BigInteger bits = mask == null ? full : mask;
        BigInteger value;
        switch (match.right()) {
            case Value.Number number -> value = number.number();
            case Value.Prefix prefix when mask == null -> {
                value = prefix.base().number();
                bits = full.shiftLeft(field.bits() - prefix.length()).and(full);
            }
            default -> {
                return "filters match one value, a prefix or bits under a mask";
            }
        }
        switch (match.relation()) {
            case EQUAL -> { }
            case ANY_BIT -> {
                if (value.bitCount() != 1 || mask != null) return "filters match any of several bits one at a time";
                bits = value;
            }
            case NO_BIT -> {
                bits = value;
                value = BigInteger.ZERO;
            }
            default -> {
                return "filters match by equality";
            }
        }
        if (!value.andNot(bits).equals(BigInteger.ZERO)) isNever = true;
        return field(field, value, bits, full);
    }

    private String field(HeaderField field, BigInteger value, BigInteger bits, BigInteger full) {
        boolean isWholeType = field.name().equals("type")
            && (field.protocol() == Protocol.ETHER || field.protocol() == Protocol.VLAN);
        if (isWholeType) return bits.equals(full) ? typeOf(field, value.intValue()) : "types are matched whole";
        if (field.protocol() == Protocol.VLAN && !isTag(etherType)) {
            if (etherType != 0) innerType = etherType;
            etherType = EtherType.VLAN;
        }
        Place place = place(field);
        if (place == null) return "filters do not match " + field;
        long kept = place.field().full();
        boolean isWider = field.bits() > place.field().bits();   // as arp operation: the bits in front are 0
        if (isWider && value.bitLength() > place.field().bits()) isNever = true;
        FieldMatch wanted = match(place, value, bits);
        if (isWider) wanted = FieldMatch.of(wanted.low() & kept, wanted.maskLow() & kept);
        return put(place.field(), wanted);
    }

    private String typeOf(HeaderField field, int value) {
        if (field.protocol() == Protocol.ETHER && isTag(etherType)) {
            if (etherType != value) isNever = true;
            return null;
        }
        if (field.protocol() == Protocol.VLAN && !isTag(etherType)) etherType = EtherType.VLAN;
        return type(value);
    }

    private static FieldMatch match(Place place, BigInteger value, BigInteger bits) {
        if (place.field().isWide()) {
            return new FieldMatch(value.shiftRight(64).longValue(), value.longValue(), bits.shiftRight(64).longValue(),
                bits.longValue());
        }
        return FieldMatch.of(value.longValue() << place.shift(), bits.longValue() << place.shift());
    }

    private static Place place(HeaderField field) {
        FlowerField whole = switch (field.protocol()) {
            case ETHER -> at(field, "daddr", FlowerField.TARGET_MAC, "saddr", FlowerField.SOURCE_MAC);
            case VLAN -> at(field, "id", FlowerField.VLAN_ID, "pcp", FlowerField.VLAN_PRIORITY);
            case IP -> field.name().equals("protocol") ? FlowerField.IP_PROTOCOL
                : field.name().equals("ttl") ? FlowerField.IP_TTL
                : at(field, "daddr", FlowerField.TARGET_ADDRESS, "saddr", FlowerField.SOURCE_ADDRESS);
            case IP6 -> field.name().equals("nexthdr") ? FlowerField.IP_PROTOCOL
                : field.name().equals("hoplimit") ? FlowerField.IP_TTL
                : at(field, "daddr", FlowerField.TARGET_ADDRESS, "saddr", FlowerField.SOURCE_ADDRESS);
            case TCP, UDP, SCTP, TH -> field.name().equals("flags") ? FlowerField.TCP_FLAGS
                : at(field, "dport", FlowerField.TARGET_PORT, "sport", FlowerField.SOURCE_PORT);
            case ICMP, ICMPV6 -> at(field, "type", FlowerField.ICMP_TYPE, "code", FlowerField.ICMP_CODE);
            case ARP -> switch (field.name()) {
                case "operation" -> FlowerField.ARP_OPERATION;
                case "saddr ip" -> FlowerField.ARP_SOURCE;
                case "daddr ip" -> FlowerField.ARP_TARGET;
                case "saddr ether" -> FlowerField.ARP_SOURCE_MAC;
                case "daddr ether" -> FlowerField.ARP_TARGET_MAC;
                default -> null;
            };
            default -> null;
        };
        if (whole != null) return new Place(whole, 0);
        boolean isIp = field.protocol() == Protocol.IP || field.protocol() == Protocol.IP6;
        if (isIp && field.name().equals("dscp")) return new Place(FlowerField.IP_TOS, 2);
        if (isIp && field.name().equals("ecn")) return new Place(FlowerField.IP_TOS, 0);
        return null;
    }

    private static FlowerField at(HeaderField field, String first, FlowerField ofFirst, String second,
                                  FlowerField ofSecond) {
        return field.name().equals(first) ? ofFirst : field.name().equals(second) ? ofSecond : null;
    }

    /// Two matches of one field must agree where both look.
    private String put(FlowerField field, FieldMatch match) {
        FieldMatch before = keys.get(field);
        if (before == null) {
            keys.put(field, match);
            return null;
        }
        long differs = (before.low() ^ match.low()) & before.maskLow() & match.maskLow()
            | (before.high() ^ match.high()) & before.maskHigh() & match.maskHigh();
        if (differs != 0) isNever = true;
        keys.put(field, new FieldMatch(before.high() & before.maskHigh() | match.high() & match.maskHigh(),
            before.low() & before.maskLow() | match.low() & match.maskLow(), before.maskHigh() | match.maskHigh(),
            before.maskLow() | match.maskLow()));
        return null;
    }

    /// Why the rule as a whole cannot be a filter, or null.
    String contradiction() {
        if (isNever) return "matches that no packet can pass";
        FlowerMatch match = match();
        for (FlowerField field : keys.keySet()) {
            if (match.field(field) == null) return "a match of " + field.tcName() + " without the protocol that has it";
        }
        return null;
    }

    int protocol() {
        return etherType == 0 ? FlowerFilter.ALL : etherType;
    }

    FlowerMatch match() {
        Map<FlowerField, FieldMatch> given = new EnumMap<>(keys);
        if (innerType != 0) given.put(FlowerField.VLAN_NEXT, FieldMatch.exactly(FlowerField.VLAN_NEXT, innerType));
        return KeyRules.match(protocol(), given, Optional.empty(), Optional.empty());
    }
}
