package io.millrace.nic.sim.filter;

import io.millrace.flow.flower.FlowerFilter;

import java.util.List;

/// Filters that go and others that come, between the same two packets.
public record FilterChange(List<FilterName> gone, List<Added> added) {

    public record Added(FilterName name, FlowerFilter filter) {}

    public FilterChange {
        gone = List.copyOf(gone);
        added = List.copyOf(added);
    }
}
