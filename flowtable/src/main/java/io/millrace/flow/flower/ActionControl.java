package io.millrace.flow.flower;

import io.millrace.packet.memory.Check;

/// What follows an action: the next one, the next filter, another chain, or the end of classification.
///
/// @param kind  by `tc`'s names
/// @param chain of [Kind#GOTO_CHAIN], else 0
public record ActionControl(Kind kind, int chain) {

    /// Chains have numbers up to here, as in Linux.
    public static final int CHAIN_MAX = (1 << 28) - 1;

    public static final ActionControl PASS = new ActionControl(Kind.PASS, 0);
    public static final ActionControl PIPE = new ActionControl(Kind.PIPE, 0);
    public static final ActionControl DROP = new ActionControl(Kind.DROP, 0);
    public static final ActionControl CONTINUE = new ActionControl(Kind.CONTINUE, 0);
    public static final ActionControl RECLASSIFY = new ActionControl(Kind.RECLASSIFY, 0);
    public static final ActionControl TRAP = new ActionControl(Kind.TRAP, 0);
    public static final ActionControl STOLEN = new ActionControl(Kind.STOLEN, 0);

    /// What can follow.
    public enum Kind {
        /// The packet goes on its way; no further filter.
        PASS("pass"),
        /// The next action of the filter; behind the last one as [#PASS].
        PIPE("pipe"),
        DROP("drop"),
        /// The next filter that matches.
        CONTINUE("continue"),
        /// All filters again, from the first of the chain where classification began.
        RECLASSIFY("reclassify"),
        /// To the host, where hardware has the packet; in software it ends here.
        TRAP("trap"),
        /// The action has taken the packet.
        STOLEN("stolen"),
        GOTO_CHAIN("goto chain");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /// As `tc` writes it.
        public String word() { return word; }
    }

    public ActionControl {
        Check.that(chain >= 0 && chain <= CHAIN_MAX, "chains have numbers up to 2^28 - 1", chain);
        Check.that(kind == Kind.GOTO_CHAIN || chain == 0, "only goto names a chain", chain);
    }

    public static ActionControl gotoChain(int chain) {
        return new ActionControl(Kind.GOTO_CHAIN, chain);
    }

    @Override
    public String toString() {
        return kind == Kind.GOTO_CHAIN ? "goto chain " + chain : kind.word();
    }
}
