package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Statement.LogFlag;
import io.millrace.flow.ruleset.Statement.LogLevel;

import java.util.EnumSet;
import java.util.Set;

/// `log` and its options.
record LogReader(Reading reading) {

    private static final int PREFIX_LENGTH_MAX = 127;

    Statement read(NftParser.StatementContext context) {
        String prefix = "";
        LogLevel level = null;
        Set<LogFlag> flags = EnumSet.noneOf(LogFlag.class);
        int group = -1;
        long snapBytes = 0;
        int threshold = 0;
        for (NftParser.LogOptionContext option : context.logOption()) {
            if (option.PREFIX() != null) prefix = prefix(option);
            if (option.GROUP() != null) group = Integer.parseInt(option.NUMBER().getText());
            if (option.SNAPLEN() != null) snapBytes = Long.parseLong(option.NUMBER().getText());
            if (option.QUEUE_THRESHOLD() != null) threshold = Integer.parseInt(option.NUMBER().getText());
            if (option.LEVEL() != null) level = level(option);
            if (option.logFlag() != null) addFlags(option.logFlag(), flags);
        }
        boolean isGrouped = group >= 0 || snapBytes > 0 || threshold > 0;
        if (isGrouped && level != null) {
            throw reading.error("level and group are mutually exclusive", context.LOG());
        }
        if (isGrouped && !flags.isEmpty()) throw reading.error("flags and group are mutually exclusive", context.LOG());
        if (level == LogLevel.AUDIT && (!prefix.isEmpty() || !flags.isEmpty())) {
            throw reading.error("log level audit doesn't support any further options", context.LOG());
        }
        return new Statement.Log(prefix, level == null ? LogLevel.WARN : level, flags,
            isGrouped && group < 0 ? 0 : group,
            snapBytes, threshold);
    }

    private String prefix(NftParser.LogOptionContext option) {
        String prefix = Words.unquoted(option.getChild(1).getText());
        if (prefix.length() > PREFIX_LENGTH_MAX) {
            throw reading.error("log prefix is too long: " + prefix.length() + " characters, at most "
                + PREFIX_LENGTH_MAX, option.getChild(1));
        }
        return prefix;
    }

    private LogLevel level(NftParser.LogOptionContext option) {
        String word = Words.unquoted(option.getChild(1).getText());
        for (LogLevel level : LogLevel.values()) {
            if (level.name().equalsIgnoreCase(word)) return level;
        }
        if (word.equals("warning")) return LogLevel.WARN;
        throw reading.error("invalid log level", option.getChild(1));
    }

    private void addFlags(NftParser.LogFlagContext context, Set<LogFlag> flags) {
        if (context.ETHER() != null) {
            flags.add(LogFlag.ETHER);
        } else if (context.IP() != null) {
            flags.add(LogFlag.IP_OPTIONS);
        } else if (context.TCP() != null) {
            for (NftParser.WordContext word : context.word()) {
                flags.add(switch (word.getText()) {
                    case "sequence" -> LogFlag.TCP_SEQUENCE;
                    case "options" -> LogFlag.TCP_OPTIONS;
                    default -> throw reading.error("syntax error, unexpected string", word);
                });
            }
        } else {
            switch (context.getText()) {
                case "all" -> flags.addAll(EnumSet.allOf(LogFlag.class));
                case "skuid" -> flags.add(LogFlag.SKUID);
                default -> throw reading.error("syntax error, unexpected string", context);
            }
        }
    }
}
