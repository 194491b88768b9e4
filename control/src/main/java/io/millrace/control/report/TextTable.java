package io.millrace.control.report;

import io.millrace.packet.memory.Check;

import java.util.ArrayList;
import java.util.List;

/// Rows of cells in columns as wide as their widest cell: text to the left, numbers to the right.
public final class TextTable {

    private static final String GAP = "  ";

    private final boolean[] isNumber;
    private final List<String[]> rows = new ArrayList<>();

    /// @param header one cell for each column; `>` before a heading makes a column of numbers
    public TextTable(String... header) {
        isNumber = new boolean[header.length];
        String[] headings = header.clone();
        for (int i = 0; i < header.length; i++) {
            isNumber[i] = header[i].startsWith(">");
            if (isNumber[i]) headings[i] = header[i].substring(1);
        }
        rows.add(headings);
    }

    public void row(String... cells) {
        Check.that(cells.length == isNumber.length, "a row has as many cells as the header", cells.length);
        rows.add(cells.clone());
    }

    public void appendTo(StringBuilder text) {
        int[] widths = new int[isNumber.length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) widths[i] = Math.max(widths[i], row[i].length());
        }
        for (String[] row : rows) {
            int from = text.length();
            for (int i = 0; i < row.length; i++) {
                int padding = widths[i] - row[i].length();
                text.append(i == 0 ? "" : GAP);
                if (isNumber[i]) text.repeat(' ', padding).append(row[i]);
                else text.append(row[i]).repeat(' ', padding);
            }
            int to = text.length();
            while (to > from && text.charAt(to - 1) == ' ') to--;
            text.setLength(to);
            text.append('\n');
        }
    }
}
