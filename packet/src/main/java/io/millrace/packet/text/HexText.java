package io.millrace.packet.text;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.util.HexFormat;

/// Bytes of packet memory in hexadecimal.
final class HexText {

    private static final HexFormat HEX = HexFormat.of();
    private static final int LINE_BYTES = 16;

    /// `4500001c…` without blanks.
    static String bytes(PacketMemory packets, long at, int byteCount) {
        StringBuilder text = new StringBuilder(2 * byteCount);
        for (int i = 0; i < byteCount; i++) {
            HEX.toHexDigits(text, (byte) Wire.u8(packets.segment(), at + i));
        }
        return text.toString();
    }

    /// Lines of sixteen bytes with their offset in front and their ASCII behind, as `tcpdump -X` has them.
    static void appendLines(StringBuilder text, PacketMemory packets, long at, int byteCount) {
        for (int line = 0; line < byteCount; line += LINE_BYTES) {
            int lineBytes = Math.min(LINE_BYTES, byteCount - line);
            StringBuilder ascii = new StringBuilder(LINE_BYTES);
            text.append("\n    0x");
            HEX.toHexDigits(text, (byte) (line >>> 8));
            HEX.toHexDigits(text, (byte) line);
            text.append(": ");
            for (int i = 0; i < LINE_BYTES; i++) {
                if (i % 2 == 0) text.append(' ');
                if (i >= lineBytes) {
                    text.append("  ");
                    continue;
                }
                int value = Wire.u8(packets.segment(), at + line + i);
                HEX.toHexDigits(text, (byte) value);
                ascii.append(value >= ' ' && value <= '~' ? (char) value : '.');
            }
            text.append("  ").append(ascii);
        }
    }

    private HexText() {}
}
