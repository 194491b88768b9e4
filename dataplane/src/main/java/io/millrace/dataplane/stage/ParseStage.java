package io.millrace.dataplane.stage;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.parse.CompiledParser;

/// Finds the headers of each packet: metadata and the parser's records say afterwards where they lie.
public final class ParseStage implements Stage {

    private final CompiledParser parser;

    public ParseStage(CompiledParser parser) {
        this.parser = parser;
    }

    @Override
    public void process(Burst burst, long nowNs) {
        parser.parse(burst);
    }
}
