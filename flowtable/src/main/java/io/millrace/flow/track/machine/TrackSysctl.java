package io.millrace.flow.track.machine;

/// The settings of connection tracking by Linux's names (`net.netfilter.…`), with its defaults (6.12). Timeouts are
/// in seconds.
///
/// Not settings here: what is only read (`nf_conntrack_count`), and logging.
public enum TrackSysctl {

    MAX("nf_conntrack_max", 262_144, 1, Integer.MAX_VALUE),
    BUCKETS("nf_conntrack_buckets", 262_144, 1, 1 << 28),
    CHECKSUM("nf_conntrack_checksum", 1, 0, 1),
    ACCOUNTING("nf_conntrack_acct", 0, 0, 1),

    GENERIC("nf_conntrack_generic_timeout", 600),
    ICMP("nf_conntrack_icmp_timeout", 30),
    ICMPV6("nf_conntrack_icmpv6_timeout", 30),
    UDP("nf_conntrack_udp_timeout", 30),
    UDP_STREAM("nf_conntrack_udp_timeout_stream", 120),
    GRE("nf_conntrack_gre_timeout", 30),
    GRE_STREAM("nf_conntrack_gre_timeout_stream", 180),

    TCP_SYN_SENT("nf_conntrack_tcp_timeout_syn_sent", 120),
    TCP_SYN_RECV("nf_conntrack_tcp_timeout_syn_recv", 60),
    TCP_ESTABLISHED("nf_conntrack_tcp_timeout_established", 432_000),
    TCP_FIN_WAIT("nf_conntrack_tcp_timeout_fin_wait", 120),
    TCP_CLOSE_WAIT("nf_conntrack_tcp_timeout_close_wait", 60),
    TCP_LAST_ACK("nf_conntrack_tcp_timeout_last_ack", 30),
    TCP_TIME_WAIT("nf_conntrack_tcp_timeout_time_wait", 120),
    TCP_CLOSE("nf_conntrack_tcp_timeout_close", 10),
    TCP_MAX_RETRANS_TIMEOUT("nf_conntrack_tcp_timeout_max_retrans", 300),
    TCP_UNACKNOWLEDGED("nf_conntrack_tcp_timeout_unacknowledged", 300),
    TCP_LOOSE("nf_conntrack_tcp_loose", 1, 0, 1),
    TCP_BE_LIBERAL("nf_conntrack_tcp_be_liberal", 0, 0, 1),
    TCP_MAX_RETRANS("nf_conntrack_tcp_max_retrans", 3, 0, 255),
    TCP_IGNORE_INVALID_RST("nf_conntrack_tcp_ignore_invalid_rst", 0, 0, 1),

    SCTP_CLOSED("nf_conntrack_sctp_timeout_closed", 10),
    SCTP_COOKIE_WAIT("nf_conntrack_sctp_timeout_cookie_wait", 3),
    SCTP_COOKIE_ECHOED("nf_conntrack_sctp_timeout_cookie_echoed", 3),
    SCTP_ESTABLISHED("nf_conntrack_sctp_timeout_established", 210),
    SCTP_SHUTDOWN_SENT("nf_conntrack_sctp_timeout_shutdown_sent", 3),
    SCTP_SHUTDOWN_RECD("nf_conntrack_sctp_timeout_shutdown_recd", 3),
    SCTP_SHUTDOWN_ACK_SENT("nf_conntrack_sctp_timeout_shutdown_ack_sent", 3),
    SCTP_HEARTBEAT_SENT("nf_conntrack_sctp_timeout_heartbeat_sent", 30),

    DCCP_REQUEST("nf_conntrack_dccp_timeout_request", 240),
    DCCP_RESPOND("nf_conntrack_dccp_timeout_respond", 480),
    DCCP_PARTOPEN("nf_conntrack_dccp_timeout_partopen", 480),
    DCCP_OPEN("nf_conntrack_dccp_timeout_open", 43_200),
    DCCP_CLOSEREQ("nf_conntrack_dccp_timeout_closereq", 64),
    DCCP_CLOSING("nf_conntrack_dccp_timeout_closing", 64),
    DCCP_TIMEWAIT("nf_conntrack_dccp_timeout_timewait", 240),

    FLOWTABLE_TCP("nf_flowtable_tcp_timeout", 30),
    FLOWTABLE_UDP("nf_flowtable_udp_timeout", 30);

    /// What stands before every name.
    public static final String PREFIX = "net.netfilter.";

    private static final int SECONDS_MAX = Integer.MAX_VALUE;

    private final String key;
    private final int initial;
    private final int min;
    private final int max;

    TrackSysctl(String name, int seconds) {
        this(name, seconds, 0, SECONDS_MAX);
    }

    TrackSysctl(String name, int initial, int min, int max) {
        this.key = PREFIX + name;
        this.initial = initial;
        this.min = min;
        this.max = max;
    }

    /// The whole name: `net.netfilter.nf_conntrack_udp_timeout`.
    public String key()   { return key; }
    public int initial()  { return initial; }
    public int min()      { return min; }
    public int max()      { return max; }

    /// The setting of that whole name, or null.
    public static TrackSysctl find(String key) {
        for (TrackSysctl each : values()) {
            if (each.key.equals(key)) return each;
        }
        return null;
    }
}
