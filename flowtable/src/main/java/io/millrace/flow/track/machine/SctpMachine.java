package io.millrace.flow.track.machine;

import io.millrace.packet.header.SctpChunkView;

import static io.millrace.flow.track.machine.SctpConntrackState.CLOSED;
import static io.millrace.flow.track.machine.SctpConntrackState.ESTABLISHED;
import static io.millrace.flow.track.machine.SctpConntrackState.INVALID;
import static io.millrace.flow.track.machine.SctpConntrackState.NONE;

/// Follows an SCTP association from between its ends, as Linux does (`nf_conntrack_sctp_packet`): chunk by chunk, each
/// with the verification tag that RFC 9260 §8.5 asks for.
public final class SctpMachine {

    /// Whether a chunk came with the tag it needs; a heartbeat in doubt is passed over.
    private enum Tag {
        RIGHT, WRONG, PASSED_OVER;

        static Tag rightIf(boolean isRight) {
            return isRight ? RIGHT : WRONG;
        }
    }

    /// The T flag of ABORT and SHUTDOWN COMPLETE: the verification tag is the other side's.
    private static final int TAG_REFLECTED = 1;

    private final TrackSettings settings;
    private SctpState state;
    private SctpPacket packet;
    private int direction;
    private boolean isUnrefreshed;

    public SctpMachine(TrackSettings settings) {
        this.settings = settings;
    }

    /// Begins an association with this packet, which [#next] is then asked about. False if none begins with it.
    public boolean open(SctpState state, SctpPacket packet) {
        if (packet.has(SctpChunkView.ABORT) || packet.has(SctpChunkView.SHUTDOWN_COMPLETE)
            || packet.has(SctpChunkView.COOKIE_ACK)) return false;
        state.clear();
        for (int i = 0; i < packet.chunkCount(); i++) {
            int type = packet.type(i);
            int first = SctpTransitions.next(Direction.ORIGINAL, type, NONE);
            if (first == NONE || first == INVALID) return false;
            if (type == SctpChunkView.INIT) {
                if (packet.verificationTag() != 0 || !packet.hasInitiateTag(i)) return false;
                state.tag(Direction.REPLY, packet.initiateTag(i));
            } else if (type == SctpChunkView.HEARTBEAT) {
                state.tag(Direction.ORIGINAL, packet.verificationTag());
            } else {
                // Out of the blue (RFC 9260 §8.4): what answers it reflects the tag.
                state.tag(Direction.REPLY, packet.verificationTag());
            }
        }
        return true;
    }

    /// Takes a packet whose chunks are well bundled.
    ///
    /// @param isNew the packet that [#open] began with
    public void next(SctpState state, SctpPacket packet, int direction, boolean isNew, boolean isAssured, Step step) {
        this.state = state;
        this.packet = packet;
        this.direction = direction;
        this.isUnrefreshed = false;
        step.begin();
        if (wantsPlainTag() && packet.verificationTag() != state.tag(direction)) return;
        int begun = state.state();
        int to = NONE;
        for (int i = 0; i < packet.chunkCount(); i++) {
            Tag tag = checkTag(i);
            if (tag == Tag.PASSED_OVER) continue;
            if (tag == Tag.WRONG) return;
            int from = state.state();
            to = SctpTransitions.next(direction, packet.type(i), from);
            if (to == INVALID || !noteTags(i, from, to, isNew)) return;
            state.state(to);
            if (from != to && to == ESTABLISHED && !isAssured) step.assured();
        }
        if (state.state() != begun) step.newState();
        if (isUnrefreshed) {
            step.pass();
        } else {
            step.accept(settings.ns(SctpConntrackState.timeout(to)));
        }
    }

    /// Chunks with a rule of their own take the whole packet out of the common one.
    private boolean wantsPlainTag() {
        return !packet.has(SctpChunkView.INIT) && !packet.has(SctpChunkView.SHUTDOWN_COMPLETE)
            && !packet.has(SctpChunkView.COOKIE_ECHO) && !packet.has(SctpChunkView.ABORT)
            && !packet.has(SctpChunkView.SHUTDOWN_ACK) && !packet.has(SctpChunkView.HEARTBEAT)
            && !packet.has(SctpChunkView.HEARTBEAT_ACK);
    }

    private Tag checkTag(int chunk) {
        int tag = packet.verificationTag();
        switch (packet.type(chunk)) {
            case SctpChunkView.INIT -> {
                return Tag.rightIf(tag == 0);
            }
            case SctpChunkView.ABORT, SctpChunkView.SHUTDOWN_COMPLETE -> {
                boolean isReflected = (packet.flags(chunk) & TAG_REFLECTED) != 0;
                return Tag.rightIf(tag == state.tag(isReflected ? Direction.other(direction) : direction));
            }
            case SctpChunkView.COOKIE_ECHO -> {
                return Tag.rightIf(tag == state.tag(direction));
            }
            case SctpChunkView.COOKIE_ACK -> {
                state.initiated(Direction.ORIGINAL, false);
                state.initiated(Direction.REPLY, false);
            }
            case SctpChunkView.HEARTBEAT -> {
                return heartbeat(tag);
            }
            case SctpChunkView.HEARTBEAT_ACK -> {
                return Tag.rightIf(heartbeatAnswer(tag));
            }
            default -> { }
        }
        return Tag.RIGHT;
    }

    /// On a further path of a multihomed association the tags are those of the first, which nobody here has seen: the
    /// first heartbeat tells.
    private Tag heartbeat(int tag) {
        if (state.tag(direction) == 0) {
            state.tag(direction, tag);
            return Tag.RIGHT;
        }
        if (tag == state.tag(direction)) {
            state.heartbeatRight();
            return Tag.RIGHT;
        }
        if (packet.has(SctpChunkView.DATA) || isUnrefreshed) return Tag.WRONG;
        state.heartbeatFailed(direction);
        isUnrefreshed = true;
        return Tag.PASSED_OVER;
    }

    private boolean heartbeatAnswer(int tag) {
        if (state.tag(direction) == 0) {
            state.tag(direction, tag);
            return true;
        }
        if (tag == state.tag(direction)) {
            state.heartbeatRight();
            return true;
        }
        boolean isAnswer = state.isHeartbeatFailed() && state.lastDirection() != direction;
        if (packet.has(SctpChunkView.DATA) || isUnrefreshed || !isAnswer) return false;
        state.heartbeatRight();
        state.tag(direction, tag);
        state.tag(Direction.other(direction), 0);
        return true;
    }

    /// Takes over the tag that an INIT or INIT ACK announces; false if it is not there or cannot be.
    private boolean noteTags(int chunk, int from, int to, boolean isNew) {
        int type = packet.type(chunk);
        if (type != SctpChunkView.INIT && type != SctpChunkView.INIT_ACK) return true;
        if (!packet.hasInitiateTag(chunk)) return false;
        int other = Direction.other(direction);
        int tag = packet.initiateTag(chunk);
        boolean bothInitiated = state.isInitiated(direction) && state.isInitiated(other);
        if (type == SctpChunkView.INIT) {
            if (bothInitiated) state.initiated(other, false);
            state.initiated(direction, true);
            state.tag(other, tag);
            // Or whoever uses the ports again keeps the entry alive for ever.
            if (to == CLOSED && from == CLOSED && !isNew) isUnrefreshed = true;
            return true;
        }
        int known = state.tag(other);
        if (!state.isInitiated(other) && known != 0 && known != tag) return false;
        if (bothInitiated && known != tag) return false;
        state.tag(other, tag);
        return true;
    }
}
