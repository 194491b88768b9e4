package io.millrace.control.nft;

import java.util.function.Function;

/// One thing that a commit added, changed or took away, as `nft monitor` tells of it.
///
/// @param text without the line end
/// @param json on one line
public record RulesetEvent(Kind kind, boolean isDeletion, Function<TextListing.Style, String> text,
                           Function<TextListing.Style, String> json) {

    /// What can be listened for.
    public enum Kind { TABLES, CHAINS, SETS, RULES, ELEMENTS, OBJECTS }
}
