package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftParser;

import org.antlr.v4.runtime.tree.ParseTree;

/// Single words of statements: names, times, sizes; each may be a variable.
record Words(Reading reading) {

    static String unquoted(String text) {
        return text.startsWith("\"") ? text.substring(1, text.length() - 1) : text;
    }

    /// The word that stands here, or that the variable here stands for.
    String text(ParseTree tree) {
        ParseTree inner = tree;
        while (inner.getChildCount() == 1) inner = inner.getChild(0);
        if (!(inner instanceof NftParser.VariableContext context)) return unquoted(tree.getText());
        Scope.Variable variable = reading.variable(context);
        return new Words(reading.at(variable)).text(variable.value());
    }

    long timeMs(NftParser.TimeContext context) {
        String text = text(context);
        long ms = TimeText.parseMs(text);
        if (ms < 0) throw reading.error("Could not parse time '" + text + "'", context);
        return ms;
    }

    /// Bytes in so many of a unit: bytes, kbytes, mbytes.
    long bytes(String number, NftParser.ByteUnitContext unit) {
        return Long.parseLong(number) * unitBytes(unit.getText(), unit);
    }

    long unitBytes(String unit, ParseTree place) {
        return switch (unit) {
            case "bytes" -> 1;
            case "kbytes" -> 1 << 10;
            case "mbytes" -> 1 << 20;
            case "gbytes" -> 1 << 30;
            default -> throw reading.error("Wrong unit format", place);
        };
    }

    long seconds(String unit, ParseTree place) {
        return switch (unit) {
            case "second" -> 1;
            case "minute" -> 60;
            case "hour" -> 3_600;
            case "day" -> 86_400;
            case "week" -> 604_800;
            default -> throw reading.error("Wrong rate format", place);
        };
    }
}
