package io.millrace.flow.flower.block;

import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerPlace;
import io.millrace.flow.flower.FlowerRefusal;

/// Hardware that can hold filters of one hook of one port, as the control thread sees it. A filter there has the name
/// `(slot, generation)`: slots are used again, generations are not, so that an answer about an old filter is never
/// taken for one about the new filter of its slot.
public interface FlowerOffload {

    /// Has hardware take the filter and returns once it has, or has refused: null, or the reason with the message for
    /// whoever asked. A filter that is refused leaves nothing behind.
    ///
    /// @param place among those of its priority: that of the filter which it replaces, which is there until [#remove]
    FlowerRefusal add(int slot, int generation, FlowerFilter filter, FlowerPlace place);

    /// Has hardware forget the filter. One that it does not know, by slot or by generation, is none of its business.
    void remove(int slot, int generation);

    /// Fills in what hardware has counted since the filter was added; false, and nothing filled in, where it does not
    /// know the filter.
    boolean statistics(int slot, int generation, HardwareCounts counts);
}
