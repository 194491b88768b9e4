package io.millrace.flow.flower.engine;

import io.millrace.flow.flower.FlowerField;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/// What a frame holds, field by field, written from the standards and the rules of Linux's dissector alone. A field
/// that is not there is 0.
final class NaiveFields {

    /// Tags that Linux follows.
    static final int TAGS_MAX = 15;

    private final byte[] frame;
    private final Map<FlowerField, BigInteger> found = new EnumMap<>(FlowerField.class);

    NaiveFields(byte[] frame, int interfaceIndex) {
        this.frame = frame;
        put(FlowerField.INDEV, interfaceIndex + 1);
        if (frame.length >= 14) ethernet();
    }

    BigInteger get(FlowerField field) {
        return found.getOrDefault(field, BigInteger.ZERO);
    }

    int firstType() {
        return frame.length < 14 ? 0 : u(12, 2);
    }

    private void ethernet() {
        bytes(FlowerField.TARGET_MAC, 0, 6);
        bytes(FlowerField.SOURCE_MAC, 6, 6);
        int at = 12;
        int tags = 0;
        while (tags < TAGS_MAX && (u(at, 2) == 0x8100 || u(at, 2) == 0x88a8) && frame.length >= at + 6) {
            if (tags == 0) {
                tag(at, FlowerField.VLAN_TAG, FlowerField.VLAN_ID, FlowerField.VLAN_PRIORITY, FlowerField.VLAN_NEXT);
            } else if (tags == 1) {
                tag(at, FlowerField.CVLAN_TAG, FlowerField.CVLAN_ID, FlowerField.CVLAN_PRIORITY,
                    FlowerField.CVLAN_NEXT);
            }
            tags++;
            at += 4;
        }
        put(FlowerField.VLAN_COUNT, tags);
        network(u(at, 2), at + 2);
    }

    private void tag(int at, FlowerField type, FlowerField id, FlowerField priority, FlowerField next) {
        put(type, u(at, 2));
        put(id, u(at + 2, 2) % 4096);
        put(priority, u(at + 2, 2) / 8192);
        put(next, u(at + 4, 2));
    }

    private void network(int type, int at) {
        if (type == 0x8864 && has(at, 8) && u(at, 2) == 0x1100) {
            put(FlowerField.PPPOE_TYPE, type);
            put(FlowerField.PPPOE_SESSION, u(at + 2, 2));
            int ppp = u(at + 6, 2);
            boolean isShort = u(at + 6, 1) % 2 == 1;
            put(FlowerField.PPP_PROTOCOL, isShort ? u(at + 6, 1) : ppp);
            int inner = switch (isShort ? u(at + 6, 1) : ppp) {
                case 0x21 -> 0x0800;
                case 0x57 -> 0x86dd;
                case 0x281 -> 0x8847;
                case 0x283 -> 0x8848;
                default -> type;
            };
            put(FlowerField.NETWORK_PROTOCOL, inner);
            if (inner != type) known(inner, at + (isShort ? 7 : 8));
            return;
        }
        put(FlowerField.NETWORK_PROTOCOL, type);
        known(type, at);
    }

    private void known(int type, int at) {
        if (type == 0x0800 && has(at, 20) && u(at, 1) % 16 >= 5) ipv4(at);
        if (type == 0x86dd && has(at, 40)) ipv6(at);
        if ((type == 0x0806 || type == 0x8035) && has(at, 28)) arp(at);
        if (type == 0x8847 || type == 0x8848) mpls(at);
        if (type == 0x8902 && has(at, 4)) {
            put(FlowerField.CFM_LEVEL, u(at, 1) / 32);
            put(FlowerField.CFM_OPERATION, u(at + 1, 1));
        }
    }

    private void ipv4(int at) {
        put(FlowerField.ADDRESS_FAMILY, 4);
        put(FlowerField.IP_TOS, u(at + 1, 1));
        put(FlowerField.IP_TTL, u(at + 8, 1));
        put(FlowerField.IP_PROTOCOL, u(at + 9, 1));
        bytes(FlowerField.SOURCE_ADDRESS, at + 12, 4);
        bytes(FlowerField.TARGET_ADDRESS, at + 16, 4);
        int offset = u(at + 6, 2) % 0x2000;
        boolean hasMore = u(at + 6, 2) / 0x2000 % 2 == 1;
        if (offset > 0) {
            put(FlowerField.IP_FLAGS, 1);
        } else if (hasMore) {
            put(FlowerField.IP_FLAGS, 3);
        } else {
            transport(u(at + 9, 1), at + u(at, 1) % 16 * 4, 4);
        }
    }

    private void ipv6(int at) {
        put(FlowerField.ADDRESS_FAMILY, 6);
        put(FlowerField.IP_TOS, u(at, 2) / 16 % 256);
        put(FlowerField.IP_TTL, u(at + 7, 1));
        bytes(FlowerField.SOURCE_ADDRESS, at + 8, 16);
        bytes(FlowerField.TARGET_ADDRESS, at + 24, 16);
        int next = u(at + 6, 1);
        int behind = at + 40;
        while (next == 0 || next == 43 || next == 60) {
            if (!has(behind, 2)) break;
            int bytes = 8 * u(behind + 1, 1) + 8;
            next = u(behind, 1);
            behind += bytes;
        }
        if (next == 44 && has(behind, 8)) {
            put(FlowerField.IP_PROTOCOL, u(behind, 1));
            put(FlowerField.IP_FLAGS, u(behind + 2, 2) / 8 == 0 ? 3 : 1);
            return;
        }
        put(FlowerField.IP_PROTOCOL, next);
        transport(next, behind, 6);
    }

    private void transport(int protocol, int at, int family) {
        boolean hasPorts = protocol == 6 || protocol == 17 || protocol == 132;
        if (hasPorts && has(at, 4)) {
            put(FlowerField.SOURCE_PORT, u(at, 2));
            put(FlowerField.TARGET_PORT, u(at + 2, 2));
        }
        if (protocol == 6 && has(at, 20) && u(at + 12, 1) >= 0x50) {
            put(FlowerField.TCP_FLAGS, u(at + 12, 2) % 0x1000);
        }
        if (protocol == (family == 4 ? 1 : 58) && has(at, 8)) {
            put(FlowerField.ICMP_TYPE, u(at, 1));
            put(FlowerField.ICMP_CODE, u(at + 1, 1));
        }
        if (protocol == 115 && has(at, 4)) bytes(FlowerField.L2TP_SESSION, at, 4);
        if (protocol == 50 && has(at, 8)) bytes(FlowerField.SPI, at, 4);
        if (protocol == 51 && has(at, 12)) bytes(FlowerField.SPI, at + 4, 4);
    }

    private void arp(int at) {
        byte[] ethernetIpv4 = {0, 1, 8, 0, 6, 4, 0};
        int operation = u(at + 7, 1);
        boolean isKnown = Arrays.equals(Arrays.copyOfRange(frame, at, at + 7), ethernetIpv4);
        if (!isKnown || operation != 1 && operation != 2) return;
        put(FlowerField.ARP_OPERATION, operation);
        bytes(FlowerField.ARP_SOURCE_MAC, at + 8, 6);
        bytes(FlowerField.ARP_SOURCE, at + 14, 4);
        bytes(FlowerField.ARP_TARGET_MAC, at + 18, 6);
        bytes(FlowerField.ARP_TARGET, at + 24, 4);
    }

    private void mpls(int begin) {
        int at = begin;
        for (int depth = 1; depth <= 7 && has(at, 4); depth++, at += 4) {
            bytes(FlowerField.mpls(depth), at, 4);
            if (u(at + 2, 1) % 2 == 1) break;
        }
    }

    private boolean has(int at, int count) {
        return at + count <= frame.length;
    }

    private int u(int at, int count) {
        return new BigInteger(1, Arrays.copyOfRange(frame, at, at + count)).intValue();
    }

    private void put(FlowerField field, int value) {
        found.put(field, BigInteger.valueOf(value));
    }

    private void bytes(FlowerField field, int at, int count) {
        found.put(field, new BigInteger(1, Arrays.copyOfRange(frame, at, at + count)));
    }
}
