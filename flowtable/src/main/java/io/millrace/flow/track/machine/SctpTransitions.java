package io.millrace.flow.track.machine;

import io.millrace.packet.header.SctpChunkView;

import java.util.List;

/// The state that follows, by direction, chunk and state, as Linux has it (`nf_conntrack_proto_sctp.c`). A chunk
/// without a row leaves the state as it is.
final class SctpTransitions {

    private static final int STATES = 9;
    private static final int ROWS = 11;
    private static final int NO_ROW = -1;

    /// In the order of [SctpConntrackState]'s numbers; the columns follow it too.
    private static final List<String> CODES = List.of("NO", "CL", "CW", "CE", "ES", "SS", "SR", "SA", "HS", "iv");

    private static final byte[] NEXT = table("""
        CL CL CW CE ES CL CL SA CW   original INIT
        CL CL CW CE ES SS SR SA CL   original INIT ACK
        CL CL CL CL CL CL CL CL CL   original ABORT
        CL CL CW CE SS SS SR SA CL   original SHUTDOWN
        SA CL CW CE ES SA SA SA SA   original SHUTDOWN ACK
        CL CL CW CE ES SS SR SA CL   original ERROR
        CL CL CE CE ES SS SR SA CL   original COOKIE ECHO
        CL CL CW ES ES SS SR SA CL   original COOKIE ACK
        CL CL CW CE ES SS SR CL CL   original SHUTDOWN COMPLETE
        HS CL CW CE ES SS SR SA HS   original HEARTBEAT
        CL CL CW CE ES SS SR SA HS   original HEARTBEAT ACK
        iv CL CW CE ES SS SR SA iv   reply INIT
        iv CW CW CE ES SS SR SA iv   reply INIT ACK
        iv CL CL CL CL CL CL CL iv   reply ABORT
        iv CL CW CE SR SS SR SA iv   reply SHUTDOWN
        iv CL CW CE ES SA SA SA iv   reply SHUTDOWN ACK
        iv CL CW CL ES SS SR SA iv   reply ERROR
        iv CL CE CE ES SS SR SA iv   reply COOKIE ECHO
        iv CL CW ES ES SS SR SA iv   reply COOKIE ACK
        iv CL CW CE ES SS SR CL iv   reply SHUTDOWN COMPLETE
        iv CL CW CE ES SS SR SA HS   reply HEARTBEAT
        iv CL CW CE ES SS SR SA ES   reply HEARTBEAT ACK
        """);

    /// A state, or `INVALID`.
    static int next(int direction, int chunk, int state) {
        int row = row(chunk);
        return row == NO_ROW ? state : NEXT[(direction * ROWS + row) * STATES + state];
    }

    private static int row(int chunk) {
        return switch (chunk) {
            case SctpChunkView.INIT -> 0;
            case SctpChunkView.INIT_ACK -> 1;
            case SctpChunkView.ABORT -> 2;
            case SctpChunkView.SHUTDOWN -> 3;
            case SctpChunkView.SHUTDOWN_ACK -> 4;
            case SctpChunkView.ERROR -> 5;
            case SctpChunkView.COOKIE_ECHO -> 6;
            case SctpChunkView.COOKIE_ACK -> 7;
            case SctpChunkView.SHUTDOWN_COMPLETE -> 8;
            case SctpChunkView.HEARTBEAT -> 9;
            case SctpChunkView.HEARTBEAT_ACK -> 10;
            default -> NO_ROW;
        };
    }

    private static byte[] table(String text) {
        byte[] table = new byte[2 * ROWS * STATES];
        int at = 0;
        for (String line : text.split("\n")) {
            String[] words = line.split(" +");
            for (int state = 0; state < STATES; state++) {
                table[at++] = (byte) CODES.indexOf(words[state]);
            }
        }
        assert at == table.length : at;
        return table;
    }

    private SctpTransitions() {}
}
