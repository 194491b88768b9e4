package io.millrace.flow.track.machine;

import java.util.List;

/// The state that follows, by direction, kind of segment and state, as Linux has it (`nf_conntrack_proto_tcp.c`).
final class TcpTransitions {

    private static final int STATES = 10;
    private static final int KINDS = 6;

    /// In the order of [TcpConntrackState]'s numbers; the columns of the table below follow it too.
    private static final List<String> CODES =
        List.of("NO", "SS", "SR", "ES", "FW", "CW", "LA", "TW", "CL", "S2", "iv", "ig");

    private static final byte[] NEXT = table("""
        SS SS ig ig ig ig ig SS SS S2   original SYN
        iv iv SR iv iv iv iv iv iv SR   original SYN+ACK
        iv iv FW FW LA LA LA TW CL iv   original FIN
        ES iv ES ES CW CW TW TW CL iv   original ACK
        iv CL CL CL CL CL CL CL CL CL   original RST
        iv iv iv iv iv iv iv iv iv iv   original, no flag
        iv S2 iv iv iv iv iv SS iv S2   reply SYN
        iv SR ig ig ig ig ig ig ig SR   reply SYN+ACK
        iv iv FW FW LA LA LA TW CL iv   reply FIN
        iv ig SR ES CW CW TW TW CL ig   reply ACK
        iv CL CL CL CL CL CL CL CL CL   reply RST
        iv iv iv iv iv iv iv iv iv iv   reply, no flag
        """);

    /// A state, `INVALID` or `IGNORE`.
    static int next(int direction, int kind, int state) {
        return NEXT[(direction * KINDS + kind) * STATES + state];
    }

    private static byte[] table(String text) {
        byte[] table = new byte[2 * KINDS * STATES];
        int at = 0;
        for (String row : text.split("\n")) {
            String[] words = row.split(" +");
            for (int state = 0; state < STATES; state++) {
                table[at++] = (byte) CODES.indexOf(words[state]);
            }
        }
        assert at == table.length : at;
        return table;
    }

    private TcpTransitions() {}
}
