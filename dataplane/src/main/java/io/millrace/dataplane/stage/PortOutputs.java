package io.millrace.dataplane.stage;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.account.PacketWatch;
import io.millrace.dataplane.config.OffloadConfig;
import io.millrace.dataplane.hook.PortFilters;
import io.millrace.dataplane.output.Transmitter;
import io.millrace.nic.port.Port;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

import java.util.List;

/// Gathers packets by the port they leave through and transmits them in bursts. What a port has no room for is dropped
/// as `TX_FULL`. Where ports give packets with something left to do, it is done here unless the port they leave through
/// does it. One worker's; transmits through the queue given at construction.
public final class PortOutputs implements Transmitter {

    private final Port[] ports;
    private final Burst[] waiting;
    private final int queue;
    private final PacketPool pool;
    private final Ledger ledger;
    private final PortCapabilities[] capabilities;
    private final List<OffloadConfig> offloads;
    private boolean needsHelp;
    private final TransmitHelp help;
    private final long[] cutCounts;    // by port: super-packets that were cut here
    private final long[] partCounts;   // and into how many
    private PacketWatch watch;
    private PortFilters filters;

    /// @param offloads of the ports: whether packets are merged at one, and which take super-packets
    /// @param seed     of numbers that segments need
    public PortOutputs(Port[] ports, List<OffloadConfig> offloads, int queue, PacketPool pool, Ledger ledger,
                       long seed) {
        this.ports = ports.clone();
        this.capabilities = new PortCapabilities[ports.length];
        this.offloads = List.copyOf(offloads);
        portsChanged();
        this.help = new TransmitHelp(pool, ledger, seed);
        this.cutCounts = new long[ports.length];
        this.partCounts = new long[ports.length];
        this.waiting = new Burst[ports.length];
        for (int i = 0; i < ports.length; i++) {
            waiting[i] = new Burst();
        }
        this.queue = queue;
        this.pool = pool;
        this.ledger = ledger;
    }

    /// Asks the ports again what they can do. Once packets came with something left to do, more of them may be on their
    /// way, so help stays.
    public void portsChanged() {
        for (int i = 0; i < ports.length; i++) {
            capabilities[i] = ports[i].capabilities();
            if (!offloads.get(i).cutsLate()) capabilities[i] = capabilities[i].withoutSegmentation();
            needsHelp |= capabilities[i].givesUndone() || offloads.get(i).merges();
        }
    }

    /// From now on packets come with something left to do.
    public void expectUndone() {
        needsHelp = true;
    }

    /// Who is told of each burst before a port is offered it, or null.
    public void watch(PacketWatch watcher) {
        watch = watcher;
    }

    /// What packets pass on their way out, or null while no port has filters there.
    public void filters(PortFilters egress) {
        filters = egress;
    }

    /// The packet leaves through this port, at the latest at [#flush]. It is the port's from here on.
    @Override
    public void add(int packet, int portIndex, long nowNs) {
        if (filters != null && !filters.passesEgress(packet, portIndex, nowNs)) return;
        if (needsHelp && help.isUndone(packet)) {
            int partCount = help.help(packet, capabilities[portIndex]);
            if (partCount > 1) {
                cutCounts[portIndex]++;
                partCounts[portIndex] += partCount;
            }
            for (int i = 0; i < partCount; i++) append(help.part(i), portIndex, nowNs);
        } else {
            append(packet, portIndex, nowNs);
        }
    }

    private void append(int packet, int portIndex, long nowNs) {
        Burst burst = waiting[portIndex];
        if (burst.room() == 0) transmit(portIndex, burst, nowNs);
        burst.add(packet);
    }

    /// Super-packets that were cut here for a port.
    public long cutPackets(int portIndex)  { return cutCounts[portIndex]; }
    /// What they were cut into.
    public long cutSegments(int portIndex) { return partCounts[portIndex]; }

    /// Every packet of the burst leaves through this port; the burst is empty afterwards.
    public void addAll(Burst burst, int portIndex, long nowNs) {
        if (needsHelp || filters != null) {
            for (int i = 0; i < burst.count(); i++) add(burst.packet(i), portIndex, nowNs);
            burst.clear();
            return;
        }
        Burst before = waiting[portIndex];
        if (before.count() > 0) transmit(portIndex, before, nowNs);
        transmit(portIndex, burst, nowNs);
    }

    /// Transmits all that has gathered.
    public void flush(long nowNs) {
        for (int i = 0; i < waiting.length; i++) {
            if (waiting[i].count() > 0) transmit(i, waiting[i], nowNs);
        }
    }

    private void transmit(int portIndex, Burst burst, long nowNs) {
        if (watch != null) watch.transmitting(portIndex, burst, nowNs);
        int offeredCount = burst.count();
        int takenCount = ports[portIndex].transmit(queue, burst, pool, nowNs);
        ledger.sent(takenCount);
        if (takenCount < offeredCount) {
            burst.removeFirst(takenCount);
            ledger.dropAll(burst, Verdict.TX_FULL);
        }
        burst.clear();
    }
}
