package io.millrace.nic.program;

import io.millrace.packet.parse.device.DeviceLimits;
import io.millrace.packet.parse.graph.MatchTable;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// What a device is built for, whatever firmware it boots.
///
/// @param offloads what it can do
/// @param parser   how far it parses
/// @param tables   the most entries a match table of a use can have; none: it has no such table
public record DeviceAbilities(Set<Offload> offloads, DeviceLimits parser, Map<MatchTable.Target, Long> tables) {

    public DeviceAbilities {
        offloads = offloads.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(offloads));
        tables = tables.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(tables));
    }
}
