package io.millrace.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// What tshark said about one frame. Columns are named as tshark names its fields.
public final class TsharkRow {

    private final Map<String, Integer> columns;
    private final String line;

    TsharkRow(Map<String, Integer> columns, String line) {
        this.columns = columns;
        this.line = line;
    }

    public Set<String> columns() {
        return columns.keySet();
    }

    /// Counts from 1.
    public int frame() {
        return Integer.parseInt(text("frame"));
    }

    /// The cell as it stands: empty if the field does not occur in the frame.
    public String text(String column) {
        Integer index = columns.get(column);
        if (index == null) throw new IllegalArgumentException("columns are " + columns.keySet() + ", got " + column);
        return line.split("\t", -1)[index];
    }

    public boolean has(String column) {
        return !text(column).isEmpty();
    }

    /// Every occurrence, outermost first.
    public List<String> values(String column) {
        String text = text(column);
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(",", -1));
    }

    /// Every occurrence as a number, which tshark writes in decimal or, with `0x`, in hexadecimal.
    public List<Long> numbers(String column) {
        return values(column).stream().map(TsharkRow::number).toList();
    }

    /// The outermost occurrence.
    public OptionalLong first(String column) {
        List<Long> numbers = numbers(column);
        return numbers.isEmpty() ? OptionalLong.empty() : OptionalLong.of(numbers.getFirst());
    }

    /// The names of `frame.protocols`.
    public List<String> protocols() {
        return List.of(text("frame.protocols").split(":"));
    }

    @Override
    public String toString() {
        return line;
    }

    private static long number(String value) {
        return value.startsWith("0x") ? Long.parseLong(value.substring(2), 16) : Long.parseLong(value);
    }
}
