package io.millrace.flow.flower;

/// Where a filter stands among those of its priority, which hardware has to be told: it need not have all of them, nor
/// get them in the order in which software did. Lower numbers come first, equal ones as they came.
///
/// @param shape  of the mask shape among others
/// @param filter of the filter among those with ranges of ports; of others it does not matter
public record FlowerPlace(long shape, long filter) {

    /// Behind all that are there.
    public static final FlowerPlace LAST = new FlowerPlace(Long.MAX_VALUE, Long.MAX_VALUE);
}
