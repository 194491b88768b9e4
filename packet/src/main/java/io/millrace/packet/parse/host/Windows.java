package io.millrace.packet.parse.host;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Chooses the reads of 1, 2, 4 or 8 bytes that bring in all the fields of a header's fixed part: a register holds
/// several fields as easily as one.
final class Windows {

    private static final int BYTES_MAX = 8;

    /// Bytes of a header, from its first.
    record Span(int offset, int bytes) {

        int end() { return offset + bytes; }

        boolean covers(Span other) {
            return offset <= other.offset && other.end() <= end();
        }
    }

    /// Windows that cover the spans. Each span is 1, 2, 4 or 8 bytes within the first `bytesMin`, and so is each
    /// window.
    static List<Span> covering(List<Span> spans, int bytesMin) {
        List<Span> sorted = new ArrayList<>(spans);
        sorted.sort(Comparator.comparingInt(Span::offset).thenComparingInt(Span::end));
        List<Span> windows = new ArrayList<>();
        int i = 0;
        while (i < sorted.size()) {
            int offset = sorted.get(i).offset();
            int end = sorted.get(i++).end();
            while (i < sorted.size()) {
                int widerEnd = Math.max(end, sorted.get(i).end());
                int bytes = readable(widerEnd - offset);
                if (bytes > BYTES_MAX || bytes > bytesMin) break;
                end = widerEnd;
                i++;
            }
            int bytes = readable(end - offset);
            windows.add(new Span(Math.min(offset, bytesMin - bytes), bytes));
        }
        return windows;
    }

    /// The least power of two that is not less.
    private static int readable(int bytes) {
        int highest = Integer.highestOneBit(bytes);
        return highest == bytes ? bytes : highest << 1;
    }

    private Windows() {}
}
