package io.millrace.packet.parse.graph;

/// A part of a graph that breaks a rule: which member, what is wrong, what is allowed.
///
/// The member is named from the part that refused it, by the names of the representation, such as
/// `metadata/2/field-off`. Readers of documents and images turn it into a place.
public final class GraphException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String member;
    private final String problem;
    private final String allowed;

    public GraphException(String member, String problem, String allowed) {
        super(message(member, problem, allowed));
        this.member = member;
        this.problem = problem;
        this.allowed = allowed;
    }

    private static String message(String member, String problem, String allowed) {
        String place = member.isEmpty() ? problem : member + ": " + problem;
        return allowed.isEmpty() ? place : place + "; allowed: " + allowed;
    }

    /// The same, seen from what holds the part.
    public GraphException under(String holder) {
        return new GraphException(member.isEmpty() ? holder : holder + "/" + member, problem, allowed);
    }

    public String member()  { return member; }
    public String problem() { return problem; }
    /// Empty if `problem` says it.
    public String allowed() { return allowed; }

    static void checkRange(String member, long value, long min, long max) {
        if (value < min || value > max) {
            throw new GraphException(member, value + " is out of range", min + " to " + max);
        }
    }
}
