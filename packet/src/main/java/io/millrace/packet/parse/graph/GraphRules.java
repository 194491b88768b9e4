package io.millrace.packet.parse.graph;

/// Names the element of a list in which a rule was broken.
final class GraphRules {

    static void under(String list, int index, Runnable check) {
        try {
            check.run();
        } catch (GraphException e) {
            throw e.under(list + "/" + index);
        }
    }

    static void under(String member, Runnable check) {
        try {
            check.run();
        } catch (GraphException e) {
            throw e.under(member);
        }
    }

    private GraphRules() {}
}
