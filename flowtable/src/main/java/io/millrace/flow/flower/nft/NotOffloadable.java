package io.millrace.flow.flower.nft;

import io.millrace.flow.ruleset.Chain;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Table;

/// A chain with `flags offload` says what flower, or the device, cannot. The ruleset is not to be loaded.
public final class NotOffloadable extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Table table;
    private final transient Chain chain;
    private final transient Rule rule;
    private final transient Statement statement;
    private final String why;

    public NotOffloadable(Table table, Chain chain, Rule rule, Statement statement, String why) {
        super("Could not process rule: Operation not supported");
        this.table = table;
        this.chain = chain;
        this.rule = rule;
        this.statement = statement;
        this.why = why;
    }

    public Table table()         { return table; }
    public Chain chain()         { return chain; }
    /// Null where the chain itself is at fault.
    public Rule rule()           { return rule; }
    /// The statement at fault (that very object), or null.
    public Statement statement() { return statement; }
    /// Where and why, for who has no text to point at.
    public String text() {
        return "ruleset: " + table.family().text() + " " + table.name() + ", chain " + chain.name()
            + (rule == null ? "" : ", rule " + rule.handle()) + " cannot be offloaded: " + why;
    }

    /// In words, for people.
    public String why()          { return why; }
}
