package io.millrace.packet.document;

/// One thing that is wrong in a document. Printed so:
///
/// ```
/// gateway.yaml:7:5: ports.lan: unknown key "adresses", did you mean "addresses"?
///   7 |     adresses: [192.168.1.1/24]
///     |     ^
///   allowed: addresses, mac, mtu, rx, tx, wire
/// ```
///
/// @param sourceName what was read, as the user named it
/// @param line       from 1; 0 if the problem is with the whole document
/// @param column     from 1, in code points
/// @param allowed    what may stand there, or what to do; empty if `message` says it
/// @param sourceLine the text of the line
public record DocumentProblem(
    String sourceName, int line, int column, String message, String allowed, String sourceLine) {

    /// Characters of a source line that are shown; of a longer one the part around the place is.
    private static final int SHOWN_MAX = 110;

    @Override
    public String toString() {
        var text = new StringBuilder(sourceName);
        if (line == 0) {
            text.append(": ").append(message);
        } else {
            text.append(':').append(line).append(':').append(column).append(": ").append(message);
            appendExcerpt(text);
        }
        if (!allowed.isEmpty()) appendAllowed(text.append("\n  allowed:"));
        return text.toString();
    }

    /// A long list goes on in lines below.
    private void appendAllowed(StringBuilder text) {
        int column = 0;
        for (String word : allowed.split(" ")) {
            if (column + word.length() > SHOWN_MAX) {
                text.append("\n          ");
                column = 0;
            }
            text.append(' ').append(word);
            column += word.length() + 1;
        }
    }

    private void appendExcerpt(StringBuilder text) {
        int[] points = sourceLine.codePoints().map(DocumentProblem::printable).toArray();
        int caretAt = Math.min(column - 1, points.length);
        int from = Math.clamp(caretAt - SHOWN_MAX / 2, 0, Math.max(0, points.length - SHOWN_MAX));
        int to = Math.min(points.length, from + SHOWN_MAX);
        String number = Integer.toString(line);
        String cutLeft = from > 0 ? "…" : "";
        text.append("\n  ").append(number).append(" | ").append(cutLeft)
            .append(new String(points, from, to - from)).append(to < points.length ? "…" : "");
        text.append("\n  ").repeat(' ', number.length()).append(" | ").repeat(' ', cutLeft.length());
        for (int i = from; i < caretAt; i++) text.append(points[i] == '\t' ? '\t' : ' ');
        text.append('^');
    }

    /// A document must not send control sequences to the terminal.
    private static int printable(int codePoint) {
        return Character.isISOControl(codePoint) && codePoint != '\t' ? '\uFFFD' : codePoint;
    }
}
