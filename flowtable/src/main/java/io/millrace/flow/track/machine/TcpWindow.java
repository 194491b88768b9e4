package io.millrace.flow.track.machine;

/// Whether a segment lies in the windows that both ends of a connection have offered, after Guido van Rooij, "Real
/// Stateful TCP Packet Filtering in IP Filter", as Linux has it (`tcp_in_window`). Updates both sides by what lies in.
final class TcpWindow {

    /// What the check came to.
    enum Found { IN, IGNORED, OUT }

    /// Late acknowledgements up to this far back are let through, whatever window was offered.
    private static final int LATE_ACKNOWLEDGEMENT_BYTES = 66_000;

    private final TrackSettings settings;

    private TcpState state;
    private TcpSegment segment;
    private TcpSide sender;
    private TcpSide receiver;
    private int direction;
    private int sequence;
    private int end;
    private int acknowledgement;
    private int sacked;

    TcpWindow(TrackSettings settings) {
        this.settings = settings;
    }

    Found check(TcpState state, TcpSegment segment, int direction) {
        this.state = state;
        this.segment = segment;
        this.direction = direction;
        this.sender = state.side(direction);
        this.receiver = state.side(Direction.other(direction));
        this.sequence = segment.sequence();
        this.end = segment.end();
        this.acknowledgement = segment.acknowledgement();
        this.sacked = receiver.has(TcpSide.SACK_PERMITTED) ? segment.sackEdge() : acknowledgement;
        if (learn()) return Found.IN;
        boolean isResetWithoutAcknowledgement = segment.isRst() && segment.isAck() && acknowledgement == 0;
        if (!segment.isAck() || isResetWithoutAcknowledgement) {
            acknowledgement = receiver.end();
            sacked = receiver.end();
        }
        // A reset that answers a SYN.
        if (segment.isRst() && sequence == 0 && state.state() == TcpConntrackState.SYN_SENT) {
            sequence = sender.end();
            end = sender.end();
        }
        return compare();
    }

    /// Takes the sender's first packet, or a SYN sent anew, as the beginning. True if nothing is left to check: a SYN
    /// of both sides at once.
    private boolean learn() {
        if (sender.windowMax() == 0) {
            if (segment.isSyn()) {
                begin();
                return !segment.isAck();
            }
            joinMidway();
        } else if (segment.isSyn() && isAfter(end, sender.end()) && isOpening()) {
            begin();
            return direction == Direction.REPLY && !segment.isAck();
        }
        return false;
    }

    private boolean isOpening() {
        return state.state() == TcpConntrackState.SYN_SENT || state.state() == TcpConntrackState.SYN_RECV;
    }

    private void begin() {
        sender.extent(end, end, Math.max(segment.window(), 1));
        sender.options(segment);
        boolean isScaled = sender.has(TcpSide.WINDOW_SCALE) && receiver.has(TcpSide.WINDOW_SCALE);
        if (direction == Direction.REPLY && !isScaled) {   // both or none, RFC 7323 §2.2
            sender.scale(0);
            receiver.scale(0);
        }
    }

    private void joinMidway() {
        int window = Math.max(segment.window() << sender.scale(), 1);
        sender.extent(end, end + window, window);
        if (receiver.windowMax() == 0) {
            receiver.end(sacked);
            receiver.endMax(sacked);
        } else if (sacked == receiver.end() + 1) {
            receiver.end(sacked);   // the answer to a keepalive
        }
    }

    private Found compare() {
        if (isAfter(sequence, sender.endMax())) return sequenceBeyond();
        if (isAfter(sacked, receiver.end())) return failed(Found.OUT);
        if (receiver.windowMax() != 0 && !isInReceiveWindow()) return failed(Found.IGNORED);
        if (!isAcknowledgementRecent()) return failed(Found.IGNORED);
        update();
        return Found.IN;
    }

    /// A sender that sends more than it was allowed: the segment is not trusted, but its end is noted, because the
    /// receiver may acknowledge it.
    private Found sequenceBeyond() {
        int overshotBytes = end - sender.endMax() + 1;
        boolean isSlight = receiver.windowMax() != 0 && isInReceiveWindow() && isAcknowledgementRecent()
            && Integer.compareUnsigned(overshotBytes, receiver.windowMax()) <= 0 && !isAfter(sacked, receiver.end());
        if (!isSlight) return failed(Found.OUT);
        sender.end(end);
        sender.set(TcpSide.UNACKNOWLEDGED);
        return failed(Found.IGNORED);
    }

    private boolean isInReceiveWindow() {
        return isAfter(end, sender.end() - receiver.windowMax() - 1);
    }

    private boolean isAcknowledgementRecent() {
        int reachBytes = Integer.compareUnsigned(sender.windowMax(), LATE_ACKNOWLEDGEMENT_BYTES) > 0
            ? sender.windowMax() : LATE_ACKNOWLEDGEMENT_BYTES;
        return isAfter(sacked, receiver.end() - reachBytes - 1);
    }

    private Found failed(Found found) {
        boolean isLiberal = sender.has(TcpSide.LIBERAL) || settings.isOn(TrackSysctl.TCP_BE_LIBERAL);
        return isLiberal ? Found.IN : found;
    }

    private void update() {
        int window = segment.isSyn() ? segment.window() : segment.window() << sender.scale();
        int reachedWindow = window + (sacked - acknowledgement);
        if (Integer.compareUnsigned(sender.windowMax(), reachedWindow) < 0) sender.windowMax(reachedWindow);
        if (isAfter(end, sender.end())) {
            sender.end(end);
            sender.set(TcpSide.UNACKNOWLEDGED);
        }
        if (segment.isAck() && (!sender.has(TcpSide.ACKNOWLEDGED_SET)
            || isAfter(acknowledgement, sender.acknowledged()))) {
            sender.acknowledged(acknowledgement);
            sender.set(TcpSide.ACKNOWLEDGED_SET);
        }
        if (receiver.windowMax() != 0 && isAfter(end, sender.endMax())) {
            receiver.windowMax(receiver.windowMax() + end - sender.endMax());
        }
        if (isAfter(sacked + window, receiver.endMax() - 1)) {
            receiver.endMax(sacked + window + (window == 0 ? 1 : 0));
        }
        if (acknowledgement == receiver.end()) receiver.unset(TcpSide.UNACKNOWLEDGED);
        if (segment.kind() == TcpKind.ACK) countRetransmission(window);
    }

    private void countRetransmission(int window) {
        boolean isAgain = state.lastDirection() == direction && state.lastSequence() == sequence
            && state.lastAcknowledgement() == acknowledgement && state.lastEnd() == end
            && state.lastWindow() == window;
        if (isAgain) {
            state.retransmissions(state.retransmissions() + 1);
            return;
        }
        state.lastDirection(direction);
        state.last(sequence, acknowledgement, end, window);
        state.retransmissions(0);
    }

    /// Modulo 2^32.
    static boolean isAfter(int one, int other) {
        return one - other > 0;
    }
}
