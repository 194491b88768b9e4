package io.millrace.control.report;

import io.millrace.dataplane.offload.DeviceFault;
import io.millrace.dataplane.offload.OffloadControl;
import io.millrace.dataplane.offload.RemovalCause;

import java.util.EnumMap;
import java.util.Map;

/// What became of flows in NICs.
///
/// @param flowCount  connections in a NIC at the end
/// @param hits       packets that went from wire to wire
/// @param installs   connections that a NIC confirmed
/// @param removals   those taken out again, by cause
/// @param stale      commands that a NIC refused because they named an entry that was no more
/// @param faults     what NICs did wrong, and was made good
/// @param countsLost connections whose last packets in a NIC nobody could read
public record HardwareReport(long flowCount, long hits, long installs, Map<RemovalCause, Long> removals, long stale,
                             Map<DeviceFault, Long> faults, long countsLost) {

    static final HardwareReport NONE = new HardwareReport(0, 0, 0, Map.of(), 0, Map.of(), 0);

    /// @param control of a run that has ended, or null
    static HardwareReport of(OffloadControl control) {
        if (control == null) return NONE;
        var removals = new EnumMap<RemovalCause, Long>(RemovalCause.class);
        for (RemovalCause each : RemovalCause.values()) removals.put(each, control.tally().removals(each));
        var faults = new EnumMap<DeviceFault, Long>(DeviceFault.class);
        for (DeviceFault each : DeviceFault.values()) faults.put(each, control.tally().faults(each));
        return new HardwareReport(control.inHardwareCount(), control.hits(), control.tally().installs(), removals,
            control.staleCount(), faults, control.tally().countsLost());
    }
}
