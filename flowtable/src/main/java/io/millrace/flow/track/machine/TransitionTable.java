package io.millrace.flow.track.machine;

import java.util.List;

/// Reads a table of transitions that is written as text: a line for each kind of packet, a code for each state, words
/// behind them that say what the line is.
final class TransitionTable {

    /// The numbers of the codes, line after line.
    static byte[] read(String text, List<String> codes, int lineCount, int stateCount) {
        byte[] table = new byte[lineCount * stateCount];
        int at = 0;
        for (String line : text.split("\n")) {
            String[] words = line.split(" +");
            for (int state = 0; state < stateCount; state++) {
                table[at++] = (byte) codes.indexOf(words[state]);
            }
        }
        assert at == table.length : at;
        return table;
    }

    private TransitionTable() {}
}
