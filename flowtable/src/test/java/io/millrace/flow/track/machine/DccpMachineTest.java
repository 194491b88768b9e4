package io.millrace.flow.track.machine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/// Connections packet by packet.
class DccpMachineTest {

    private final DccpMachine machine = new DccpMachine(new TrackSettings());
    private final DccpState state = new DccpState();
    private final Step step = new Step();
    private boolean hasReply;

    /// The columns of the table: what each kind makes of a state; client first. 8 is ignore, 9 invalid.
    @ParameterizedTest
    @CsvSource({
        "0, 1 9 9 9 9 9 9 9 9 9, 9 9 9 9 9 9 9 9 9 9",
        "1, 1 8 9 9 9 9 9 7 8 8, 8 2 9 9 9 9 9 7 8 8",
        "2, 2 8 9 3 3 9 9 7 8 8, 8 2 9 9 9 9 9 7 8 8",
        "3, 8 8 9 3 3 9 6 7 8 8, 8 8 4 4 4 5 6 7 8 8",
        "4, 8 8 4 4 4 9 6 7 8 8, 8 8 4 4 4 5 6 7 8 8",
        "5, 8 8 5 5 5 9 6 7 8 8, 8 8 9 9 9 5 9 7 8 8",
        "6, 8 8 6 6 6 9 9 7 8 8, 8 8 6 6 6 5 6 7 8 8",
        "7, 1 9 9 9 9 9 9 8 8 8, 1 9 9 9 9 9 9 7 8 8",
    })
    void goesFromStateToState(int from, String client, String server) {
        for (int kind = 0; kind < DccpKind.COUNT; kind++) {
            assertThat(DccpTransitions.next(true, kind, from)).as("client kind %d", kind)
                .isEqualTo(Integer.parseInt(client.split(" ")[kind]));
            assertThat(DccpTransitions.next(false, kind, from)).as("server kind %d", kind)
                .isEqualTo(Integer.parseInt(server.split(" ")[kind]));
        }
    }

    @Test
    void followsAConnectionFromRequestToReset() {
        assertThat(machine.open(state, DccpKind.REQUEST)).isTrue();
        accepted(DccpKind.REQUEST, 1, 0, Direction.ORIGINAL, DccpConntrackState.REQUEST);
        accepted(DccpKind.RESPONSE, 77, 1, Direction.REPLY, DccpConntrackState.RESPOND);
        accepted(DccpKind.ACK, 2, 77, Direction.ORIGINAL, DccpConntrackState.PARTOPEN);
        assertThat(step.isAssured()).isTrue();
        accepted(DccpKind.DATA, 78, 0, Direction.REPLY, DccpConntrackState.OPEN);
        accepted(DccpKind.CLOSE, 3, 78, Direction.ORIGINAL, DccpConntrackState.CLOSING);
        accepted(DccpKind.RESET, 79, 3, Direction.REPLY, DccpConntrackState.TIMEWAIT);
        accepted(DccpKind.REQUEST, 5, 0, Direction.REPLY, DccpConntrackState.REQUEST);
        accepted(DccpKind.RESPONSE, 6, 5, Direction.ORIGINAL, DccpConntrackState.RESPOND);
    }

    @Test
    void beginsWithARequestOnly() {
        for (int kind = 1; kind < DccpKind.COUNT; kind++) {
            assertThat(machine.open(new DccpState(), kind)).as("kind %d", kind).isFalse();
        }
    }

    @Test
    void endsAtOnceWhenTheFirstAnswerIsAReset() {
        machine.open(state, DccpKind.REQUEST);
        accepted(DccpKind.REQUEST, 1, 0, Direction.ORIGINAL, DccpConntrackState.REQUEST);
        machine.next(state, DccpKind.RESET, 1, 1, Direction.REPLY, false, false, step);
        assertThat(step.outcome()).isEqualTo(Outcome.END);
    }

    private void accepted(int kind, long sequence, long acknowledgement, int direction, int after) {
        machine.next(state, kind, sequence, acknowledgement, direction, hasReply, false, step);
        hasReply |= direction == Direction.REPLY;
        assertThat(step.outcome()).isEqualTo(Outcome.ACCEPT);
        assertThat(state.state()).isEqualTo(after);
    }
}
