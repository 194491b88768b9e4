package io.millrace.control.nft;

import io.millrace.flow.ruleset.DataType;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The names of values: of states, flags, types and codes.
final class Symbols {

    private static final Map<DataType, Map<String, Long>> BY_NAME = new EnumMap<>(DataType.class);
    private static final Map<DataType, Map<Long, String>> BY_NUMBER = new EnumMap<>(DataType.class);

    static {
        add(DataType.CT_STATE, "invalid=1 established=2 related=4 new=8 untracked=64");
        add(DataType.CT_DIR, "original=0 reply=1");
        add(DataType.CT_STATUS, "expected=1 seen-reply=2 assured=4 confirmed=8 snat=16 dnat=32 dying=512");
        add(DataType.CT_EVENT, "new=1 related=2 destroy=4 reply=8 assured=16 protoinfo=32 helper=64 mark=128 "
            + "seqadj=256 secmark=512 label=1024");
        add(DataType.TCP_FLAG, "fin=1 syn=2 rst=4 psh=8 ack=16 urg=32 ecn=64 cwr=128");
        add(DataType.DSCP, "cs0=0 cs1=8 cs2=16 cs3=24 cs4=32 cs5=40 cs6=48 cs7=56 df=0 be=0 lephb=1 af11=10 af12=12 "
            + "af13=14 af21=18 af22=20 af23=22 af31=26 af32=28 af33=30 af41=34 af42=36 af43=38 va=44 ef=46");
        add(DataType.ECN, "not-ect=0 ect1=1 ect0=2 ce=3");
        add(DataType.ICMP_TYPE, "echo-reply=0 destination-unreachable=3 source-quench=4 redirect=5 echo-request=8 "
            + "router-advertisement=9 router-solicitation=10 time-exceeded=11 parameter-problem=12 "
            + "timestamp-request=13 timestamp-reply=14 info-request=15 info-reply=16 address-mask-request=17 "
            + "address-mask-reply=18");
        add(DataType.ICMPV6_TYPE, "destination-unreachable=1 packet-too-big=2 time-exceeded=3 parameter-problem=4 "
            + "echo-request=128 echo-reply=129 mld-listener-query=130 mld-listener-report=131 mld-listener-done=132 "
            + "mld-listener-reduction=132 nd-router-solicit=133 nd-router-advert=134 nd-neighbor-solicit=135 "
            + "nd-neighbor-advert=136 nd-redirect=137 router-renumbering=138 ind-neighbor-solicit=141 "
            + "ind-neighbor-advert=142 mld2-listener-report=143");
        add(DataType.ICMP_CODE, "net-unreachable=0 host-unreachable=1 prot-unreachable=2 port-unreachable=3 "
            + "frag-needed=4 net-prohibited=9 host-prohibited=10 admin-prohibited=13");
        add(DataType.ICMPV6_CODE, "no-route=0 admin-prohibited=1 addr-unreachable=3 port-unreachable=4 "
            + "policy-fail=5 reject-route=6");
        add(DataType.ICMPX_CODE, "no-route=0 port-unreachable=1 host-unreachable=2 admin-prohibited=3");
        add(DataType.IGMP_TYPE, "membership-query=17 membership-report-v1=18 membership-report-v2=22 "
            + "membership-report-v3=34 leave-group=23");
        add(DataType.ETHER_TYPE, "ip=2048 arp=2054 ip6=34525 8021q=33024 8021ad=34984 vlan=33024 ipv6=34525");
        add(DataType.NF_PROTO, "ipv4=2 ipv6=10");
        add(DataType.PKT_TYPE, "host=0 unicast=0 broadcast=1 multicast=2 other=3");
        add(DataType.FIB_ADDRTYPE, "unspec=0 unicast=1 local=2 broadcast=3 anycast=4 multicast=5 blackhole=6 "
            + "unreachable=7 prohibit=8 throw=9 nat=10 xresolve=11");
        add(DataType.BOOLEAN, "exists=1 missing=0");
        add(DataType.ARP_OP, "request=1 reply=2 rrequest=3 rreply=4 inrequest=8 inreply=9 nak=10");
        add(DataType.IFACE_TYPE, "ether=1 ppp=512 ipip=768 ipip6=769 loopback=772 sit=776 ipgre=778");
        add(DataType.DAY, "Sunday=0 Monday=1 Tuesday=2 Wednesday=3 Thursday=4 Friday=5 Saturday=6");
        add(DataType.INET_PROTO, "icmp=1 igmp=2 ggp=3 ipencap=4 ipip=4 tcp=6 egp=8 udp=17 dccp=33 ipv6=41 "
            + "ipv6-route=43 ipv6-frag=44 rsvp=46 gre=47 esp=50 ah=51 skip=57 ipv6-icmp=58 icmpv6=58 ipv6-nonxt=59 "
            + "ipv6-opts=60 ospf=89 ipcomp=108 comp=108 vrrp=112 l2tp=115 sctp=132 mobility-header=135 udplite=136 "
            + "ip=0 hopopt=0 st=5 igp=9 pup=12 hmp=20 xns-idp=22 rdp=27 iso-tp4=29 xtp=36 ddp=37 idpr-cmtp=38 idrp=45 "
            + "rspf=73 vmtp=81 eigrp=88 ax.25=93 etherip=97 encap=98 pim=103 isis=124 fc=133 mpls-in-ip=137 manet=138 "
            + "hip=139 shim6=140 wesp=141 rohc=142");
        add(DataType.DCCP_PKTTYPE, "request=0 response=1 data=2 ack=3 dataack=4 closereq=5 close=6 reset=7 sync=8 "
            + "syncack=9");
        add(DataType.MH_TYPE, "binding-refresh-request=0 home-test-init=1 careof-test-init=2 home-test=3 "
            + "careof-test=4 binding-update=5 binding-acknowledgement=6 binding-error=7 fast-binding-update=8 "
            + "fast-binding-acknowledgement=9 fast-binding-advertisement=10 experimental-mobility-header=11 "
            + "home-agent-switch-message=12");
        add(DataType.DEVGROUP, "default=0");
        add(DataType.CLASSID, "none=0 root=4294967295");
        // The names that listings use for protocols are those of /etc/protocols; some have two here.
        BY_NUMBER.get(DataType.INET_PROTO).put(4L, "ipencap");
        BY_NUMBER.get(DataType.INET_PROTO).put(58L, "ipv6-icmp");
        BY_NUMBER.get(DataType.INET_PROTO).put(108L, "comp");
    }

    private static void add(DataType type, String list) {
        Map<String, Long> byName = new LinkedHashMap<>();
        Map<Long, String> byNumber = new HashMap<>();
        for (String pair : list.split(" ")) {
            int equals = pair.lastIndexOf('=');
            long number = Long.parseLong(pair.substring(equals + 1));
            byName.put(pair.substring(0, equals), number);
            byNumber.putIfAbsent(number, pair.substring(0, equals));
        }
        BY_NAME.put(type, byName);
        BY_NUMBER.put(type, byNumber);
    }

    /// The number, or null.
    static Long number(DataType type, String name) {
        return BY_NAME.getOrDefault(type, Map.of()).get(name);
    }

    /// The name, or null.
    static String name(DataType type, long number) {
        return BY_NUMBER.getOrDefault(type, Map.of()).get(number);
    }

    static boolean has(DataType type) {
        return BY_NAME.containsKey(type);
    }

    /// The flags of a bitmask type in ascending order, each with its name.
    static Map<String, Long> flags(DataType type) {
        return BY_NAME.getOrDefault(type, Map.of());
    }

    /// What messages call a value of this type.
    static String description(DataType type) {
        return switch (type) {
            case CT_STATE -> "conntrack state";
            case CT_DIR -> "conntrack direction";
            case CT_STATUS -> "conntrack status";
            case CT_EVENT -> "conntrack event bits";
            case TCP_FLAG -> "TCP flag";
            case ICMP_TYPE -> "ICMP type";
            case ICMPV6_TYPE -> "ICMPv6 type";
            case ICMP_CODE -> "icmp code";
            case ICMPV6_CODE -> "icmpv6 code";
            case ICMPX_CODE -> "icmpx code";
            case IGMP_TYPE -> "IGMP type";
            case DSCP -> "Differentiated Services Code Point";
            case ECN -> "Explicit Congestion Notification";
            case ETHER_TYPE -> "Ethernet protocol";
            case NF_PROTO -> "netfilter protocol";
            case PKT_TYPE -> "packet type";
            case FIB_ADDRTYPE -> "fib address type";
            case BOOLEAN -> "boolean type";
            case ARP_OP -> "ARP operation";
            case IFACE_TYPE -> "network interface type";
            case DAY -> "day of week";
            case MARK -> "packet mark";
            case DCCP_PKTTYPE -> "DCCP packet type";
            case MH_TYPE -> "IPv6 Mobility Header type";
            default -> type.text();
        };
    }

    private Symbols() {}
}
