package io.millrace.flow.rules;

/// What the chains of a hook came to for one packet.
public enum RuleVerdict {

    /// It goes on.
    ACCEPTED("accepted by all chains of the hook"),
    /// A rule said `drop`.
    DROPPED("dropped by a rule"),
    /// A chain of policy drop came to its end.
    POLICY_DROPPED("dropped by the policy of a chain"),
    /// A rule said `reject`: dropped, and the sender is told; see [RuleOutcome#rejectKind].
    REJECTED("rejected by a rule"),
    /// A rule said `fwd`: it is sent elsewhere; see [RuleOutcome].
    TAKEN("taken by a rule that forwards it elsewhere"),
    /// A rule said `queue`, and no program takes packets: dropped. With `bypass` the packet goes on instead. See
    /// [RuleOutcome#queue].
    QUEUED("queued by a rule for a program that there is not");

    private final String meaning;

    RuleVerdict(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }

    public boolean isAccepted() {
        return this == ACCEPTED;
    }
}
