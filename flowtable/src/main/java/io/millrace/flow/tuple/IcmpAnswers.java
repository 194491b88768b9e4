package io.millrace.flow.tuple;

import io.millrace.packet.header.IcmpType;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.header.IpProtocol;

/// The ICMP messages that come in pairs, question and answer: only they are tracked. What Linux pairs up
/// (`nf_conntrack_proto_icmp.c`, `…_icmpv6.c`): echo, timestamp, information and address mask; of ICMPv6 echo and node
/// information (RFC 4620).
public final class IcmpAnswers {

    /// There is no answer to this message.
    public static final int NONE = -1;

    private static final int INFORMATION_REQUEST = 15;
    private static final int INFORMATION_REPLY = 16;
    private static final int MASK_REQUEST = 17;
    private static final int MASK_REPLY = 18;
    private static final int NODE_QUERY = 139;
    private static final int NODE_REPLY = 140;

    public static boolean isIcmp(int protocol) {
        return protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6;
    }

    /// The type that answers `type`, question or answer; or [#NONE].
    public static int answerTo(int protocol, int type) {
        return protocol == IpProtocol.ICMP ? ipv4(type) : ipv6(type);
    }

    /// True if a connection may begin with this message.
    public static boolean isQuestion(int protocol, int type) {
        if (protocol == IpProtocol.ICMPV6) return type == Icmpv6Type.ECHO_REQUEST || type == NODE_QUERY;
        return switch (type) {
            case IcmpType.ECHO_REQUEST, IcmpType.TIMESTAMP_REQUEST, INFORMATION_REQUEST, MASK_REQUEST -> true;
            default -> false;
        };
    }

    private static int ipv4(int type) {
        return switch (type) {
            case IcmpType.ECHO_REQUEST -> IcmpType.ECHO_REPLY;
            case IcmpType.ECHO_REPLY -> IcmpType.ECHO_REQUEST;
            case IcmpType.TIMESTAMP_REQUEST -> IcmpType.TIMESTAMP_REPLY;
            case IcmpType.TIMESTAMP_REPLY -> IcmpType.TIMESTAMP_REQUEST;
            case INFORMATION_REQUEST -> INFORMATION_REPLY;
            case INFORMATION_REPLY -> INFORMATION_REQUEST;
            case MASK_REQUEST -> MASK_REPLY;
            case MASK_REPLY -> MASK_REQUEST;
            default -> NONE;
        };
    }

    private static int ipv6(int type) {
        return switch (type) {
            case Icmpv6Type.ECHO_REQUEST -> Icmpv6Type.ECHO_REPLY;
            case Icmpv6Type.ECHO_REPLY -> Icmpv6Type.ECHO_REQUEST;
            case NODE_QUERY -> NODE_REPLY;
            case NODE_REPLY -> NODE_QUERY;
            default -> NONE;
        };
    }

    private IcmpAnswers() {}
}
