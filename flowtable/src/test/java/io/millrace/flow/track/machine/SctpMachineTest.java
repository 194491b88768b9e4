package io.millrace.flow.track.machine;

import io.millrace.packet.header.SctpChunkView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/// Associations chunk by chunk, with the verification tags that RFC 9260 §8.5 asks for.
class SctpMachineTest {

    private static final int CLIENT_TAG = 0x11;
    private static final int SERVER_TAG = 0x22;

    private final SctpMachine machine = new SctpMachine(new TrackSettings());
    private final SctpState state = new SctpState();
    private final SctpPacket packet = new SctpPacket();
    private final Step step = new Step();
    private boolean isOpen;

    /// The columns of the table: what each chunk makes of a state, original direction first. Chunks in the order INIT,
    /// INIT ACK, ABORT, SHUTDOWN, SHUTDOWN ACK, ERROR, COOKIE ECHO, COOKIE ACK, SHUTDOWN COMPLETE, HEARTBEAT, its ACK.
    @ParameterizedTest
    @CsvSource({
        "0, 1 1 1 1 7 1 1 1 1 8 1, 9 9 9 9 9 9 9 9 9 9 9",
        "1, 1 1 1 1 1 1 1 1 1 1 1, 1 2 1 1 1 1 1 1 1 1 1",
        "2, 2 2 1 2 2 2 3 2 2 2 2, 2 2 1 2 2 2 3 2 2 2 2",
        "3, 3 3 1 3 3 3 3 4 3 3 3, 3 3 1 3 3 1 3 4 3 3 3",
        "4, 4 4 1 5 4 4 4 4 4 4 4, 4 4 1 6 4 4 4 4 4 4 4",
        "5, 1 5 1 5 7 5 5 5 5 5 5, 5 5 1 5 7 5 5 5 5 5 5",
        "6, 1 6 1 6 7 6 6 6 6 6 6, 6 6 1 6 7 6 6 6 6 6 6",
        "7, 7 7 1 7 7 7 7 7 1 7 7, 7 7 1 7 7 7 7 7 1 7 7",
        "8, 2 1 1 1 7 1 1 1 1 8 8, 9 9 9 9 9 9 9 9 9 8 4",
    })
    void goesFromStateToState(int from, String original, String reply) {
        int[] chunks = {1, 2, 6, 7, 8, 9, 10, 11, 14, 4, 5};
        String[][] expected = {original.split(" "), reply.split(" ")};
        for (int direction = 0; direction < 2; direction++) {
            for (int i = 0; i < chunks.length; i++) {
                assertThat(SctpTransitions.next(direction, chunks[i], from))
                    .as("direction %d chunk %d", direction, chunks[i])
                    .isEqualTo(Integer.parseInt(expected[direction][i]));
            }
            assertThat(SctpTransitions.next(direction, SctpChunkView.DATA, from)).isEqualTo(from);
        }
    }

    @Test
    void followsAnAssociationFromInitToShutdown() {
        establish();
        accepted(0, SERVER_TAG, SctpChunkView.SHUTDOWN, SctpConntrackState.SHUTDOWN_SENT);
        accepted(1, CLIENT_TAG, SctpChunkView.SHUTDOWN_ACK, SctpConntrackState.SHUTDOWN_ACK_SENT);
        accepted(0, SERVER_TAG, SctpChunkView.SHUTDOWN_COMPLETE, SctpConntrackState.CLOSED);
    }

    @Test
    void refusesWrongTags() {
        establish();
        take(0, SERVER_TAG + 1, SctpChunkView.DATA);
        assertThat(step.outcome()).isEqualTo(Outcome.INVALID);
        take(1, SERVER_TAG, SctpChunkView.ABORT);
        assertThat(step.outcome()).as("its own tag, without the T flag").isEqualTo(Outcome.INVALID);
        packet.begin(SERVER_TAG).add(SctpChunkView.ABORT, 1);
        machine.next(state, packet, 1, false, true, step);
        assertThat(step.outcome()).isEqualTo(Outcome.ACCEPT);
        assertThat(state.state()).isEqualTo(SctpConntrackState.CLOSED);
    }

    @Test
    void beginsWithNoChunkThatEndsSomething() {
        for (int chunk : new int[] {SctpChunkView.ABORT, SctpChunkView.SHUTDOWN_COMPLETE, SctpChunkView.COOKIE_ACK,
            SctpChunkView.DATA}) {
            packet.begin(1).add(chunk, 0);
            assertThat(machine.open(new SctpState(), packet)).as("chunk %d", chunk).isFalse();
        }
        packet.begin(7).add(SctpChunkView.HEARTBEAT, 0);
        assertThat(machine.open(state, packet)).isTrue();
    }

    @Test
    void wantsInitAlone() {
        packet.begin(0).add(SctpChunkView.INIT, 0);
        assertThat(packet.isWellBundled()).isTrue();
        packet.add(SctpChunkView.DATA, 0);
        assertThat(packet.isWellBundled()).isFalse();
        packet.begin(1).add(SctpChunkView.DATA, 0);
        packet.add(SctpChunkView.COOKIE_ECHO, 0);
        assertThat(packet.isWellBundled()).isFalse();
        assertThat(packet.begin(1).isWellBundled()).isFalse();
    }

    private void establish() {
        take(0, 0, SctpChunkView.INIT, CLIENT_TAG);
        assertThat(state.state()).isEqualTo(SctpConntrackState.CLOSED);
        take(1, CLIENT_TAG, SctpChunkView.INIT_ACK, SERVER_TAG);
        assertThat(state.state()).isEqualTo(SctpConntrackState.COOKIE_WAIT);
        accepted(0, SERVER_TAG, SctpChunkView.COOKIE_ECHO, SctpConntrackState.COOKIE_ECHOED);
        accepted(1, CLIENT_TAG, SctpChunkView.COOKIE_ACK, SctpConntrackState.ESTABLISHED);
        assertThat(step.isAssured()).isTrue();
        assertThat(step.timeoutNs()).isEqualTo(210_000_000_000L);
    }

    private void accepted(int direction, int tag, int chunk, int after) {
        take(direction, tag, chunk);
        assertThat(step.outcome()).isEqualTo(Outcome.ACCEPT);
        assertThat(state.state()).isEqualTo(after);
    }

    private void take(int direction, int tag, int chunk) {
        packet.begin(tag).add(chunk, 0);
        run(direction);
    }

    private void take(int direction, int tag, int chunk, int initiateTag) {
        packet.begin(tag).add(chunk, 0);
        packet.announce(initiateTag);
        run(direction);
    }

    private void run(int direction) {
        boolean isNew = !isOpen;
        if (isNew) assertThat(machine.open(state, packet)).isTrue();
        isOpen = true;
        machine.next(state, packet, direction, isNew, false, step);
    }
}
