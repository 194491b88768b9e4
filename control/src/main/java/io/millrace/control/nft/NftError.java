package io.millrace.control.nft;

import java.util.List;

/// Why a command is refused, and where. `related` is a second place or null.
public record NftError(String message, Span place, Span related) {

    /// As `nft` prints it: place and message, the line, `^` under the place and `~` under the related one.
    @Override
    public String toString() {
        var text = new StringBuilder();
        if (!place.source().name().isEmpty()) {
            text.append(place.source().name()).append(':').append(place.line()).append(':').append(place.from())
                .append('-').append(place.to()).append(": ");
        }
        text.append("Error: ").append(message).append('\n');
        String line = place.source().line(place.line());
        text.append(line).append('\n');
        int width = Math.max(place.to(), related == null ? 0 : related.to());
        for (int column = 1; column <= width; column++) text.append(marker(line, column));
        return text.toString();
    }

    private char marker(String line, int column) {
        if (column >= place.from() && column <= place.to()) return '^';
        if (related != null && column >= related.from() && column <= related.to()) return '~';
        return column <= line.length() && line.charAt(column - 1) == '\t' ? '\t' : ' ';
    }

    static String text(List<NftError> errors) {
        return String.join("\n", errors.stream().map(NftError::toString).toList());
    }
}
