package io.millrace.flow.flower;

import io.millrace.flow.ruleset.Errno;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.IpProtocol;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// Makes a match of the keys that were given, as Linux's `fl_set_key` does: tags, EtherTypes and address families
/// follow from the protocol; a key whose header cannot be there under the other keys is left out without a word; what
/// contradicts itself is refused.
public final class KeyRules {

    private static final int CFM = 0x8902;
    private static final int PPP_IPV4 = 0x0021;
    private static final int PPP_IPV6 = 0x0057;
    private static final int PPP_MPLS = 0x0281;
    private static final int PPP_MPLS_UPSTREAM = 0x0283;
    private static final int RARP = 0x8035;

    private final Map<FlowerField, FieldMatch> given;
    private final Map<FlowerField, FieldMatch> kept = new EnumMap<>(FlowerField.class);

    private KeyRules(Map<FlowerField, FieldMatch> given) {
        this.given = given;
    }

    /// @param protocol of the filter, see [FlowerFilter]; the EtherType that is matched first
    /// @param given    keys as they were written; tags and [FlowerField#NETWORK_PROTOCOL] are not among them
    /// @throws FlowerRefusal where keys contradict each other
    public static FlowerMatch match(int protocol, Map<FlowerField, FieldMatch> given,
                                    Optional<PortRange> sourcePorts, Optional<PortRange> targetPorts) {
        var rules = new KeyRules(given);
        rules.keep(FlowerField.INDEV, FlowerField.L2_MISS, FlowerField.TARGET_MAC, FlowerField.SOURCE_MAC,
            FlowerField.VLAN_COUNT);
        int network = rules.keepTags(protocol);
        network = network == EtherType.PPPOE_SESSION ? rules.keepPppoe() : network;
        if (network != 0) rules.put(FlowerField.NETWORK_PROTOCOL, network);
        int transport = rules.keepNetwork(network);
        boolean hasPorts = transport == IpProtocol.TCP || transport == IpProtocol.UDP || transport == IpProtocol.SCTP;
        rules.keepTransport(network, transport, hasPorts);
        rules.keepTracking();
        rules.keep(FlowerField.IP_FLAGS);
        return new FlowerMatch(rules.kept, hasPorts ? sourcePorts : Optional.empty(),
            hasPorts ? targetPorts : Optional.empty());
    }

    private void keep(FlowerField... fields) {
        for (FlowerField field : fields) {
            FieldMatch match = given.get(field);
            if (match != null && !match.isAny()) kept.put(field, match);
        }
    }

    private void put(FlowerField field, long value) {
        kept.put(field, FieldMatch.exactly(field, value));
    }

    private int number(FlowerField field) {
        FieldMatch match = given.get(field);
        return match == null ? 0 : (int) match.low();
    }

    /// Returns the EtherType behind the tags that are named, 0 where it does not count.
    private int keepTags(int protocol) {
        int count = number(FlowerField.VLAN_COUNT);
        int first = protocol == FlowerFilter.ALL ? 0 : protocol;
        if (first != 0 && count == 0 && !isTag(first)) return first;
        if (first == 0 && count == 0) return 0;
        keepTag(first, FlowerField.VLAN_TAG, FlowerField.VLAN_ID, FlowerField.VLAN_PRIORITY, FlowerField.VLAN_NEXT);
        int second = number(FlowerField.VLAN_NEXT);
        if (second != 0 && count <= 1 && !isTag(second)) return second;
        if (second == 0 && count <= 1) return 0;
        keepTag(second, FlowerField.CVLAN_TAG, FlowerField.CVLAN_ID, FlowerField.CVLAN_PRIORITY,
            FlowerField.CVLAN_NEXT);
        return number(FlowerField.CVLAN_NEXT);
    }

    private static boolean isTag(int type) {
        return type == EtherType.VLAN || type == EtherType.VLAN_SERVICE;
    }

    private void keepTag(int type, FlowerField tag, FlowerField id, FlowerField priority, FlowerField next) {
        keep(id, priority, next);
        if (type != 0) put(tag, type);
    }

    /// Returns the EtherType that stands for what PPP carries, or 0.
    private int keepPppoe() {
        put(FlowerField.PPPOE_TYPE, EtherType.PPPOE_SESSION);
        keep(FlowerField.PPPOE_SESSION, FlowerField.PPP_PROTOCOL);
        return switch (number(FlowerField.PPP_PROTOCOL)) {
            case PPP_IPV4 -> EtherType.IPV4;
            case PPP_IPV6 -> EtherType.IPV6;
            case PPP_MPLS -> EtherType.MPLS;
            case PPP_MPLS_UPSTREAM -> EtherType.MPLS_UPSTREAM;
            case 0 -> 0;
            default -> EtherType.PPPOE_SESSION;
        };
    }

    /// Returns the transport protocol, 0 where none is named.
    private int keepNetwork(int network) {
        if (given.containsKey(FlowerField.SOURCE_ADDRESS) || given.containsKey(FlowerField.TARGET_ADDRESS)) {
            put(FlowerField.ADDRESS_FAMILY, network == EtherType.IPV6 ? 6 : 4);
            keep(FlowerField.SOURCE_ADDRESS, FlowerField.TARGET_ADDRESS);
        }
        if (network != EtherType.IPV4 && network != EtherType.IPV6) {
            keepOther(network);
            return 0;
        }
        keep(FlowerField.IP_PROTOCOL, FlowerField.IP_TOS, FlowerField.IP_TTL);
        return number(FlowerField.IP_PROTOCOL);
    }

    private void keepOther(int network) {
        switch (network) {
            case EtherType.MPLS, EtherType.MPLS_UPSTREAM -> {
                for (int depth = 1; depth <= 7; depth++) keep(FlowerField.mpls(depth));
            }
            case EtherType.ARP, RARP -> keep(FlowerField.ARP_SOURCE, FlowerField.ARP_TARGET,
                FlowerField.ARP_OPERATION, FlowerField.ARP_SOURCE_MAC, FlowerField.ARP_TARGET_MAC);
            case CFM -> keep(FlowerField.CFM_LEVEL, FlowerField.CFM_OPERATION);
            default -> { }
        }
    }

    private void keepTransport(int network, int transport, boolean hasPorts) {
        if (hasPorts) keep(FlowerField.SOURCE_PORT, FlowerField.TARGET_PORT);
        switch (transport) {
            case IpProtocol.TCP -> keep(FlowerField.TCP_FLAGS);
            case IpProtocol.ICMP -> {
                if (network == EtherType.IPV4) keep(FlowerField.ICMP_TYPE, FlowerField.ICMP_CODE);
            }
            case IpProtocol.ICMPV6 -> {
                if (network == EtherType.IPV6) keep(FlowerField.ICMP_TYPE, FlowerField.ICMP_CODE);
            }
            case IpProtocol.L2TP -> keep(FlowerField.L2TP_SESSION);
            case IpProtocol.ESP, IpProtocol.AUTHENTICATION -> keep(FlowerField.SPI);
            default -> { }
        }
    }

    private void keepTracking() {
        keep(FlowerField.CT_STATE, FlowerField.CT_ZONE, FlowerField.CT_MARK, FlowerField.CT_LABEL);
        FieldMatch state = kept.get(FlowerField.CT_STATE);
        if (state == null) return;
        long wanted = state.low() & state.maskLow();
        if (wanted != 0 && (wanted & CtStateBits.TRACKED) == 0) {
            throw contradiction("no trk, so no other flag can be set");
        }
        if (has(wanted, CtStateBits.NEW | CtStateBits.ESTABLISHED)) {
            throw contradiction("new and est are mutually exclusive");
        }
        boolean isInvalid = (wanted & CtStateBits.INVALID) != 0;
        if (isInvalid && (wanted & ~(CtStateBits.TRACKED | CtStateBits.INVALID)) != 0) {
            throw contradiction("when inv is set, only trk may be set");
        }
        if (has(wanted, CtStateBits.NEW | CtStateBits.REPLY)) throw contradiction("new and rpl are mutually exclusive");
    }

    private static boolean has(long bits, int all) {
        return (bits & all) == all;
    }

    private static FlowerRefusal contradiction(String message) {
        return new FlowerRefusal(Errno.INVALID, message);
    }
}
