package io.millrace.flow.track.machine;

import static io.millrace.flow.track.machine.TcpConntrackState.CLOSE;
import static io.millrace.flow.track.machine.TcpConntrackState.ESTABLISHED;
import static io.millrace.flow.track.machine.TcpConntrackState.FIN_WAIT;
import static io.millrace.flow.track.machine.TcpConntrackState.IGNORE;
import static io.millrace.flow.track.machine.TcpConntrackState.INVALID;
import static io.millrace.flow.track.machine.TcpConntrackState.LAST_ACK;
import static io.millrace.flow.track.machine.TcpConntrackState.NONE;
import static io.millrace.flow.track.machine.TcpConntrackState.SYN_RECV;
import static io.millrace.flow.track.machine.TcpConntrackState.SYN_SENT;
import static io.millrace.flow.track.machine.TcpConntrackState.SYN_SENT2;
import static io.millrace.flow.track.machine.TcpConntrackState.TIME_WAIT;

/// Follows a TCP connection from between its ends, as Linux does (`nf_conntrack_tcp_packet`, 6.12).
///
/// ```
///                SYN            SYN+ACK           ACK
///  NONE ----> SYN_SENT ------> SYN_RECV ------> ESTABLISHED          RST: CLOSE, from everywhere
///     |           | SYN            ^ SYN+ACK        | FIN
///     | ACK       v from reply     |                v         ACK             FIN            ACK
///     |       SYN_SENT2 -----------+            FIN_WAIT ---> CLOSE_WAIT ---> LAST_ACK ---> TIME_WAIT
///     +--------------------------------> ESTABLISHED (picked up midway)
/// ```
///
/// What the table of [TcpTransitions] does not say: segments that may belong to a connection whose beginning was missed
/// are let through and remembered, so that an answer to them shows who is right; resets must fit; [TcpWindow].
public final class TcpMachine {

    private final TrackSettings settings;
    private final TcpWindow window;

    private TcpState state;
    private TcpSegment segment;
    private int direction;
    private int kind;
    private boolean hasReply;
    private boolean isAssured;
    private int from;
    private int to;
    private Step step;

    /// How a special case goes on.
    private enum Way { STOP, CHECK_WINDOW, IN_WINDOW }

    public TcpMachine(TrackSettings settings) {
        this.settings = settings;
        this.window = new TcpWindow(settings);
    }

    /// Begins a connection with this segment, which [#next] is then asked about. False if none begins with it.
    public boolean open(TcpState state, TcpSegment segment) {
        int first = TcpTransitions.next(Direction.ORIGINAL, segment.kind(), NONE);
        if (first >= INVALID) return false;
        TcpSide sender = state.side(Direction.ORIGINAL);
        int windowBytes = Math.max(segment.window(), 1);
        if (first == SYN_SENT) {
            state.clear();
            sender.extent(segment.end(), segment.end(), windowBytes);
            sender.options(segment);
            return true;
        }
        if (!settings.isOn(TrackSysctl.TCP_LOOSE)) return false;
        state.clear();
        sender.extent(segment.end(), segment.end() + windowBytes, windowBytes);
        // Whether windows are scaled was said before anybody listened.
        sender.flags(TcpSide.SACK_PERMITTED | TcpSide.LIBERAL);
        state.side(Direction.REPLY).flags(TcpSide.SACK_PERMITTED | TcpSide.LIBERAL);
        return true;
    }

    /// Takes a segment whose header and flags are valid.
    ///
    /// @param hasReply  a packet of the reply direction was seen before this one
    /// @param isAssured the connection is assured
    public void next(TcpState state, TcpSegment segment, int direction, boolean hasReply, boolean isAssured,
                     Step step) {
        this.state = state;
        this.segment = segment;
        this.direction = direction;
        this.kind = segment.kind();
        this.hasReply = hasReply;
        this.isAssured = isAssured;
        this.from = state.state();
        this.to = TcpTransitions.next(direction, kind, from);
        this.step = step.begin();
        Way way = special();
        if (way == Way.STOP) return;
        if (way == Way.CHECK_WINDOW && !passesWindow()) return;
        commit();
    }

    private Way special() {
        switch (to) {
            case INVALID -> {
                return Way.STOP;
            }
            case SYN_SENT, IGNORE -> {
                return to == SYN_SENT && from < TIME_WAIT ? Way.CHECK_WINDOW : reopenOrIgnore();
            }
            case TIME_WAIT -> {
                if (isChallenged()) {
                    state.lastFlags(state.lastFlags() & ~TcpState.CHALLENGE_EXPECTED);
                    step.pass();
                    return Way.STOP;
                }
            }
            case SYN_SENT2 -> state.lastFlags(state.lastFlags() | TcpState.SIMULTANEOUS_OPEN);
            case SYN_RECV -> {
                boolean isSimultaneous = (state.lastFlags() & TcpState.SIMULTANEOUS_OPEN) != 0;
                if (direction == Direction.REPLY && kind == TcpKind.ACK && isSimultaneous) to = ESTABLISHED;
            }
            case CLOSE -> {
                if (kind == TcpKind.RST) return reset();
            }
            default -> { }
        }
        return Way.CHECK_WINDOW;
    }

    /// RFC 5961: the answer to a SYN out of place, not to the last FIN.
    private boolean isChallenged() {
        return from == LAST_ACK && kind == TcpKind.ACK && state.lastDirection() != direction
            && state.lastKind() == TcpKind.SYN && (state.lastFlags() & TcpState.CHALLENGE_EXPECTED) != 0;
    }

    /// A SYN after the end begins a new connection. Other segments out of place are let through without being believed;
    /// a SYN+ACK that answers such a SYN proves that this state was wrong.
    private Way reopenOrIgnore() {
        if (to == SYN_SENT) {
            int closeBegun = (state.side(Direction.ORIGINAL).flags() | state.side(Direction.REPLY).flags())
                & TcpSide.CLOSE_BEGUN;
            boolean wasReset = state.lastDirection() == direction && state.lastKind() == TcpKind.RST;
            if (closeBegun != 0 || wasReset) {
                step.repeat();
                return Way.STOP;
            }
        }
        boolean answersIgnoredSyn = kind == TcpKind.SYN_ACK && state.lastKind() == TcpKind.SYN
            && state.lastDirection() != direction && segment.acknowledgement() == state.lastEnd();
        if (answersIgnoredSyn) {
            resynchronise();
            return Way.CHECK_WINDOW;
        }
        remember();
        step.pass();
        return Way.STOP;
    }

    private void resynchronise() {
        from = SYN_SENT;
        to = SYN_RECV;
        state.lastFlags(state.lastFlags() & ~TcpState.CHALLENGE_EXPECTED);
        TcpSide opener = state.side(state.lastDirection());
        opener.extent(state.lastEnd(), state.lastEnd(), Math.max(state.lastWindow(), 1));
        opener.scale(state.lastScale());
        opener.flags(state.lastFlags());
        state.side(direction).clear();
    }

    private void remember() {
        state.last(kind, direction);
        state.last(segment.sequence(), state.lastAcknowledgement(), segment.end(), segment.window());
        if (kind == TcpKind.SYN && direction == Direction.ORIGINAL) {
            int flags = from == LAST_ACK ? TcpState.CHALLENGE_EXPECTED : 0;
            if (segment.scale() != TcpSegment.NO_SCALE) flags |= TcpSide.WINDOW_SCALE;
            if (segment.isSackPermitted()) flags |= TcpSide.SACK_PERMITTED;
            state.lastFlags(flags);
            state.lastScale(Math.max(segment.scale(), 0));
        }
        if (from == SYN_SENT && kind == TcpKind.ACK && direction == Direction.REPLY) {
            state.lastAcknowledgement(segment.acknowledgement());
        }
    }

    /// A reset ends the connection only if its sequence number is what the other side waits for (RFC 5961 §3.2), or if
    /// it answers something that was let through in doubt.
    private Way reset() {
        if (TcpConntrackState.isClosing(from)) return Way.IN_WINDOW;
        TcpSide receiver = state.side(Direction.other(direction));
        if (receiver.has(TcpSide.ACKNOWLEDGED_SET) && state.lastKind() != TcpKind.SYN) {
            boolean isEstablished = from == ESTABLISHED && isAssured;
            int sequence = segment.sequence();
            if (sequence == 0 && !isEstablished) return Way.CHECK_WINDOW;
            boolean isOld = sequence - receiver.acknowledged() < 0;
            if (isOld && !settings.isOn(TrackSysctl.TCP_IGNORE_INVALID_RST)) return Way.STOP;
            if (!isEstablished || sequence == receiver.acknowledged()) return Way.CHECK_WINDOW;
            boolean followsLast = state.lastKind() == TcpKind.ACK && state.lastDirection() == direction
                && sequence == state.lastEnd();
            if (followsLast) return Way.CHECK_WINDOW;
            to = from;   // the receiver will challenge it
        }
        boolean answersLast = hasReply && state.lastKind() == TcpKind.SYN
            || !isAssured && state.lastKind() == TcpKind.ACK;
        if (answersLast && segment.acknowledgement() == state.lastEnd()) return Way.IN_WINDOW;
        boolean answersChallenge = from == SYN_SENT && state.lastKind() == TcpKind.ACK
            && state.lastDirection() == Direction.REPLY && segment.sequence() == state.lastAcknowledgement();
        return answersChallenge ? Way.IN_WINDOW : Way.CHECK_WINDOW;
    }

    private boolean passesWindow() {
        switch (window.check(state, segment, direction)) {
            case IN -> {
                return true;
            }
            case IGNORED -> step.pass();
            case OUT -> doubt();
        }
        return false;
    }

    /// Two closings out of the window, one of each side, say that the windows known here are wrong.
    private void doubt() {
        if (!isAssured || !isClosing(kind)) return;
        if (state.lastDirection() != direction && isClosing(state.lastKind())) {
            step.doubted();
        } else {
            state.last(kind, direction);
        }
    }

    private static boolean isClosing(int kind) {
        return kind == TcpKind.FIN || kind == TcpKind.RST;
    }

    private void commit() {
        state.last(kind, direction);
        state.state(to);
        if (from != to) {
            step.newState();
            if (to == FIN_WAIT) state.side(direction).set(TcpSide.CLOSE_BEGUN);
        }
        long timeoutNs = timeoutNs();
        if (!hasReply) {
            if (segment.isRst()) {
                step.end();
                return;
            }
            // Or whoever uses the port again keeps the entry alive for ever.
            if (kind == TcpKind.SYN && from == SYN_SENT) {
                step.pass();
                return;
            }
            if (to == ESTABLISHED) timeoutNs = Math.min(timeoutNs, settings.ns(TrackSysctl.TCP_UNACKNOWLEDGED));
        } else if (!isAssured && to == ESTABLISHED && (from == SYN_RECV || from == ESTABLISHED)) {
            step.assured();
        }
        step.accept(timeoutNs);
    }

    private long timeoutNs() {
        long timeoutNs = settings.ns(TcpConntrackState.timeout(to));
        long retransmittingNs = settings.ns(TrackSysctl.TCP_MAX_RETRANS_TIMEOUT);
        long unacknowledgedNs = settings.ns(TrackSysctl.TCP_UNACKNOWLEDGED);
        boolean isRetransmitting = state.retransmissions() >= settings.value(TrackSysctl.TCP_MAX_RETRANS);
        if (isRetransmitting && timeoutNs > retransmittingNs) return retransmittingNs;
        boolean isUnanswered = kind == TcpKind.RST && to == ESTABLISHED
            || state.side(Direction.ORIGINAL).has(TcpSide.UNACKNOWLEDGED)
            || state.side(Direction.REPLY).has(TcpSide.UNACKNOWLEDGED);
        if (isUnanswered && timeoutNs > unacknowledgedNs) return unacknowledgedNs;
        if (state.lastWindow() == 0 && timeoutNs > retransmittingNs) return retransmittingNs;
        return timeoutNs;
    }
}
