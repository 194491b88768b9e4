package io.millrace.flow.flower.nft;

import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.ruleset.Chain;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.Table;

/// A filter that says what a rule says, for one device.
///
/// @param rule null where the filter leads from one chain to the next
public record OffloadedRule(Table table, Chain chain, Rule rule, FlowerFilter filter) {}
