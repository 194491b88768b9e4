package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.Statement;

/// Counters, quotas and limits, which stand in rules, in elements and as objects.
record StatefulReader(Reading reading) {

    static final long DEFAULT_BURST_PACKETS = 5;

    Statement read(NftParser.StatefulContext context) {
        if (context.COUNTER() != null) return counter(context.counterBody());
        if (context.QUOTA() != null) return quota(context.quotaBody());
        if (context.LIMIT() != null) return limit(context.limitBody());
        if (context.COUNT() != null) {
            return new Statement.ConnectionCount(Long.parseLong(context.NUMBER().getText()), context.OVER() != null);
        }
        return new Statement.Last();
    }

    /// `context` may be null.
    Statement counter(NftParser.CounterBodyContext context) {
        if (context == null) return new Statement.Counter(0, 0);
        return new Statement.Counter(Long.parseLong(context.NUMBER(0).getText()),
            Long.parseLong(context.NUMBER(1).getText()));
    }

    Statement quota(NftParser.QuotaBodyContext context) {
        var words = new Words(reading);
        long used = context.USED() == null ? 0 : words.bytes(context.NUMBER(1).getText(), context.byteUnit(1));
        return new Statement.Quota(words.bytes(context.NUMBER(0).getText(), context.byteUnit(0)), used,
            context.OVER() != null);
    }

    Statement limit(NftParser.LimitBodyContext context) {
        var words = new Words(reading);
        boolean isOver = context.OVER() != null;
        boolean isOneWord = context.byteRate() != null;
        String[] unit = isOneWord ? context.byteRate().getText().split("/", 2) : new String[0];
        if (isOneWord && unit.length < 2) throw reading.error("Wrong rate format", context.byteRate());
        long seconds = isOneWord ? words.seconds(unit[1], context.byteRate())
            : words.seconds(context.timeUnit().getText(), context.timeUnit());
        boolean isBytes = isOneWord || context.byteUnit(0) != null
            && context.byteUnit(0).getStart().getTokenIndex() < context.SLASH().getSymbol().getTokenIndex();
        if (!isBytes) {
            long burst = context.BURST() == null ? DEFAULT_BURST_PACKETS
                : Long.parseLong(context.NUMBER(1).getText());
            return new Statement.Limit(Long.parseLong(context.NUMBER(0).getText()), seconds, burst, false, isOver);
        }
        long count = Long.parseLong(context.NUMBER(0).getText());
        long rate = count * (isOneWord ? words.unitBytes(unit[0], context.byteRate())
            : words.unitBytes(context.byteUnit(0).getText(), context.byteUnit(0)));
        if (context.BURST() == null) return new Statement.Limit(rate, seconds, 0, true, isOver);
        if (context.PACKETS() != null) throw reading.error("burst of a rate in bytes is in bytes", context);
        long burst = words.bytes(context.NUMBER(1).getText(), context.byteUnit().getLast());
        return new Statement.Limit(rate, seconds, burst, true, isOver);
    }
}
