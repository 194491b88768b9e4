package io.millrace.nic.sim.filter;

import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerPlace;

import java.util.List;

/// Filters that go and others that come, between the same two packets.
public record FilterChange(List<FilterName> gone, List<Added> added) {

    /// @param place among the filters of its priority
    public record Added(FilterName name, FlowerFilter filter, FlowerPlace place) {

        /// Behind those that are there.
        public Added(FilterName name, FlowerFilter filter) {
            this(name, filter, FlowerPlace.LAST);
        }
    }

    public FilterChange {
        gone = List.copyOf(gone);
        added = List.copyOf(added);
    }
}
