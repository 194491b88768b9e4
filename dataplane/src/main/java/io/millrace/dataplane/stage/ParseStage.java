package io.millrace.dataplane.stage;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.parse.CompiledParser;

/// Finds the headers of each packet: metadata and the parser's records say afterwards where they lie. Does nothing
/// while the stage behind it finds them by itself.
public final class ParseStage implements Stage {

    private final CompiledParser parser;
    private final ParsedBurst parsed;
    private final Stage next;

    public ParseStage(CompiledParser parser, ParsedBurst parsed, Stage next) {
        this.parser = parser;
        this.parsed = parsed;
        this.next = next;
    }

    @Override
    public void process(Burst burst, long nowNs) {
        boolean isToBeParsed = !next.findsHeaders();
        if (isToBeParsed) parser.parse(burst);
        parsed.isAtHand(isToBeParsed);
    }
}
