package io.millrace.flow.ruleset;

import java.util.List;
import java.util.Optional;

/// Rules in their order. Without a `base` the chain runs when another jumps to it.
public record Chain(String name, long handle, Optional<HookedChain> base, boolean isOffloaded, String comment,
                    List<Rule> rules) {
    public Chain {
        rules = List.copyOf(rules);
    }
}
