package io.millrace.flow.flower.block;

import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.engine.FlowerRule;

import java.util.List;

/// The table of filters that a worker holds packets against. Each call is one change between two bursts.
public interface FlowerSoftware {

    FlowerRule add(FlowerFilter filter);

    /// The new filter has the mask shape of the old one.
    FlowerRule replace(FlowerRule old, FlowerFilter filter);

    void remove(List<FlowerRule> rules);
}
