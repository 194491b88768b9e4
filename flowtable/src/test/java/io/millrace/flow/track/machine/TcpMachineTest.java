package io.millrace.flow.track.machine;

import io.millrace.testkit.TcpLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/// The tables cell by cell, and conversations segment by segment: what is accepted, ignored, refused, and what remains.
class TcpMachineTest {

    private static final int SYN = TcpLayer.SYN;
    private static final int ACK = TcpLayer.ACK;
    private static final int FIN = TcpLayer.FIN;
    private static final int RST = TcpLayer.RST;
    private static final int CLIENT = Direction.ORIGINAL;
    private static final int SERVER = Direction.REPLY;

    private final TrackSettings settings = new TrackSettings();
    private final TcpMachine machine = new TcpMachine(settings);
    private final TcpState state = new TcpState();
    private final TcpSegment segment = new TcpSegment();
    private final Step step = new Step();
    private boolean hasReply;
    private boolean isAssured;
    private boolean isOpen;

    /// One line for each state, so that the table of the code, one line for each kind of segment, is read crosswise.
    @ParameterizedTest
    @CsvSource({
        "NONE,        SYN_SENT  - - ESTABLISHED - -,             - - - - - -",
        "SYN_SENT,    SYN_SENT  - - - CLOSE -,                   SYN_SENT2 SYN_RECV - ignore CLOSE -",
        "SYN_RECV,    ignore SYN_RECV FIN_WAIT ESTABLISHED CLOSE -, - ignore FIN_WAIT SYN_RECV CLOSE -",
        "ESTABLISHED, ignore - FIN_WAIT ESTABLISHED CLOSE -,     - ignore FIN_WAIT ESTABLISHED CLOSE -",
        "FIN_WAIT,    ignore - LAST_ACK CLOSE_WAIT CLOSE -,      - ignore LAST_ACK CLOSE_WAIT CLOSE -",
        "CLOSE_WAIT,  ignore - LAST_ACK CLOSE_WAIT CLOSE -,      - ignore LAST_ACK CLOSE_WAIT CLOSE -",
        "LAST_ACK,    ignore - LAST_ACK TIME_WAIT CLOSE -,       - ignore LAST_ACK TIME_WAIT CLOSE -",
        "TIME_WAIT,   SYN_SENT - TIME_WAIT TIME_WAIT CLOSE -,    SYN_SENT ignore TIME_WAIT TIME_WAIT CLOSE -",
        "CLOSE,       SYN_SENT - CLOSE CLOSE CLOSE -,            - ignore CLOSE CLOSE CLOSE -",
        "SYN_SENT2,   SYN_SENT2 SYN_RECV - - CLOSE -,            SYN_SENT2 SYN_RECV - ignore CLOSE -",
    })
    void goesFromStateToState(String from, String original, String reply) {
        int number = 0;
        while (!TcpConntrackState.name(number).equals(from)) number++;
        String[][] expected = {original.strip().split(" +"), reply.strip().split(" +")};
        for (int direction = 0; direction < 2; direction++) {
            for (int kind = 0; kind < 6; kind++) {
                int next = TcpTransitions.next(direction, kind, number);
                String name = next == TcpConntrackState.INVALID ? "-"
                    : next == TcpConntrackState.IGNORE ? "ignore" : TcpConntrackState.name(next);
                assertThat(name).as("%s direction %d kind %d", from, direction, kind)
                    .isEqualTo(expected[direction][kind]);
            }
        }
    }

    @Test
    void followsAConversationFromHandshakeToTimeWait() {
        handshake();
        accepted(CLIENT, ACK, 101, 501, 100, "ESTABLISHED");
        accepted(SERVER, ACK, 501, 201, 1000, "ESTABLISHED");
        accepted(CLIENT, FIN | ACK, 201, 1501, 0, "FIN_WAIT");
        accepted(SERVER, ACK, 1501, 202, 0, "CLOSE_WAIT");
        accepted(SERVER, FIN | ACK, 1501, 202, 0, "LAST_ACK");
        accepted(CLIENT, ACK, 202, 1502, 0, "TIME_WAIT");
        assertThat(step.timeoutNs()).isEqualTo(120_000_000_000L);
    }

    @Test
    void becomesAssuredWithTheThirdSegment() {
        accepted(CLIENT, SYN, 100, 0, 0, "SYN_SENT");
        accepted(SERVER, SYN | ACK, 500, 101, 0, "SYN_RECV");
        assertThat(isAssured).isFalse();
        accepted(CLIENT, ACK, 101, 501, 0, "ESTABLISHED");
        assertThat(isAssured).isTrue();
    }

    @Test
    void refusesWhatLiesBeyondTheWindow() {
        handshake();
        take(CLIENT, ACK, 101 + 200_000, 501, 10);
        assertThat(step.outcome()).isEqualTo(Outcome.INVALID);
        take(CLIENT, ACK, 101, 501 + 5_000, 10);
        assertThat(step.outcome()).as("acknowledges what was never sent").isEqualTo(Outcome.INVALID);
    }

    @Test
    void passesOldSegmentsWithoutRefreshing() {
        handshake();
        accepted(CLIENT, ACK, 101, 501, 1000, "ESTABLISHED");
        take(CLIENT, ACK, 101 - 100_000, 501, 10);
        assertThat(step.outcome()).as("below the receiver's window").isEqualTo(Outcome.PASS);
        take(CLIENT, ACK, 1101, 501 - 100_000, 0);
        assertThat(step.outcome()).as("acknowledgement long overtaken").isEqualTo(Outcome.PASS);
    }

    @Test
    void notesTheEndOfASlightOvershoot() {
        handshake();
        take(CLIENT, ACK, 101 + 65_536, 501, 100);
        assertThat(step.outcome()).isEqualTo(Outcome.PASS);
        accepted(SERVER, ACK, 501, 101 + 65_636, 0, "ESTABLISHED");
    }

    @Test
    void lettsEverythingThroughInLiberalMode() {
        settings.set(TrackSysctl.TCP_BE_LIBERAL, 1);
        handshake();
        take(CLIENT, ACK, 101 + 1_000_000, 501 + 5_000, 10);
        assertThat(step.outcome()).isEqualTo(Outcome.ACCEPT);
    }

    @Test
    void picksConnectionsUpMidwayUnlessTold() {
        accepted(CLIENT, ACK, 9_000, 7_000, 10, "ESTABLISHED");
        assertThat(step.timeoutNs()).as("unanswered").isEqualTo(300_000_000_000L);
        accepted(SERVER, ACK, 7_000 + 500_000, 9_010, 10, "ESTABLISHED");
        accepted(CLIENT, ACK, 9_010 + 900_000, 7_010, 10, "ESTABLISHED");
        assertThat(isAssured).isTrue();

        settings.set(TrackSysctl.TCP_LOOSE, 0);
        assertThat(machine.open(new TcpState(), segment.header(ACK, 1, 1, 1, 0))).isFalse();
        assertThat(machine.open(new TcpState(), segment.header(SYN, 1, 1, 1, 0))).isTrue();
    }

    @Test
    void believesAResetOnlyAtTheExactNumber() {
        handshake();
        accepted(CLIENT, ACK, 101, 501, 100, "ESTABLISHED");
        accepted(SERVER, ACK, 501, 201, 0, "ESTABLISHED");
        take(SERVER, RST, 400, 0, 0);
        assertThat(step.outcome()).as("before what was acknowledged").isEqualTo(Outcome.INVALID);
        accepted(SERVER, RST, 600, 0, 0, "ESTABLISHED");
        accepted(SERVER, RST, 501, 0, 0, "CLOSE");
        assertThat(step.timeoutNs()).isEqualTo(10_000_000_000L);
    }

    @Test
    void believesAnOldResetWhereTold() {
        settings.set(TrackSysctl.TCP_IGNORE_INVALID_RST, 1);
        handshake();
        take(SERVER, RST, 400, 0, 0);
        assertThat(step.outcome()).isNotEqualTo(Outcome.INVALID);
    }

    @Test
    void endsAtOnceWhenTheFirstAnswerIsAReset() {
        accepted(CLIENT, SYN, 100, 0, 0, "SYN_SENT");
        take(SERVER, RST | ACK, 0, 101, 0);
        assertThat(step.outcome()).isEqualTo(Outcome.END);
    }

    @Test
    void opensFromBothSidesAtOnce() {
        accepted(CLIENT, SYN, 100, 0, 0, "SYN_SENT");
        take(SERVER, SYN, 500, 0, 0);
        assertThat(step.outcome()).as("a SYN renews no timer").isEqualTo(Outcome.PASS);
        assertThat(TcpConntrackState.name(state.state())).isEqualTo("SYN_SENT2");
        accepted(CLIENT, SYN | ACK, 100, 501, 0, "SYN_RECV");
        accepted(SERVER, ACK, 501, 101, 0, "ESTABLISHED");
    }

    @Test
    void beginsAnewWhereASynFollowsTimeWait() {
        followsAConversationFromHandshakeToTimeWait();
        take(CLIENT, SYN, 90_000, 0, 0);
        assertThat(step.outcome()).isEqualTo(Outcome.REPEAT);
    }

    @Test
    void ignoresASynInAConversationUntilItIsAnswered() {
        handshake();
        take(CLIENT, SYN, 90_000, 0, 0);
        assertThat(step.outcome()).isEqualTo(Outcome.PASS);
        assertThat(TcpConntrackState.name(state.state())).isEqualTo("ESTABLISHED");
        accepted(SERVER, SYN | ACK, 70_000, 90_001, 0, "SYN_RECV");
        accepted(CLIENT, ACK, 90_001, 70_001, 0, "ESTABLISHED");
    }

    @Test
    void shortensTheLifeOfWhoOnlyRetransmits() {
        handshake();
        accepted(CLIENT, ACK, 101, 501, 0, "ESTABLISHED");
        assertThat(step.timeoutNs()).isEqualTo(432_000_000_000_000L);
        for (int i = 0; i < 3; i++) accepted(CLIENT, ACK, 101, 501, 0, "ESTABLISHED");
        assertThat(step.timeoutNs()).as("three times the same").isEqualTo(300_000_000_000L);
    }

    @Test
    void scalesWindowsOnlyIfBothSidesDo() {
        segment.header(SYN, 100, 0, 1000, 0).scale(7);
        take(CLIENT);
        assertThat(state.side(CLIENT).scale()).isEqualTo(7);
        segment.header(SYN | ACK, 500, 101, 1000, 0).sackPermitted();
        take(SERVER);
        assertThat(state.side(CLIENT).scale()).as("the answer does not scale").isZero();
    }

    @Test
    void keepsItsStateInSixtyFourBytes() {
        handshake();
        var memory = java.lang.foreign.MemorySegment.ofArray(new byte[TcpState.BYTES]);
        state.store(memory, 0);
        TcpState loaded = new TcpState().load(memory, 0);
        var copy = java.lang.foreign.MemorySegment.ofArray(new byte[TcpState.BYTES]);
        loaded.store(copy, 0);
        assertThat(copy.mismatch(memory)).isEqualTo(-1);
        assertThat(loaded.side(SERVER).windowMax()).isEqualTo(65_535);
        assertThat(TcpState.stateAt(memory, 0)).isEqualTo(TcpConntrackState.ESTABLISHED);
    }

    private void handshake() {
        accepted(CLIENT, SYN, 100, 0, 0, "SYN_SENT");
        accepted(SERVER, SYN | ACK, 500, 101, 0, "SYN_RECV");
        accepted(CLIENT, ACK, 101, 501, 0, "ESTABLISHED");
    }

    private void accepted(int direction, int flags, int sequence, int acknowledgement, int payloadBytes, String after) {
        take(direction, flags, sequence, acknowledgement, payloadBytes);
        assertThat(step.outcome()).isEqualTo(Outcome.ACCEPT);
        assertThat(TcpConntrackState.name(state.state())).isEqualTo(after);
    }

    private void take(int direction, int flags, int sequence, int acknowledgement, int payloadBytes) {
        segment.header(flags, sequence, acknowledgement, 65_535, payloadBytes);
        take(direction);
    }

    private void take(int direction) {
        if (!isOpen) assertThat(machine.open(state, segment)).isTrue();
        isOpen = true;
        machine.next(state, segment, direction, hasReply, isAssured, step);
        if (step.outcome() != Outcome.INVALID) hasReply |= direction == SERVER;
        isAssured |= step.isAssured();
    }
}
