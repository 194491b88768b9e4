package io.millrace.flow.track.machine;

import java.util.List;

/// The state that follows, by role of the sender, type of packet and state, as Linux had it until 6.16, which gave up
/// DCCP (`nf_conntrack_proto_dccp.c`).
final class DccpTransitions {

    private static final int STATES = 8;

    /// In the order of [DccpConntrackState]'s numbers; the columns follow it too.
    private static final List<String> CODES = List.of("NO", "RQ", "RS", "PO", "OP", "CR", "CG", "TW", "ig", "iv");

    private static final byte[] NEXT = table("""
        RQ RQ RS ig ig ig ig RQ   client REQUEST
        iv ig ig ig ig ig ig iv   client RESPONSE
        iv iv iv iv OP CR CG iv   client DATA
        iv iv PO PO OP CR CG iv   client ACK
        iv iv PO PO OP CR CG iv   client DATAACK
        iv iv iv iv iv iv iv iv   client CLOSEREQ
        iv iv iv CG CG CG iv iv   client CLOSE
        iv TW TW TW TW TW TW ig   client RESET
        iv ig ig ig ig ig ig ig   client SYNC
        iv ig ig ig ig ig ig ig   client SYNCACK
        iv ig ig ig ig ig ig RQ   server REQUEST
        iv RS RS ig ig ig ig iv   server RESPONSE
        iv iv iv OP OP iv CG iv   server DATA
        iv iv iv OP OP iv CG iv   server ACK
        iv iv iv OP OP iv CG iv   server DATAACK
        iv iv iv CR CR CR CR iv   server CLOSEREQ
        iv iv iv CG CG iv CG iv   server CLOSE
        iv TW TW TW TW TW TW TW   server RESET
        iv ig ig ig ig ig ig ig   server SYNC
        iv ig ig ig ig ig ig ig   server SYNCACK
        """);

    /// A state, `INVALID` or `IGNORE`.
    static int next(boolean isClient, int kind, int state) {
        return NEXT[((isClient ? 0 : DccpKind.COUNT) + kind) * STATES + state];
    }

    private static byte[] table(String text) {
        byte[] table = new byte[2 * DccpKind.COUNT * STATES];
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

    private DccpTransitions() {}
}
