package io.millrace.control.command.tc;

import io.millrace.flow.flower.CtStateBits;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FlowerMatch;
import io.millrace.flow.flower.PortRange;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.IpProtocol;

import java.util.Map;
import java.util.Optional;

import tools.jackson.databind.node.ObjectNode;

/// The keys of a filter as `tc` prints them: a line each with two blanks in front, and members of a value.
final class KeyText {

    private static final Map<Integer, String> ETHER_TYPES =
        Map.of(EtherType.IPV4, "ipv4", EtherType.IPV6, "ipv6", EtherType.ARP, "arp", 0x8035, "rarp");
    private static final Map<Integer, String> IP_PROTOCOLS = Map.of(IpProtocol.TCP, "tcp", IpProtocol.UDP, "udp",
        IpProtocol.SCTP, "sctp", IpProtocol.ICMP, "icmp", IpProtocol.ICMPV6, "icmpv6", IpProtocol.L2TP, "l2tp");

    private final StringBuilder text;
    private final ObjectNode node;
    private final TcPorts ports;

    KeyText(StringBuilder text, ObjectNode node, TcPorts ports) {
        this.text = text;
        this.node = node;
        this.ports = ports;
    }

    void add(FlowerMatch match) {
        boolean isIpv6 = match.fields().containsKey(FlowerField.ADDRESS_FAMILY)
            && match.field(FlowerField.ADDRESS_FAMILY).low() == 6;
        boolean hasType = match.fields().containsKey(FlowerField.NETWORK_PROTOCOL);
        for (FlowerField field : FlowerField.values()) {
            if (field == FlowerField.TARGET_PORT) range("dst_port", match.targetPorts());
            if (field == FlowerField.SOURCE_PORT) range("src_port", match.sourcePorts());
            FieldMatch wanted = match.field(field);
            if (wanted == null) continue;
            boolean isTagType = field == FlowerField.VLAN_NEXT || field == FlowerField.CVLAN_NEXT;
            if (!isTagType || hasType) field(field, wanted, isIpv6);
        }
    }

    private void range(String name, Optional<PortRange> range) {
        range.ifPresent(each -> put(name, each.min() + "-" + each.max()));
    }

    private void put(String name, String value) {
        text.append("\n  ").append(name).append(' ').append(value);
        node.put(name, value);
    }

    private void put(String name, long value) {
        text.append("\n  ").append(name).append(' ').append(value);
        node.put(name, value);
    }

    private void field(FlowerField field, FieldMatch wanted, boolean isIpv6) {
        String name = field.tcName();
        switch (field) {
            case INDEV -> put(name, ports.name((int) wanted.low() - 1));
            case VLAN_TAG, CVLAN_TAG, ADDRESS_FAMILY, PPPOE_TYPE -> { }
            case VLAN_NEXT, CVLAN_NEXT -> put(name, TcProtocols.name((int) wanted.low()));
            case TARGET_MAC, SOURCE_MAC, ARP_SOURCE_MAC, ARP_TARGET_MAC -> put(name, mac(wanted));
            case NETWORK_PROTOCOL -> put(name, ETHER_TYPES.getOrDefault((int) wanted.low(),
                String.format("%04x", wanted.low())));
            case IP_PROTOCOL -> put(name, IP_PROTOCOLS.getOrDefault((int) wanted.low(),
                String.format("%02x", wanted.low())));
            case IP_TOS, IP_TTL, TCP_FLAGS ->
                put(name, "0x" + Long.toHexString(wanted.low()) + "/" + Long.toHexString(wanted.maskLow()));
            case TARGET_ADDRESS, SOURCE_ADDRESS -> put(name, isIpv6 ? ipv6(wanted) : ipv4(wanted));
            case ARP_SOURCE, ARP_TARGET -> put(name, ipv4(wanted));
            case ARP_OPERATION -> put(name, operation(wanted, field));
            case MPLS_1, MPLS_2, MPLS_3, MPLS_4, MPLS_5, MPLS_6, MPLS_7 -> mpls(field, wanted);
            case PPP_PROTOCOL -> put(name, TcProtocols.PPP.entrySet().stream()
                .filter(each -> each.getValue() == wanted.low()).map(Map.Entry::getKey).findFirst()
                .orElse("[" + wanted.low() + "]"));
            case IP_FLAGS -> put(name, flags(wanted));
            case CT_STATE -> put(name, state(wanted));
            case CT_LABEL -> put(name, label(wanted.high(), wanted.low())
                + (wanted.isExact(field) ? "" : "/" + label(wanted.maskHigh(), wanted.maskLow())));
            case CFM_LEVEL, CFM_OPERATION -> put("cfm " + name, wanted.low());
            default -> {
                if (wanted.isExact(field)) {
                    put(name, wanted.low());
                } else {
                    put(name, wanted.low() + "/0x" + Long.toHexString(wanted.maskLow()));
                }
            }
        }
    }

    private static String mac(FieldMatch wanted) {
        String value = Addresses.mac(wanted.low());
        boolean isWhole = wanted.maskLow() == FlowerField.TARGET_MAC.full();
        return isWhole ? value : value + "/" + Addresses.mac(wanted.maskLow());
    }

    private static String ipv4(FieldMatch wanted) {
        int mask = (int) wanted.maskLow();
        String value = Addresses.ipv4((int) wanted.low());
        int length = Integer.numberOfLeadingZeros(~mask);
        boolean isPrefix = length == 32 || mask << length == 0;
        if (!isPrefix) return value + "/" + Addresses.ipv4(mask);
        return length == 32 ? value : value + "/" + length;
    }

    private static String ipv6(FieldMatch wanted) {
        String value = Addresses.ipv6(wanted.high(), wanted.low());
        int highLength = Long.numberOfLeadingZeros(~wanted.maskHigh());
        int length = highLength < 64 ? highLength : 64 + Long.numberOfLeadingZeros(~wanted.maskLow());
        int ones = Long.bitCount(wanted.maskHigh()) + Long.bitCount(wanted.maskLow());
        if (ones != length) return value + "/" + Addresses.ipv6(wanted.maskHigh(), wanted.maskLow());
        return length == 128 ? value : value + "/" + length;
    }

    private static String operation(FieldMatch wanted, FlowerField field) {
        if (wanted.isExact(field) && wanted.low() == 1) return "request";
        if (wanted.isExact(field) && wanted.low() == 2) return "reply";
        return wanted.low() + (wanted.isExact(field) ? "" : "/" + wanted.maskLow());
    }

    private void mpls(FlowerField field, FieldMatch wanted) {
        int depth = field.ordinal() - FlowerField.MPLS_1.ordinal() + 1;
        String front = depth == 1 ? "mpls_" : "mpls lse depth " + depth + " ";
        part(front + "label", wanted, 12, 0xf_ffff);
        part(front + "tc", wanted, 9, 7);
        part(front + "bos", wanted, 8, 1);
        part(front + "ttl", wanted, 0, 0xff);
    }

    private void part(String name, FieldMatch wanted, int shift, long full) {
        if ((wanted.maskLow() >>> shift & full) != 0) put(name, wanted.low() >>> shift & full);
    }

    private static String flags(FieldMatch wanted) {
        var words = new StringBuilder();
        flag(words, wanted, FlowerField.FRAGMENT, "frag");
        flag(words, wanted, FlowerField.FIRST_FRAGMENT, "firstfrag");
        return words.toString();
    }

    private static void flag(StringBuilder words, FieldMatch wanted, int bit, String word) {
        if ((wanted.maskLow() & bit) == 0) return;
        words.append(words.isEmpty() ? "" : "/").append((wanted.low() & bit) == 0 ? "no" : "").append(word);
    }

    private static String state(FieldMatch wanted) {
        var words = new StringBuilder();
        state(words, wanted, CtStateBits.TRACKED, "trk");
        state(words, wanted, CtStateBits.NEW, "new");
        state(words, wanted, CtStateBits.ESTABLISHED, "est");
        state(words, wanted, CtStateBits.RELATED, "rel");
        state(words, wanted, CtStateBits.INVALID, "inv");
        state(words, wanted, CtStateBits.REPLY, "rpl");
        return words.toString();
    }

    private static void state(StringBuilder words, FieldMatch wanted, int bit, String word) {
        if ((wanted.maskLow() & bit) == 0) return;
        words.append((wanted.low() & bit) == 0 ? '-' : '+').append(word);
    }

    private static String label(long high, long low) {
        return String.format("%016x%016x", high, low);
    }
}
