package io.millrace.flow.rules;

import io.millrace.flow.ruleset.MetaKey;

/// What [Opcode#LOAD_FACT] and [Opcode#SET_FACT] read and write, by number: nft's `meta`, each one register.
final class PacketFact {

    static final int LENGTH = 0;
    static final int PROTOCOL = 1;
    static final int NFPROTO = 2;
    static final int L4PROTO = 3;
    static final int MARK = 4;
    static final int PRIORITY = 5;
    static final int IIF = 6;
    static final int OIF = 7;
    static final int IIFTYPE = 8;
    static final int OIFTYPE = 9;
    static final int IIFGROUP = 10;
    static final int OIFGROUP = 11;
    static final int PKTTYPE = 12;
    static final int CPU = 13;
    static final int NFTRACE = 14;

    static final int NONE = -1;

    static final int NFPROTO_IPV4 = 2;
    static final int NFPROTO_NETDEV = 5;
    static final int NFPROTO_IPV6 = 10;

    /// The fact that can be read, or [#NONE].
    static int read(MetaKey key) {
        return switch (key) {
            case LENGTH -> LENGTH;
            case PROTOCOL -> PROTOCOL;
            case NFPROTO -> NFPROTO;
            case L4PROTO -> L4PROTO;
            case MARK -> MARK;
            case PRIORITY -> PRIORITY;
            case IIF -> IIF;
            case OIF -> OIF;
            case IIFTYPE -> IIFTYPE;
            case OIFTYPE -> OIFTYPE;
            case IIFGROUP -> IIFGROUP;
            case OIFGROUP -> OIFGROUP;
            case PKTTYPE -> PKTTYPE;
            case CPU -> CPU;
            case NFTRACE -> NFTRACE;
            default -> NONE;
        };
    }

    /// The fact that can be written, or [#NONE].
    static int written(MetaKey key) {
        return switch (key) {
            case MARK -> MARK;
            case PRIORITY -> PRIORITY;
            case PKTTYPE -> PKTTYPE;
            case NFTRACE -> NFTRACE;
            default -> NONE;
        };
    }

    /// False if this packet has no such fact; the rule ends there.
    static boolean isKnown(int fact, RulePacket packet, RuleInterfaces interfaces) {
        return switch (fact) {
            case NFPROTO -> packet.family() != 0;
            case L4PROTO -> packet.protocol() != RulePacket.NO_PROTOCOL;
            case IIFTYPE, IIFGROUP -> interfaces.has(packet.ingress());
            case OIFTYPE, OIFGROUP -> interfaces.has(packet.egress());
            default -> true;
        };
    }

    static int value(int fact, RulePacket packet, RuleInterfaces interfaces, int worker) {
        return switch (fact) {
            case LENGTH -> packet.lengthBytes();
            case PROTOCOL -> packet.etherType();
            case NFPROTO -> packet.family() == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
            case L4PROTO -> packet.protocol();
            case MARK -> packet.meta().mark(packet.packet());
            case PRIORITY -> packet.priority();
            case IIF -> packet.ingress();
            case OIF -> packet.egress();
            case IIFTYPE -> interfaces.type(packet.ingress());
            case OIFTYPE -> interfaces.type(packet.egress());
            case IIFGROUP -> interfaces.group(packet.ingress());
            case OIFGROUP -> interfaces.group(packet.egress());
            case PKTTYPE -> packet.meta().linkClass(packet.packet());
            case CPU -> worker;
            case NFTRACE -> packet.meta().isTraced(packet.packet()) ? 1 : 0;
            default -> throw new AssertionError(fact);
        };
    }

    static void write(int fact, RulePacket packet, int value) {
        switch (fact) {
            case MARK -> packet.meta().mark(packet.packet(), value);
            case PRIORITY -> packet.priority(value);
            case PKTTYPE -> packet.meta().linkClass(packet.packet(), value);
            case NFTRACE -> packet.meta().isTraced(packet.packet(), value != 0);
            default -> throw new AssertionError(fact);
        }
    }

    private PacketFact() {}
}
