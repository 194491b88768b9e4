package io.millrace.dataplane.assembly;

import io.millrace.dataplane.config.InterfaceSysctl;
import io.millrace.dataplane.config.Sysctl;
import io.millrace.dataplane.config.SysctlConfig;
import io.millrace.dataplane.icmp.IcmpSettings;
import io.millrace.dataplane.iface.InterfaceSettings;
import io.millrace.dataplane.neighbour.NeighbourSettings;
import io.millrace.dataplane.reassembly.ReassemblySettings;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;

/// The sysctls, as the parts of the dataplane want them.
final class SysctlReading {

    private static final long NS_PER_MS = 1_000_000L;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    /// What Linux charges a waiting packet of usual size: its `unres_qlen` of 101 is an `unres_qlen_bytes` of 212,992.
    private static final long BYTES_PER_QUEUED_PACKET = NeighbourSettings.IPV4.queueBytesMax() / 101;

    private final SysctlConfig sysctl;

    SysctlReading(SysctlConfig sysctl) {
        this.sysctl = sysctl;
    }

    InterfaceSettings of(String interfaceName) {
        return new InterfaceSettings(
            sysctl.isOn(InterfaceSysctl.IPV4_FORWARDING, interfaceName),
            sysctl.isOn(InterfaceSysctl.IPV6_FORWARDING, interfaceName),
            sysctl.isOn(InterfaceSysctl.SEND_REDIRECTS, interfaceName),
            sysctl.isOn(InterfaceSysctl.ACCEPT_SOURCE_ROUTE, interfaceName),
            sysctl.value(Sysctl.DROP_MARTIANS) != 0);
    }

    IcmpSettings icmp() {
        return IcmpSettings.of(sysctl);
    }

    TrackSettings tracking() {
        var settings = new TrackSettings();
        applyTo(settings);
        return settings;
    }

    void applyTo(TrackSettings settings) {
        for (TrackSysctl each : TrackSysctl.values()) {
            settings.set(each, sysctl.values().getOrDefault(each.key(), (long) each.initial()).intValue());
        }
    }

    ReassemblySettings fragments4() {
        return new ReassemblySettings(sysctl.value(Sysctl.IPFRAG_TIME) * NS_PER_SECOND,
            sysctl.value(Sysctl.IPFRAG_HIGH_THRESH), (int) sysctl.value(Sysctl.IPFRAG_MAX_DIST));
    }

    ReassemblySettings fragments6() {
        return new ReassemblySettings(sysctl.value(Sysctl.FRAG6_TIMEOUT) * NS_PER_SECOND,
            sysctl.value(Sysctl.FRAG6_HIGH_THRESH), ReassemblySettings.LINUX_IPV6.distanceMax());
    }

    NeighbourSettings neighbours4() {
        return neighbours(NeighbourSettings.IPV4, Sysctl.IPV4_BASE_REACHABLE_TIME_MS,
            Sysctl.IPV4_DELAY_FIRST_PROBE_TIME, Sysctl.IPV4_RETRANS_TIME_MS, Sysctl.IPV4_GC_STALE_TIME,
            Sysctl.IPV4_MCAST_SOLICIT, Sysctl.IPV4_UCAST_SOLICIT, Sysctl.IPV4_UNRES_QLEN);
    }

    NeighbourSettings neighbours6() {
        return neighbours(NeighbourSettings.IPV6, Sysctl.IPV6_BASE_REACHABLE_TIME_MS,
            Sysctl.IPV6_DELAY_FIRST_PROBE_TIME, Sysctl.IPV6_RETRANS_TIME_MS, Sysctl.IPV6_GC_STALE_TIME,
            Sysctl.IPV6_MCAST_SOLICIT, Sysctl.IPV6_UCAST_SOLICIT, Sysctl.IPV6_UNRES_QLEN);
    }

    private NeighbourSettings neighbours(NeighbourSettings usual, Sysctl reachableMs, Sysctl delaySeconds,
                                         Sysctl retransmitMs, Sysctl staleSeconds, Sysctl multicastProbes,
                                         Sysctl unicastProbes, Sysctl queuedPackets) {
        return new NeighbourSettings(
            sysctl.value(reachableMs) * NS_PER_MS,
            sysctl.value(delaySeconds) * NS_PER_SECOND,
            sysctl.value(retransmitMs) * NS_PER_MS,
            sysctl.value(staleSeconds) * NS_PER_SECOND,
            usual.lockNs(),
            (int) sysctl.value(multicastProbes),
            (int) sysctl.value(unicastProbes),
            (int) (sysctl.value(queuedPackets) * BYTES_PER_QUEUED_PACKET),
            usual.gcThreshold1(), usual.gcThreshold2(), usual.gcThreshold3());
    }
}
