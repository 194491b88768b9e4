package io.millrace.control.report;

import io.millrace.nic.port.Port;
import io.millrace.nic.port.PortCounters;

/// What one port counted.
///
/// @param wire      what it is connected to, as configured: `pcap`
/// @param rxPackets taken from the wire, those dropped included
/// @param rxDropped taken from the wire, but not handed on
/// @param txPackets given to the wire
/// @param txDropped taken to be sent, but not given to the wire
/// @param offload   what was merged and cut
public record PortReport(String name, String wire, long rxPackets, long rxBytes, long rxDropped,
                         long txPackets, long txBytes, long txDropped, OffloadReport offload) {

    /// Of a port at which nothing is merged or cut.
    public PortReport(String name, String wire, long rxPackets, long rxBytes, long rxDropped, long txPackets,
                      long txBytes, long txDropped) {
        this(name, wire, rxPackets, rxBytes, rxDropped, txPackets, txBytes, txDropped, OffloadReport.NONE);
    }

    public static PortReport of(Port port, String wire, OffloadReport offload) {
        PortCounters counters = port.counters();
        return new PortReport(port.name(), wire, counters.rxPackets(), counters.rxBytes(), counters.rxDropped(),
            counters.txPackets(), counters.txBytes(), counters.txDropped(), offload);
    }
}
