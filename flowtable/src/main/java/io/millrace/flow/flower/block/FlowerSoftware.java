package io.millrace.flow.flower.block;

import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.engine.FlowerRule;

import java.util.List;

/// The table of filters that a worker holds packets against. Each call is one change between two bursts.
public interface FlowerSoftware {

    /// @param isInHardware hardware has taken the filter
    FlowerRule add(FlowerFilter filter, boolean isInHardware);

    /// The new filter has the mask shape of the old one.
    FlowerRule replace(FlowerRule old, FlowerFilter filter, boolean isInHardware);

    /// Hardware has taken the filters, or lost them.
    void inHardware(List<FlowerRule> rules, boolean yes);

    void remove(List<FlowerRule> rules);
}
