package io.millrace.flow.ruleset;

/// What becomes of a packet, or which rule is next.
///
/// `accept` ends this base chain, not those of later priority; `drop` is final; `return` goes back to behind the
/// jump, and in a base chain to the policy; `goto` is a jump that leaves nothing to come back to.
public record Verdict(Kind kind, String chain) {
    public static final Verdict ACCEPT = new Verdict(Kind.ACCEPT, "");
    public static final Verdict DROP = new Verdict(Kind.DROP, "");
    public static final Verdict CONTINUE = new Verdict(Kind.CONTINUE, "");
    public static final Verdict RETURN = new Verdict(Kind.RETURN, "");

    public enum Kind {
        ACCEPT("accept"), DROP("drop"), CONTINUE("continue"), RETURN("return"), JUMP("jump"), GOTO("goto");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    public static Verdict jump(String chain) {
        return new Verdict(Kind.JUMP, chain);
    }

    public static Verdict goTo(String chain) {
        return new Verdict(Kind.GOTO, chain);
    }

    /// Does it name a chain?
    public boolean hasChain() {
        return kind == Kind.JUMP || kind == Kind.GOTO;
    }
}
