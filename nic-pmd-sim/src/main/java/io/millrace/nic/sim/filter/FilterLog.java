package io.millrace.nic.sim.filter;

/// All changes of a device's filters in their order, for one who follows on another thread and has the same filters as
/// the device had at any step. The device appends; steps that the follower has behind it are garbage.
public final class FilterLog {

    private FilterStep first = FilterStep.allGone();
    private volatile FilterStep last = first;

    /// Device.
    void append(FilterStep step) {
        last.next(step);
        last = step;
    }

    /// Any thread: where the device is.
    public FilterStep last() {
        return last;
    }

    /// Follower, once: where the device began, with no filter.
    public FilterStep begin() {
        FilterStep begin = first;
        first = null;
        return begin;
    }
}
