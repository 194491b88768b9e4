package io.millrace.packet.document;

import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// A value in a document, immutable, with its place.
///
/// The `as…` methods convert or throw a [DocumentException] that shows the place and what is allowed. Integers may be
/// written in decimal, or as `0x` and hex digits, quoted or not (JSON: hex only quoted). In YAML a leading zero is
/// refused, because half of the world reads it as octal.
public final class DocumentNode {

    public enum Kind { OBJECT, ARRAY, TEXT, NUMBER, BOOLEAN, NULL }

    private static final Pattern INTEGER = Pattern.compile("-?(?:[0-9]+|0x[0-9a-fA-F]+)");
    private static final Pattern LEADING_ZERO = Pattern.compile("-?0[0-9]+");
    private static final int SHOWN_TEXT_MAX = 60;

    private final DocumentSource source;
    private final DocumentPlace place;
    private final Kind kind;
    private final String text;
    private final Map<String, DocumentNode> fields;
    private final List<DocumentNode> elements;

    private DocumentNode(DocumentSource source, DocumentPlace place, Kind kind, String text,
            Map<String, DocumentNode> fields, List<DocumentNode> elements) {
        this.source = source;
        this.place = place;
        this.kind = kind;
        this.text = text;
        this.fields = fields;
        this.elements = elements;
    }

    static DocumentNode object(DocumentSource source, DocumentPlace place, Map<String, DocumentNode> fields) {
        return new DocumentNode(source, place, Kind.OBJECT, "", Collections.unmodifiableMap(fields), List.of());
    }

    static DocumentNode array(DocumentSource source, DocumentPlace place, List<DocumentNode> elements) {
        return new DocumentNode(source, place, Kind.ARRAY, "", Map.of(), List.copyOf(elements));
    }

    static DocumentNode scalar(DocumentSource source, DocumentPlace place, Kind kind, String text) {
        return new DocumentNode(source, place, kind, text, Map.of(), List.of());
    }

    public Kind kind()         { return kind; }
    public boolean isObject()  { return kind == Kind.OBJECT; }
    public boolean isArray()   { return kind == Kind.ARRAY; }
    public String sourceName() { return source.name(); }
    public int line()          { return place.line(); }
    public int column()        { return place.column(); }

    /// Where in the tree, such as `ports.lan.addresses[1]`; empty for the root.
    public String path()       { return place.path(); }

    /// This node, if it is an object whose member names are all among `allowed`; a problem for each that is not.
    public DocumentNode object(String... allowed) {
        return object(DocumentKeys.of(allowed));
    }

    public DocumentNode object(DocumentKeys keys) {
        var problems = new DocumentProblems();
        fields().forEach((name, value) -> {
            if (!keys.isAllowed(name)) problems.add(value.keyError(keys.objection(name), keys.list()));
        });
        problems.throwIfAny();
        return this;
    }

    /// Members of this object in the order of the document.
    public Map<String, DocumentNode> fields() {
        if (kind != Kind.OBJECT) throw expected("an object (key: value)");
        return fields;
    }

    /// Elements of this array.
    public List<DocumentNode> elements() {
        if (kind != Kind.ARRAY) throw expected("a list");
        return elements;
    }

    public boolean has(String key) {
        return fields().containsKey(key);
    }

    public Optional<DocumentNode> get(String key) {
        return Optional.ofNullable(fields().get(key));
    }

    public DocumentNode required(String key) {
        return get(key).orElseThrow(() -> error("\"" + key + "\" is missing"));
    }

    /// The text of a scalar: in JSON a string; in YAML any plain or quoted scalar as written, but not nothing.
    public String asString() {
        if (!isText()) throw expected("a text");
        return text;
    }

    private boolean isText() {
        return kind == Kind.TEXT || source.isYaml() && (kind == Kind.NUMBER || kind == Kind.BOOLEAN);
    }

    public boolean asBoolean() {
        if (kind != Kind.BOOLEAN) throw expected("true or false");
        return text.equals("true");
    }

    /// A switch as `ethtool` has it: `on` or `off`; true and false will do.
    public boolean asSwitch() {
        if (kind == Kind.BOOLEAN) return text.equals("true");
        return asOneOf("on", "off").equals("on");
    }

    /// One of the words given, exactly. A plain `null` is a word here, if it is among them.
    public String asOneOf(String... words) {
        List<String> allowed = List.of(words);
        if (kind == Kind.NULL && allowed.contains(text)) return text;
        if (!isText()) throw expected("one of " + String.join(", ", allowed));
        if (allowed.contains(text)) return text;
        throw error("\"" + shortened(text) + "\" is not known" + Spelling.suggestion(text, allowed),
            String.join(", ", allowed));
    }

    public int asInt(int min, int max) {
        return asInteger(BigInteger.valueOf(min), BigInteger.valueOf(max)).intValueExact();
    }

    public long asLong(long min, long max) {
        return asInteger(BigInteger.valueOf(min), BigInteger.valueOf(max)).longValueExact();
    }

    public BigInteger asInteger(BigInteger min, BigInteger max) {
        BigInteger value = integer("a whole number from " + min + " to " + max);
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw error(shortened(text) + " is out of range", "a whole number from " + min + " to " + max);
        }
        return value;
    }

    /// An integer of any size.
    public BigInteger asInteger() {
        return integer("a whole number");
    }

    private BigInteger integer(String wanted) {
        boolean isInteger = (kind == Kind.NUMBER || kind == Kind.TEXT) && INTEGER.matcher(text).matches();
        if (!isInteger) throw expected(wanted);
        if (source.isYaml() && LEADING_ZERO.matcher(text).matches()) {
            throw error("a number with a leading zero, " + shortened(text) + ", could be octal",
                "decimal digits without leading zeros, or 0x and hex digits");
        }
        int hexAt = text.indexOf("0x");
        if (hexAt < 0) return new BigInteger(text);
        BigInteger value = new BigInteger(text.substring(hexAt + 2), 16);
        return hexAt == 0 ? value : value.negate();
    }

    /// The text as `parse` understands it. Its [IllegalArgumentException] becomes an error at this place; what follows
    /// `; allowed: ` in the message is what is allowed.
    public <T> T as(Function<String, T> parse) {
        String word = asString();
        try {
            return parse.apply(word);
        } catch (IllegalArgumentException e) {
            String[] parts = e.getMessage().split("; allowed: ", 2);
            throw error(parts[0], parts.length > 1 ? parts[1] : "");
        }
    }

    /// An error at this value, to be thrown by the caller.
    public DocumentException error(String message) {
        return error(message, "");
    }

    public DocumentException error(String message, String allowed) {
        return source.problem(place.line(), place.column(), located(place.path(), message), allowed);
    }

    /// An error about the document as a whole, without a place.
    public DocumentException documentError(String message) {
        return source.problem(0, 0, message, "");
    }

    /// An error at the member name before this value; at the value if it has none.
    public DocumentException keyError(String message) {
        return keyError(message, "");
    }

    public DocumentException keyError(String message, String allowed) {
        return source.problem(place.keyLine(), place.keyColumn(), located(place.parentPath(), message), allowed);
    }

    /// This member's name stands a second time, there.
    DocumentException duplicateError(String name, int line, int column) {
        return source.problem(line, column, located(place.parentPath(),
            "duplicate key \"" + name + "\", first given in line " + place.keyLine()), "");
    }

    private static String located(String path, String message) {
        return path.isEmpty() ? message : path + ": " + message;
    }

    private DocumentException expected(String what) {
        return error("expected " + what + ", found " + found());
    }

    private String found() {
        return switch (kind) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case NULL -> "nothing";
            case TEXT -> "\"" + shortened(text) + "\"";
            case NUMBER, BOOLEAN -> shortened(text);
        };
    }

    private static String shortened(String text) {
        String line = text.lines().findFirst().orElse("");
        boolean isWhole = line.length() == text.length() && line.length() <= SHOWN_TEXT_MAX;
        return isWhole ? line : line.substring(0, Math.min(line.length(), SHOWN_TEXT_MAX)) + "…";
    }
}
