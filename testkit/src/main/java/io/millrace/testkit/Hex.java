package io.millrace.testkit;

import java.util.HexFormat;

/// Bytes as people read them.
public final class Hex {

    private static final int LINE_BYTES = 16;
    private static final int DUMP_BYTES_MAX = 512;
    private static final HexFormat SPACES = HexFormat.ofDelimiter(" ");

    /// Bytes of hexadecimal digits; white space and colons between them do not matter.
    public static byte[] parse(String text) {
        return HexFormat.of().parseHex(text.replaceAll("[\\s:]", ""));
    }

    public static String format(byte... bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /// Sixteen bytes a line, each line with its offset; what is long is cut.
    public static String dump(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int shownBytes = Math.min(bytes.length, DUMP_BYTES_MAX);
        for (int at = 0; at < shownBytes; at += LINE_BYTES) {
            int end = Math.min(at + LINE_BYTES, shownBytes);
            text.append("%04x  %s%n".formatted(at, SPACES.formatHex(bytes, at, end)));
        }
        if (shownBytes < bytes.length) text.append("… ").append(bytes.length).append(" bytes in all\n");
        return text.toString();
    }


    private Hex() {}
}
