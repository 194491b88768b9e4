package io.millrace.nic.sim.eswitch;

import io.millrace.nic.sim.account.NicAccount;
import io.millrace.packet.header.EthernetView;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketCopy;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

/// Switching by MAC address, as NICs with virtual functions do in `legacy`.
///
/// ```
///            host (queues of the uplink's port)
///              ▲  │ fromHost
///     fromWire │  ▼
///  uplink ───▶ switch ◀─── VF 0, VF 1 … : what is plugged into them
/// ```
///
/// The addresses of the host and, where they are known, of virtual functions are given; other addresses of virtual
/// functions are learned from what they send. A frame for an address that nobody has goes out by the uplink; if it
/// came in there, to the host. A group's goes to every side but its own; the copies count as created, and where packet
/// memory is exhausted there are fewer. Tags are not looked at. A frame for a station on its own side ends as
/// `NIC_SAME_SIDE`.
///
/// The device's thread alone.
public final class LegacySwitch {

    private static final int UPLINK = 0;
    private static final int HOST = 1;
    private static final int FIRST_VF = 2;   // and the others behind it, as they were plugged in
    private static final int LINK_TYPE_ETHERNET = 1;

    private final SwitchPort[] sides;   // none at HOST
    private final Burst[] leaving;      // by side
    private final PacketMeta meta;
    private final EthernetView ethernet;
    private final PacketCopy copies;
    private final PacketPool pool;
    private final NicAccount account;
    private final MacTable table;
    private int sideCount = FIRST_VF;

    /// @param vfsMax virtual functions that may be plugged
    public LegacySwitch(PacketPool pool, NicAccount account, int vfsMax) {
        this.pool = pool;
        this.account = account;
        this.meta = new PacketMeta(pool.packets());
        this.ethernet = new EthernetView(pool.packets());
        this.copies = new PacketCopy(pool);
        this.sides = new SwitchPort[FIRST_VF + vfsMax];
        this.leaving = new Burst[sides.length];
        for (int i = 0; i < leaving.length; i++) leaving[i] = new Burst();
        this.table = new MacTable(sides.length);
    }

    /// Before the first packet.
    public void uplink(SwitchPort port) {
        sides[UPLINK] = port;
    }

    /// Before the first packet. @param mac that it is known to have, or 0
    public void plug(SwitchPort vf, long mac) {
        if (mac != 0) table.give(mac, sideCount);
        sides[sideCount++] = vf;
    }

    /// An address of the host; before the first packet. False if there are too many.
    public boolean hostHas(long mac) {
        return table.give(mac, HOST);
    }

    public boolean hasVfs() {
        return sideCount > FIRST_VF;
    }

    /// The mode has changed: who is where is to be learned anew.
    public void forgetLearned() {
        table.forgetLearned();
    }

    /// Takes what came from the wire of a side; what stays in the burst is for the host.
    public void fromWire(SwitchPort from, Burst burst, long nowNs) {
        int side = sideOf(from);
        int keptCount = 0;
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            if (goesToHost(packet, side, nowNs)) burst.packet(keptCount++, packet);
        }
        burst.truncate(keptCount);
        flush(nowNs);
    }

    private int sideOf(SwitchPort port) {
        int side = UPLINK;
        while (sides[side] != port) side = side == UPLINK ? FIRST_VF : side + 1;
        return side;
    }

    /// True if it is the host's; else it was taken.
    private boolean goesToHost(int packet, int from, long nowNs) {
        int unknown = from == UPLINK ? HOST : UPLINK;
        if (!isEthernet(packet)) return send(packet, unknown, nowNs);
        ethernet.at(meta.frameAt(packet));
        if (from != UPLINK && !EthernetView.isGroup(ethernet.source())) table.learn(ethernet.source(), from);
        long target = ethernet.target();
        if (EthernetView.isGroup(target)) return flood(packet, from, nowNs);
        int side = table.side(target);
        if (side == from) {
            account.dropReceived(packet, Verdict.NIC_SAME_SIDE);
            return false;
        }
        return send(packet, side == MacTable.UNKNOWN ? unknown : side, nowNs);
    }

    private boolean isEthernet(int packet) {
        return meta.linkType(packet) == LINK_TYPE_ETHERNET && ethernet.isValid(meta.slotBytes(packet));
    }

    /// True if the side is the host.
    private boolean send(int packet, int side, long nowNs) {
        if (side == HOST) return true;
        account.switchOver();
        put(packet, side, nowNs);
        return false;
    }

    private void put(int packet, int side, long nowNs) {
        if (leaving[side].room() == 0) flush(side, nowNs);
        leaving[side].add(packet);
    }

    /// The host has the packet itself, every other side a copy.
    private boolean flood(int packet, int from, long nowNs) {
        for (int side = UPLINK; side < sideCount; side++) {
            if (side != from && side != HOST) copy(packet, side, nowNs);
        }
        return true;
    }

    private void copy(int packet, int side, long nowNs) {
        int copy = copies.of(packet);
        if (copy == PacketMemory.NONE) return;
        account.create();
        send(copy, side, nowNs);
    }

    /// Takes what the host sends by the uplink to virtual functions; what stays in the burst is for the wire.
    public void fromHost(Burst burst, long nowNs) {
        int keptCount = 0;
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            if (goesToUplink(packet, nowNs)) burst.packet(keptCount++, packet);
        }
        burst.truncate(keptCount);
        flush(nowNs);
    }

    private boolean goesToUplink(int packet, long nowNs) {
        if (!isEthernet(packet)) return true;
        long target = ethernet.at(meta.frameAt(packet)).target();
        if (EthernetView.isGroup(target)) {
            for (int side = FIRST_VF; side < sideCount; side++) copy(packet, side, nowNs);
            return true;
        }
        int side = table.side(target);
        if (side < FIRST_VF) return true;
        put(packet, side, nowNs);
        return false;
    }

    private void flush(long nowNs) {
        for (int side = UPLINK; side < sideCount; side++) flush(side, nowNs);
    }

    private void flush(int side, long nowNs) {
        if (leaving[side].count() > 0) sides[side].toWire(leaving[side], nowNs);
    }
}
