package io.millrace.dataplane.stage;

import io.millrace.dataplane.hook.PortFilters;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.parse.CompiledParser;

/// In front of the router: flower filters at ingress of the ports, behind merging and before every other hook, where
/// Linux has them. While no port has any, a burst costs one test.
public final class FilterStage implements Stage {

    private final Stage next;
    private final PortFilters filters;
    private final PacketMeta meta;
    private final CompiledParser parser;

    /// @param parser finds headers anew behind filters
    public FilterStage(Stage next, PortFilters filters, PacketMemory packets, CompiledParser parser) {
        this.next = next;
        this.filters = filters;
        this.meta = new PacketMeta(packets);
        this.parser = parser;
    }

    @Override
    public String name() {
        return next.name();
    }

    @Override
    public void process(Burst burst, long nowNs) {
        if (filters.hasIngress()) filter(burst, nowNs);
        next.process(burst, nowNs);
    }

    @Override
    public boolean findsHeaders() {
        return !filters.hasAny() && next.findsHeaders();
    }

    private void filter(Burst burst, long nowNs) {
        int keptCount = 0;
        boolean isFiltered = false;
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            int port = meta.port(packet);
            boolean hasFilters = filters.hasIngress(port);
            isFiltered |= hasFilters;
            if (!hasFilters || filters.passesIngress(packet, port, nowNs)) burst.packet(keptCount++, packet);
        }
        burst.truncate(keptCount);
        if (isFiltered) parser.parse(burst);
    }

    @Override
    public void endTurn(long nowNs) {
        next.endTurn(nowNs);
    }

    @Override
    public void releaseHeld() {
        next.releaseHeld();
    }
}
