package io.millrace.flow.flower.block;

import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerFlags;
import io.millrace.flow.flower.FlowerMatch;

import java.util.List;

/// A filter as it is asked for. Numbers that are 0 were not given.
///
/// @param verb what is to happen where a filter of this identity is, or is not, there
public record FlowerRequest(Verb verb, int chain, int priority, int protocol, int handle, int classId,
                            FlowerMatch match, List<FlowerAction> actions, FlowerFlags flags) {

    /// `tc filter add`, `replace` and `change`.
    public enum Verb { ADD, REPLACE, CHANGE }
}
