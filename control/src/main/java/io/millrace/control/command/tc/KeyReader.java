package io.millrace.control.command.tc;

import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.flow.flower.CtStateBits;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.PortRange;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.IpProtocol;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Reads keys of a flower filter. A key that needs another refuses until that stands before it, as in `tc`.
final class KeyReader {

    private static final Map<String, Integer> IP_PROTOCOLS = Map.of("tcp", IpProtocol.TCP, "udp", IpProtocol.UDP,
        "sctp", IpProtocol.SCTP, "icmp", IpProtocol.ICMP, "icmpv6", IpProtocol.ICMPV6, "l2tp", IpProtocol.L2TP,
        "esp", IpProtocol.ESP, "ah", IpProtocol.AUTHENTICATION);
    private static final Map<String, Integer> CT_STATES = Map.of("trk", CtStateBits.TRACKED, "new", CtStateBits.NEW,
        "est", CtStateBits.ESTABLISHED, "rel", CtStateBits.RELATED, "inv", CtStateBits.INVALID, "rpl",
        CtStateBits.REPLY);
    private static final int CFM = 0x8902;
    private static final int RARP = 0x8035;

    private final Words words;
    private final TcPorts ports;
    private final int protocol;
    private final KeyValues values = new KeyValues();
    private final Map<FlowerField, FieldMatch> fields = new EnumMap<>(FlowerField.class);
    private Optional<PortRange> sourcePorts = Optional.empty();
    private Optional<PortRange> targetPorts = Optional.empty();

    KeyReader(Words words, int protocol, TcPorts ports) {
        this.words = words;
        this.protocol = protocol;
        this.ports = ports;
    }

    Map<FlowerField, FieldMatch> fields() { return fields; }
    Optional<PortRange> sourcePorts()     { return sourcePorts; }
    Optional<PortRange> targetPorts()     { return targetPorts; }

    /// Reads the value of a key; false if there is no such key.
    boolean read(String key) {
        switch (key) {
            case "indev" -> exactly(FlowerField.INDEV, ports.index(next()) + 1L);
            case "num_of_vlans" -> number(FlowerField.VLAN_COUNT, key);
            case "vlan_id" -> tag(FlowerField.VLAN_ID, key, 1);
            case "vlan_prio" -> tag(FlowerField.VLAN_PRIORITY, key, 1);
            case "vlan_ethtype" -> type(FlowerField.VLAN_NEXT, key, 1);
            case "cvlan_id" -> tag(FlowerField.CVLAN_ID, key, 2);
            case "cvlan_prio" -> tag(FlowerField.CVLAN_PRIORITY, key, 2);
            case "cvlan_ethtype" -> type(FlowerField.CVLAN_NEXT, key, 2);
            case "pppoe_sid", "ppp_proto" -> pppoe(key);
            case "dst_mac" -> put(FlowerField.TARGET_MAC, values.mac(next(), key));
            case "src_mac" -> put(FlowerField.SOURCE_MAC, values.mac(next(), key));
            case "ip_proto" -> ipProtocol();
            case "ip_tos" -> put(FlowerField.IP_TOS, values.hexMasked(next(), FlowerField.IP_TOS, key));
            case "ip_ttl" -> masked(FlowerField.IP_TTL, key);
            case "dst_ip" -> put(FlowerField.TARGET_ADDRESS, values.address(next(), addressType(key)));
            case "src_ip" -> put(FlowerField.SOURCE_ADDRESS, values.address(next(), addressType(key)));
            case "dst_port" -> targetPorts = port(FlowerField.TARGET_PORT, key);
            case "src_port" -> sourcePorts = port(FlowerField.SOURCE_PORT, key);
            case "tcp_flags" -> {
                if (transport() != IpProtocol.TCP) throw TcRefusals.illegal(key);
                put(FlowerField.TCP_FLAGS, values.hexMasked(next(), FlowerField.TCP_FLAGS, key));
            }
            case "type" -> icmp(FlowerField.ICMP_TYPE, "icmp type");
            case "code" -> icmp(FlowerField.ICMP_CODE, "icmp code");
            case "l2tpv3_sid" -> number(FlowerField.L2TP_SESSION, key);
            case "spi" -> number(FlowerField.SPI, key);
            case "l2_miss" -> number(FlowerField.L2_MISS, key);
            case "ip_flags" -> put(FlowerField.IP_FLAGS, values.fragment(next(), key));
            case "ct_state" -> put(FlowerField.CT_STATE, ctState(next()));
            case "ct_zone" -> masked(FlowerField.CT_ZONE, key);
            case "ct_mark" -> masked(FlowerField.CT_MARK, key);
            case "ct_label" -> put(FlowerField.CT_LABEL, values.label(next(), key));
            case "cfm" -> cfm();
            default -> {
                return readArp(key) || new MplsReader(words, network(), fields).read(key);
            }
        }
        return true;
    }

    private boolean readArp(String key) {
        FlowerField field = switch (key) {
            case "arp_sip" -> FlowerField.ARP_SOURCE;
            case "arp_tip" -> FlowerField.ARP_TARGET;
            case "arp_op" -> FlowerField.ARP_OPERATION;
            case "arp_sha" -> FlowerField.ARP_SOURCE_MAC;
            case "arp_tha" -> FlowerField.ARP_TARGET_MAC;
            default -> null;
        };
        if (field == null) return false;
        String word = next();
        if (network() != EtherType.ARP && network() != RARP) throw TcRefusals.illegal(key);
        put(field, switch (field) {
            case ARP_SOURCE, ARP_TARGET -> values.address(word, EtherType.IPV4);
            case ARP_OPERATION -> values.arpOperation(word, key);
            default -> values.mac(word, key);
        });
        return true;
    }

    private String next() {
        return TcRefusals.next(words);
    }

    private void put(FlowerField field, FieldMatch match) {
        fields.put(field, match);
    }

    private void exactly(FlowerField field, long value) {
        put(field, FieldMatch.exactly(field, value));
    }

    private void number(FlowerField field, String key) {
        exactly(field, TcNumbers.number(next(), field.full()).orElseThrow(() -> TcRefusals.illegal(key)));
    }

    private void masked(FlowerField field, String key) {
        put(field, values.masked(next(), field, key));
    }

    private int given(FlowerField field) {
        return fields.containsKey(field) ? (int) fields.get(field).low() : 0;
    }

    /// The EtherType behind the tags, as far as it was given.
    private int network() {
        if (fields.containsKey(FlowerField.CVLAN_NEXT)) return given(FlowerField.CVLAN_NEXT);
        if (fields.containsKey(FlowerField.VLAN_NEXT)) return given(FlowerField.VLAN_NEXT);
        if (protocol != EtherType.PPPOE_SESSION) return protocol;
        return switch (given(FlowerField.PPP_PROTOCOL)) {
            case 0x21 -> EtherType.IPV4;
            case 0x57 -> EtherType.IPV6;
            default -> protocol;
        };
    }

    private int transport() {
        return given(FlowerField.IP_PROTOCOL);
    }

    private static boolean isTag(int type) {
        return type == EtherType.VLAN || type == EtherType.VLAN_SERVICE;
    }

    private void needTag(String key, int depth) {
        int type = depth == 1 ? protocol : given(FlowerField.VLAN_NEXT);
        if (isTag(type) || given(FlowerField.VLAN_COUNT) >= depth) return;
        throw TcRefusals.text(depth == 1
            ? "Can't set \"" + key + "\" if ethertype isn't 802.1Q or 802.1AD and num_of_vlans is 0"
            : "Can't set \"" + key + "\" if inner vlan ethertype isn't 802.1Q or 802.1AD and num_of_vlans is less than "
                + "2");
    }

    private void tag(FlowerField field, String key, int depth) {
        String word = next();
        needTag(key, depth);
        exactly(field, TcNumbers.number(word, field.full()).orElseThrow(() -> TcRefusals.illegal(key)));
    }

    private void type(FlowerField field, String key, int depth) {
        String word = next();
        needTag(key, depth);
        OptionalInt type = TcProtocols.number(word);
        exactly(field, type.orElseThrow(() -> TcRefusals.argument(word, "invalid " + key)));
    }

    private void pppoe(String key) {
        String word = next();
        if (protocol != EtherType.PPPOE_SESSION) {
            throw TcRefusals.text("Can't set \"" + key + "\" if ethertype isn't PPPoE session");
        }
        boolean isSession = key.equals("pppoe_sid");
        Integer known = isSession ? null : TcProtocols.PPP.get(word);
        OptionalLong number = known != null ? OptionalLong.of(known) : TcNumbers.number(word, 0xffff);
        exactly(isSession ? FlowerField.PPPOE_SESSION : FlowerField.PPP_PROTOCOL,
            number.orElseThrow(() -> TcRefusals.illegal(key)));
    }

    private void ipProtocol() {
        String word = next();
        boolean isIp = network() == EtherType.IPV4 || network() == EtherType.IPV6;
        if (!isIp) throw TcRefusals.text("Illegal \"eth_type\" for ip proto\nIllegal \"ip_proto\"");
        Integer known = IP_PROTOCOLS.get(word);
        OptionalLong number = known != null ? OptionalLong.of(known) : TcNumbers.hex(word, 0xff);
        boolean isOther = known != null && (known == IpProtocol.ICMP && network() == EtherType.IPV6
            || known == IpProtocol.ICMPV6 && network() == EtherType.IPV4);
        if (isOther) throw TcRefusals.illegal("ip_proto");
        exactly(FlowerField.IP_PROTOCOL, number.orElseThrow(() -> TcRefusals.illegal("ip_proto")));
    }

    private int addressType(String key) {
        if (network() != EtherType.IPV4 && network() != EtherType.IPV6) throw TcRefusals.illegal(key);
        return network();
    }

    /// Reads a port or a range of them; the range.
    private Optional<PortRange> port(FlowerField field, String key) {
        String word = next();
        int transport = transport();
        boolean hasPorts =
            transport == IpProtocol.TCP || transport == IpProtocol.UDP || transport == IpProtocol.SCTP;
        if (!hasPorts) throw TcRefusals.illegal(key);
        int dash = word.indexOf('-');
        if (dash < 0) {
            put(field, values.masked(word, field, key));
            return Optional.empty();
        }
        Refusal refusal = TcRefusals.illegal(key);
        long min = TcNumbers.number(word.substring(0, dash), 0xffff).orElseThrow(() -> refusal);
        long max = TcNumbers.number(word.substring(dash + 1), 0xffff).orElseThrow(() -> refusal);
        if (min >= max) throw TcRefusals.text("max value should be greater than min value\nIllegal \"" + key + "\"");
        return Optional.of(new PortRange((int) min, (int) max));
    }

    private void icmp(FlowerField field, String key) {
        String word = next();
        boolean isIcmp = transport() == IpProtocol.ICMP || transport() == IpProtocol.ICMPV6;
        if (!isIcmp) throw TcRefusals.illegal(key);
        put(field, values.masked(word, field, key));
    }

    private static FieldMatch ctState(String word) {
        long value = 0;
        long mask = 0;
        Refusal refusal = TcRefusals.illegal("ct_state");
        if (word.isEmpty() || word.length() % 4 != 0) throw refusal;
        for (int at = 0; at < word.length(); at += 4) {
            Integer bit = CT_STATES.get(word.substring(at + 1, at + 4));
            char sign = word.charAt(at);
            if (bit == null || sign != '+' && sign != '-') throw refusal;
            mask |= bit;
            if (sign == '+') value |= bit;
        }
        return FieldMatch.of(value, mask);
    }

    private void cfm() {
        if (network() != CFM) throw TcRefusals.text("Can't set attribute if ethertype isn't CFM");
        String key = next();
        switch (key) {
            case "mdl" -> number(FlowerField.CFM_LEVEL, "cfm mdl");
            case "op" -> number(FlowerField.CFM_OPERATION, "cfm opcode");
            default -> throw TcRefusals.text("What is \"" + key + "\"?\nallowed are mdl N and op N");
        }
    }
}
