package io.millrace.flow.path;

/// Why a packet went on to the slow path.
public enum FlowMiss {

    UNKNOWN("no flow with its addresses, ports, protocol and attachment"),
    NOT_ETHERNET("not a whole Ethernet frame"),
    OTHER_HOST("Ethernet destination is not the interface's"),
    ENCAPSULATION("tags or session that no flow has"),
    NOT_IP("neither IPv4 nor IPv6, or malformed"),
    FRAGMENT("fragment"),
    OPTIONS("IPv4 options or IPv6 extension headers"),
    PROTOCOL("neither TCP, UDP nor GRE version 0"),
    TTL("TTL or hop limit is used up"),
    LENGTH("lengths of packet and IP header disagree"),
    FLOW_ENDED("its flow was torn down"),
    OVER_MTU("longer than the flow's MTU"),
    REOPENED("SYN on a flow that is closing"),
    ROUTE_CHANGED("the flow's route is no longer valid"),
    NO_HEADROOM("no room in front of it for the new link header");

    private static final FlowMiss[] ALL = values();

    public static final int COUNT = ALL.length;

    private final String meaning;

    FlowMiss(String meaning) {
        this.meaning = meaning;
    }

    public static FlowMiss of(int ordinal) {
        return ALL[ordinal];
    }

    public String meaning() { return meaning; }
}
