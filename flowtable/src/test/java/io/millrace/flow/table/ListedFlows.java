package io.millrace.flow.table;

/// Flows in which every field says the same number: a mixture shows.
final class ListedFlows {

    static int add(FlowTable flows, int number) {
        var original = new DirectionSpec().of(4, 17, 0).mtu(1500).source(0, number, 4000).target(0, 7, 53);
        var reply = new DirectionSpec().of(4, 17, 1).mtu(1500).source(0, 7, 53).target(0, number, 4000);
        original.link().through(1, 1, 4, 2).toNeighbour(0, 1, 0);
        reply.link().through(0, 0, 4, 1).toNeighbour(0, 2, 0);
        return flows.add(original, reply, number, true, 0);
    }

    private ListedFlows() {}
}
