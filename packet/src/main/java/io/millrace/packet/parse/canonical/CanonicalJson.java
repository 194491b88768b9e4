package io.millrace.packet.parse.canonical;

import java.math.BigInteger;

/// Writes JSON without white space, in the order it is told. Member names and texts are plain ASCII words here, so
/// nothing is ever escaped.
final class CanonicalJson {

    private final StringBuilder text = new StringBuilder();
    private boolean isFirst = true;

    CanonicalJson open()      { return begin('{'); }
    CanonicalJson close()     { return end('}'); }
    CanonicalJson openList()  { return begin('['); }
    CanonicalJson closeList() { return end(']'); }

    CanonicalJson member(String name) {
        separate();
        text.append('"').append(name).append("\":");
        isFirst = true;   // its value follows without a comma
        return this;
    }

    CanonicalJson number(String name, long value)       { return member(name).value(value); }
    CanonicalJson number(String name, BigInteger value) { return member(name).written(value.toString()); }
    CanonicalJson unsigned(String name, long value)     { return member(name).unsignedValue(value); }
    CanonicalJson flag(String name, boolean value)      { return member(name).written(value ? "true" : "false"); }
    CanonicalJson text(String name, String value)       { return member(name).written('"' + value + '"'); }
    CanonicalJson value(long value)                     { return written(Long.toString(value)); }
    CanonicalJson unsignedValue(long value)             { return written(Long.toUnsignedString(value)); }
    CanonicalJson nothing()                             { return written("null"); }

    @Override
    public String toString() {
        return text.toString();
    }

    private CanonicalJson written(String value) {
        separate();
        text.append(value);
        isFirst = false;
        return this;
    }

    private CanonicalJson begin(char bracket) {
        separate();
        text.append(bracket);
        isFirst = true;
        return this;
    }

    private CanonicalJson end(char bracket) {
        text.append(bracket);
        isFirst = false;
        return this;
    }

    private void separate() {
        if (!isFirst) text.append(',');
    }
}
