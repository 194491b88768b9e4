package io.millrace.control.config;

/// A ruleset that a config names is wrong: the message is what `nft` would print.
public final class RulesetException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RulesetException(String nftText) {
        super(nftText);
    }
}
