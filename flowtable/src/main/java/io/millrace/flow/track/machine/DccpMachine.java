package io.millrace.flow.track.machine;

import static io.millrace.flow.track.machine.DccpConntrackState.IGNORE;
import static io.millrace.flow.track.machine.DccpConntrackState.INVALID;
import static io.millrace.flow.track.machine.DccpConntrackState.NONE;
import static io.millrace.flow.track.machine.DccpConntrackState.PARTOPEN;
import static io.millrace.flow.track.machine.DccpConntrackState.REQUEST;
import static io.millrace.flow.track.machine.DccpConntrackState.RESPOND;
import static io.millrace.flow.track.machine.DccpConntrackState.TIMEWAIT;

/// Follows a DCCP connection (RFC 4340) from between its ends, as Linux did (`dccp_packet`).
public final class DccpMachine {

    private final TrackSettings settings;

    public DccpMachine(TrackSettings settings) {
        this.settings = settings;
    }

    /// Begins a connection with a packet of this kind, which [#next] is then asked about. False if none begins with it.
    public boolean open(DccpState state, int kind) {
        if (DccpTransitions.next(true, kind, NONE) == INVALID) return false;
        state.clear();
        return true;
    }

    /// Takes a packet of a kind that is not reserved.
    ///
    /// @param acknowledgement 48 bits, of kinds that carry one
    /// @param hasReply        a packet of the reply direction was seen before this one
    public void next(DccpState state, int kind, long sequence, long acknowledgement, int direction, boolean hasReply,
                     boolean isAssured, Step step) {
        step.begin();
        if (kind == DccpKind.RESET && !hasReply) {
            step.end();
            return;
        }
        boolean isClient = direction == state.client();
        int from = state.state();
        int to = DccpTransitions.next(isClient, kind, from);
        if (to == INVALID) return;
        if (to == IGNORE) {
            boolean answersIgnored = state.lastDirection() != direction && state.lastKind() == DccpKind.REQUEST
                && kind == DccpKind.RESPONSE;
            if (!answersIgnored) {
                state.last(kind, direction);
                step.pass();
                return;
            }
            state.client(Direction.other(direction));
            state.responseSequence(sequence);
            to = RESPOND;
        } else if (to == REQUEST && from == TIMEWAIT && !isClient) {
            state.client(direction);   // opened again from the other side
        } else if (to == RESPOND && from == REQUEST) {
            state.responseSequence(sequence);
        } else if (to == PARTOPEN && from == RESPOND && kind == DccpKind.ACK
            && acknowledgement == state.responseSequence() && !isAssured) {
            step.assured();
        }
        state.last(kind, direction);
        state.state(to);
        if (from != to) step.newState();
        step.accept(settings.ns(DccpConntrackState.timeout(to)));
    }
}
