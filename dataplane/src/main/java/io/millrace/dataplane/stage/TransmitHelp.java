package io.millrace.dataplane.stage;

import io.millrace.checksum.transmit.ChecksumHelp;
import io.millrace.checksum.transmit.LegacyTransmit;
import io.millrace.dataplane.account.Ledger;
import io.millrace.gso.DeviceSegmentation;
import io.millrace.gso.GsoHelp;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

/// Makes of packets what the port that they leave through can send: cuts super-packets that it does not take, fills in
/// checksums that cannot be left to it. One worker's.
final class TransmitHelp {

    /// Segments of one packet: 64 KB in parts of 32 bytes.
    private static final int SEGMENTS_MAX = 2048;

    private final PacketMeta meta;
    private final Ledger ledger;
    private final GsoHelp gso;
    private final LegacyTransmit checksums;
    private final int[] parts = new int[SEGMENTS_MAX];

    TransmitHelp(PacketPool pool, Ledger ledger, long seed) {
        this.meta = new PacketMeta(pool.packets());
        this.ledger = ledger;
        this.gso = new GsoHelp(pool, seed);
        this.checksums = new LegacyTransmit(pool.packets());
    }

    /// True if something has been left to the port.
    boolean isUndone(int packet) {
        return meta.gsoSize(packet) != 0 || meta.checksumState(packet) == ChecksumState.PARTIAL;
    }

    /// How many packets, each a [#part], are to be given to the port instead of this one: 0 if it had to be dropped.
    int help(int packet, PortCapabilities port) {
        if (meta.gsoSize(packet) == 0) return complete(packet, port);
        boolean isTunnelled = (meta.gsoType(packet) & GsoType.ANY_TUNNEL) != 0;
        DeviceSegmentation device = isTunnelled ? port.tunnelled() : port.plain();
        Verdict verdict = gso.gsoHelp(packet, device, parts);
        if (verdict != Verdict.FORWARD) {
            ledger.drop(packet, verdict);
            return 0;
        }
        ledger.split(gso.count());
        return gso.count();
    }

    int part(int index) {
        return parts[index];
    }

    private int complete(int packet, PortCapabilities port) {
        if (checksums.helpUnlessAble(packet, port.plain().checksums()) != ChecksumHelp.Outcome.DONE) {
            ledger.drop(packet, Verdict.TX_REFUSED);
            return 0;
        }
        parts[0] = packet;
        return 1;
    }
}
