package io.millrace.simulation.router;

import io.millrace.testkit.Octets;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One flow as connection tracking takes it that never times out and looks at no windows, sums or numbers of resets;
/// says of each packet whether a connection counts it, and if not, why. Written after the rules of Linux 6.14 (the
/// transitions of `nf_conntrack_proto_tcp`, `flow add` for `ct state established`), not after the code that it judges.
final class NaiveTracking {

    /// Why a packet belongs to a flow and yet is counted by no connection.
    enum Uncounted {
        /// The header is cut, or flags or lengths are impossible: INVALID.
        MALFORMED,
        /// Neither a SYN nor an ACK, and there is no connection: INVALID.
        BEGINS_NOTHING,
        /// The connection's state has no place for it: INVALID.
        OUT_OF_PLACE,
        /// A SYN or SYN+ACK let through without being believed: accepted, and the connection is not refreshed.
        IN_DOUBT,
        /// The same SYN once more, before any answer: likewise.
        SYN_AGAIN,
        /// An ICMP error: belongs to the connection that it quotes, or to none.
        ICMP_ERROR,
        /// An ICMP reply to nothing: INVALID.
        ICMP_UNASKED,
        /// Neighbour discovery and listener reports: untracked.
        DISCOVERY
    }

    private enum State { NO, SS, SR, ES, FW, CW, LA, TW, CL, S2, IV, IG }

    private enum Kind { SYN, SYNACK, FIN, ACK, RST }

    /// A row a direction and kind; a column a state from NO to S2.
    private static final Map<String, String[]> NEXT = Map.of(
        "orig SYN", "SS SS IG IG IG IG IG SS SS S2".split(" "),
        "orig SYNACK", "IV IV SR IV IV IV IV IV IV SR".split(" "),
        "orig FIN", "IV IV FW FW LA LA LA TW CL IV".split(" "),
        "orig ACK", "ES IV ES ES CW CW TW TW CL IV".split(" "),
        "orig RST", "IV CL CL CL CL CL CL CL CL CL".split(" "),
        "reply SYN", "IV S2 IV IV IV IV IV SS IV S2".split(" "),
        "reply SYNACK", "IV SR IG IG IG IG IG IG IG SR".split(" "),
        "reply FIN", "IV IV FW FW LA LA LA TW CL IV".split(" "),
        "reply ACK", "IV IG SR ES CW CW TW TW CL IG".split(" "),
        "reply RST", "IV CL CL CL CL CL CL CL CL CL".split(" "));
    private static final Set<Integer> VALID_FLAGS = Set.of(0x02, 0x22, 0x12, 0x04, 0x14, 0x11, 0x31, 0x10, 0x30);
    private static final Map<Integer, Integer> ICMP_REPLY_OF = Map.of(0, 8, 14, 13, 16, 15, 18, 17);
    private static final Map<Integer, Integer> ICMPV6_REPLY_OF = Map.of(129, 128, 140, 139);

    private final Set<String> echoes = new HashSet<>();
    private boolean opensForward;

    private State state = State.NO;
    private boolean isReplied;
    private boolean isAssured;
    private boolean hasBegunToClose;
    private boolean isSimultaneous;
    private boolean expectsChallenge;
    private Kind lastKind;
    private boolean isLastForward;
    private int lastEnd;

    /// In the flow table, and a FIN or RST was seen there.
    private boolean isOffloaded;
    private boolean isClosing;

    /// Takes the next packet of the flow.
    Optional<Uncounted> take(InspectedPacket packet) {
        return Optional.ofNullable(switch (packet.protocol()) {
            case 6 -> tcp(packet);
            case 17 -> udp(packet);
            case 1 -> packet.isIpv6() ? null : icmp(packet, ICMP_REPLY_OF);
            case 58 -> packet.isIpv6() ? icmp(packet, ICMPV6_REPLY_OF) : null;
            default -> null;
        });
    }

    /// With the flow table or without.
    private static Uncounted udp(InspectedPacket packet) {
        byte[] udp = packet.transport();
        boolean isWhole = udp.length >= 8 && Octets.u16(udp, 4) >= 8 && Octets.u16(udp, 4) <= udp.length;
        return isWhole ? null : Uncounted.MALFORMED;
    }

    private Uncounted icmp(InspectedPacket packet, Map<Integer, Integer> replies) {
        byte[] icmp = packet.transport();
        if (icmp.length < 8) return Uncounted.MALFORMED;
        int type = Octets.u8(icmp, 0);
        String codeAndId = " " + icmp[1] + " " + Octets.u16(icmp, 4);
        if (replies.containsValue(type)) {
            echoes.add(packet.isForward() + " " + type + codeAndId);
            return null;
        }
        if (replies.containsKey(type)) {
            boolean isAsked = echoes.contains(!packet.isForward() + " " + replies.get(type) + codeAndId);
            return isAsked ? null : Uncounted.ICMP_UNASKED;
        }
        return packet.isIpv6() && type >= 128 ? Uncounted.DISCOVERY : Uncounted.ICMP_ERROR;
    }

    private Uncounted tcp(InspectedPacket packet) {
        byte[] tcp = packet.transport();
        if (tcp.length < 20) return Uncounted.MALFORMED;
        int flags = tcp[13] & 0x3f;
        boolean isSyn = (flags & 2) != 0;
        boolean isEnd = (flags & 5) != 0;
        int headerBytes = (tcp[12] >> 4 & 0xf) * 4;
        if (headerBytes < 20 || headerBytes > tcp.length) return Uncounted.MALFORMED;
        if (isOffloaded && !(isClosing && isSyn)) {
            isClosing |= isEnd;
            return null;
        }
        if (isOffloaded) {
            isOffloaded = false;
            isClosing = false;
            state = State.CL;
            hasBegunToClose = true;
        }
        if (!VALID_FLAGS.contains(flags & 0x37)) return Uncounted.MALFORMED;
        Kind kind = (flags & 4) != 0 ? Kind.RST : isSyn ? (flags & 16) != 0 ? Kind.SYNACK : Kind.SYN
            : (flags & 1) != 0 ? Kind.FIN : Kind.ACK;
        int end = (int) Octets.u32(tcp, 4) + tcp.length - headerBytes + (isSyn ? 1 : 0) + (flags & 1);
        Uncounted uncounted = step(kind, packet.isForward(), end, (int) Octets.u32(tcp, 8));
        boolean isAccepted = uncounted == null || uncounted == Uncounted.IN_DOUBT || uncounted == Uncounted.SYN_AGAIN;
        if (isAccepted && state == State.ES && isAssured && !isEnd) isOffloaded = true;
        return uncounted;
    }

    private Uncounted step(Kind kind, boolean isForward, int end, int acknowledged) {
        if (state == State.NO) {
            if (kind != Kind.SYN && kind != Kind.ACK) return Uncounted.BEGINS_NOTHING;
            open(kind, isForward, end);
            return null;
        }
        boolean isReply = isForward != opensForward;
        State from = state;
        State to = State.valueOf(NEXT.get((isReply ? "reply " : "orig ") + kind)[from.ordinal()]);
        boolean wasReplied = isReplied;
        if (to == State.IV) return Uncounted.OUT_OF_PLACE;
        boolean isReopening = to == State.SS && (from == State.TW || from == State.CL);
        if (isReopening && (hasBegunToClose || isLastForward == isForward && lastKind == Kind.RST)) {
            open(kind, isForward, end);
            return null;
        }
        isReplied |= isReply;
        if (to == State.IG || isReopening) {
            boolean answersDoubted = kind == Kind.SYNACK && lastKind == Kind.SYN && isLastForward != isForward
                && acknowledged == lastEnd;
            if (!answersDoubted) {
                if (kind == Kind.SYN && !isReply) {
                    expectsChallenge = from == State.LA;
                    isSimultaneous = false;
                }
                last(kind, isForward, end);
                return Uncounted.IN_DOUBT;
            }
            from = State.SS;
            to = State.SR;
            expectsChallenge = false;
        }
        boolean isChallenge = to == State.TW && from == State.LA && kind == Kind.ACK && lastKind == Kind.SYN
            && isLastForward != isForward && expectsChallenge;
        if (isChallenge) {
            expectsChallenge = false;
            return Uncounted.IN_DOUBT;
        }
        isSimultaneous |= to == State.S2;
        if (to == State.SR && isReply && kind == Kind.ACK && isSimultaneous) to = State.ES;
        hasBegunToClose |= to == State.FW && from != State.FW;
        last(kind, isForward, end);
        state = to;
        if (!wasReplied && kind == Kind.RST) {
            state = State.NO;
            return null;
        }
        if (!wasReplied && kind == Kind.SYN && from == State.SS) return Uncounted.SYN_AGAIN;
        isAssured |= wasReplied && to == State.ES && (from == State.SR || from == State.ES);
        return null;
    }

    private void open(Kind kind, boolean isForward, int end) {
        opensForward = isForward;
        state = kind == Kind.SYN ? State.SS : State.ES;
        isReplied = false;
        isAssured = false;
        hasBegunToClose = false;
        isSimultaneous = false;
        expectsChallenge = false;
        last(kind, isForward, end);
    }

    private void last(Kind kind, boolean isForward, int end) {
        lastKind = kind;
        isLastForward = isForward;
        lastEnd = end;
    }
}
