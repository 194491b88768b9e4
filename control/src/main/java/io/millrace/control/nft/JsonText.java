package io.millrace.control.nft;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// JSON on one line, spaced as `nft` spaces it. Maps, lists, texts, numbers, booleans and null.
final class JsonText {

    static String of(Object value) {
        var text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    /// An object with its members in order; those whose value is missing (null) are left out.
    static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null) object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    /// `{name: null}`.
    static Map<String, Object> flag(String name) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put(name, null);
        return object;
    }

    private static void write(Object value, StringBuilder text) {
        switch (value) {
            case null -> text.append("null");
            case Map<?, ?> map -> {
                text.append('{');
                String comma = "";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    text.append(comma);
                    write(entry.getKey(), text);
                    text.append(": ");
                    write(entry.getValue(), text);
                    comma = ", ";
                }
                text.append('}');
            }
            case List<?> list -> {
                text.append('[');
                String comma = "";
                for (Object item : list) {
                    text.append(comma);
                    write(item, text);
                    comma = ", ";
                }
                text.append(']');
            }
            case String string -> quote(string, text);
            default -> text.append(value);
        }
    }

    private static void quote(String string, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ') {
                        text.append("\\u%04x".formatted((int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private JsonText() {}
}
