package io.millrace.dataplane.hook;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.account.Origin;
import io.millrace.dataplane.output.Transmitter;
import io.millrace.flow.flower.engine.FlowerCopies;
import io.millrace.flow.flower.engine.FlowerTable;
import io.millrace.flow.flower.engine.FlowerVerdict;
import io.millrace.packet.memory.PacketCopy;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

import java.util.function.Consumer;

/// The flower filters of a worker's ports: at ingress what came in meets them before anything else, at egress what
/// leaves, last of all. A port without filters has no table, and while no port has any nobody asks here.
///
/// Mirrored copies and redirected packets leave by the ports' way out, and meet the filters there; what goes round more
/// than four times is dropped, as in Linux. The worker's, which is told of changes by [#changed].
public final class PortFilters implements FlowerCopies {

    private static final int NEST_MAX = 4;
    private static final int COPIES_MAX = 64;

    private final PacketMemory packets;
    private final PacketMeta meta;
    private final Ledger ledger;
    private final Transmitter out;
    private final PacketCopy copier;
    private final Consumer<PortFilters> egressUser;
    private final Hooks hooks;
    private final FlowerTable[] ingress;
    private final FlowerTable[] egress;
    private final int[] copies = new int[COPIES_MAX];
    private final int[] copyPorts = new int[COPIES_MAX];
    private int copyCount;
    private int depth;
    private boolean hasIngress;
    private boolean hasAny;

    /// @param egressUser who lets packets pass [#passesEgress]: is given this while some port has filters there, else
    ///                   null
    /// @param hooks      has the connections for `ct` actions
    public PortFilters(PacketPool pool, Ledger ledger, Transmitter out, Consumer<PortFilters> egressUser,
                       Hooks hooks, int portCount) {
        this.packets = pool.packets();
        this.meta = new PacketMeta(packets);
        this.ledger = ledger;
        this.out = out;
        this.copier = new PacketCopy(pool);
        this.egressUser = egressUser;
        this.hooks = hooks;
        this.ingress = new FlowerTable[portCount];
        this.egress = new FlowerTable[portCount];
    }

    /// The table of a hook of a port. It is made when it is first asked for.
    public FlowerTable table(int port, boolean isIngress) {
        FlowerTable[] tables = isIngress ? ingress : egress;
        if (tables[port] == null) {
            var tracking = new FilterTracking(packets, hooks, isIngress);
            tables[port] = new FlowerTable(packets, isIngress, false, this, tracking);
        }
        return tables[port];
    }

    /// Filters were added or removed.
    public void changed() {
        hasIngress = hasRules(ingress);
        boolean hasEgress = hasRules(egress);
        hasAny = hasIngress || hasEgress;
        egressUser.accept(hasEgress ? this : null);
    }

    private static boolean hasRules(FlowerTable[] tables) {
        for (FlowerTable table : tables) {
            if (table != null && table.ruleCount() > 0) return true;
        }
        return false;
    }

    /// True while some port has filters.
    public boolean hasAny() {
        return hasAny;
    }

    /// True while some port has filters at ingress.
    public boolean hasIngress() {
        return hasIngress;
    }

    /// True if the port has filters at ingress.
    public boolean hasIngress(int port) {
        return ingress[port] != null && ingress[port].ruleCount() > 0;
    }

    /// True if the port has filters that hardware does not run: its packets must not pass them by.
    public boolean hasSoftwareAlone(int port) {
        return ingress[port] != null && ingress[port].hasSoftwareAlone() || egress[port] != null && egress[port].ruleCount() > 0;
    }

    /// Holds a packet that came by a port against its filters, as far as hardware has not done so. False if it is gone:
    /// dropped or redirected. What the parser found is to be found anew.
    public boolean passesIngress(int packet, int port, long nowNs) {
        int filtered = meta.filtered(packet);
        return filtered == PacketMeta.FILTERED_WHOLLY || passes(ingress[port], packet, port, filtered, nowNs);
    }

    /// Holds a packet that leaves by a port against its filters there. False if it is gone.
    public boolean passesEgress(int packet, int port, long nowNs) {
        FlowerTable table = egress[port];
        if (table == null || table.ruleCount() == 0) return true;
        int before = meta.packetBytes(packet);
        if (!passes(table, packet, port, PacketMeta.FILTERED_NOT, nowNs)) return false;
        moveOffsets(packet, meta.packetBytes(packet) - before);
        return true;
    }

    /// Tags came or went in front of everything that was parsed.
    private void moveOffsets(int packet, int byteCount) {
        if (byteCount == 0) return;
        meta.l3(packet, meta.l3(packet) + byteCount);
        meta.l4(packet, meta.l4(packet) + byteCount);
        meta.payload(packet, meta.payload(packet) + byteCount);
        meta.end(packet, meta.end(packet) + byteCount);
    }

    private boolean passes(FlowerTable table, int packet, int port, int filtered, long nowNs) {
        if (depth == NEST_MAX) {
            ledger.drop(packet, Verdict.FLOWER_LOOPED);
            return false;
        }
        int firstCopy = copyCount;
        FlowerVerdict verdict = filtered == PacketMeta.FILTERED_NOT ? table.classify(packet, port, nowNs)
            : table.classifyFurther(packet, port, filtered, nowNs);
        int target = table.target();
        depth++;
        sendCopies(firstCopy, nowNs);
        boolean isKept = verdict == FlowerVerdict.PASSED;
        switch (verdict) {
            case PASSED -> { }
            case DROPPED -> ledger.drop(packet, Verdict.FLOWER_DROPPED);
            case LOOPED -> ledger.drop(packet, Verdict.FLOWER_LOOPED);
            case TRAPPED -> ledger.drop(packet, Verdict.FLOWER_TRAPPED);
            case REDIRECTED -> out.add(packet, target, nowNs);
        }
        depth--;
        return isKept;
    }

    /// Copies wait until the packet has met all its filters: their tables hold one packet at a time.
    private void sendCopies(int first, long nowNs) {
        int behind = copyCount;
        for (int i = first; i < behind; i++) out.add(copies[i], copyPorts[i], nowNs);
        copyCount = first;
    }

    @Override
    public boolean mirror(int packet, int port) {
        if (copyCount == COPIES_MAX) return false;
        int copy = copier.of(packet);
        if (copy == PacketMemory.NONE) return false;
        ledger.created(Origin.FLOWER_MIRROR);
        copies[copyCount] = copy;
        copyPorts[copyCount++] = port;
        return true;
    }
}
