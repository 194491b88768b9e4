package io.millrace.flow.ruleset;

import java.util.EnumSet;

/// The type of a base chain, and at which hooks of which families Linux registers it
/// (`nft_chain_filter.c`, `nft_chain_nat.c`, `nft_chain_route.c`).
public enum ChainType {
    FILTER("filter"), NAT("nat"), ROUTE("route");

    private static final EnumSet<Hook> ROUTED =
        EnumSet.of(Hook.PREROUTING, Hook.INPUT, Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING);

    private final String text;

    ChainType(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /// Does Linux have this type for this family at all?
    public boolean exists(Family family) {
        return this == FILTER || family == Family.IP || family == Family.IP6 || family == Family.INET;
    }

    public boolean isAllowed(Family family, Hook hook) {
        if (!exists(family)) {
            return false;
        }
        return switch (this) {
            case NAT -> ROUTED.contains(hook) && hook != Hook.FORWARD;
            case ROUTE -> hook == Hook.OUTPUT;
            case FILTER -> switch (family) {
                case IP, IP6, BRIDGE -> ROUTED.contains(hook);
                case INET -> ROUTED.contains(hook) || hook == Hook.INGRESS;
                case ARP -> hook == Hook.INPUT || hook == Hook.OUTPUT;
                case NETDEV -> hook == Hook.INGRESS || hook == Hook.EGRESS;
            };
        };
    }
}
