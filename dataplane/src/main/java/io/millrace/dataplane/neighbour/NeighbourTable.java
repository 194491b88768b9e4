package io.millrace.dataplane.neighbour;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.output.Output;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.PppoeView;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

import static io.millrace.dataplane.neighbour.NeighbourState.CONNECTED;
import static io.millrace.dataplane.neighbour.NeighbourState.FAILED;
import static io.millrace.dataplane.neighbour.NeighbourState.NOARP;
import static io.millrace.dataplane.neighbour.NeighbourState.PERMANENT;
import static io.millrace.dataplane.neighbour.NeighbourState.REACHABLE;
import static io.millrace.dataplane.neighbour.NeighbourState.STALE;
import static io.millrace.dataplane.neighbour.NeighbourState.VALID;

/// The neighbours of all interfaces, IPv4 and IPv6, off heap, and the packets that wait for their MAC addresses. A
/// neighbour is named by the number of its entry.
///
/// A packet on its way: find its entry ([#resolve4], [#resolve6], or [NextHopNeighbours]), then if [#use] says yes
/// [#writeLinkHeader] and send, else [#enqueue].
///
/// An entry's number means the same neighbour until the entry is thrown out. That happens only inside `resolve…`,
/// [#expire] and the operator's changes, and never to one that is [held][#hold]. Who keeps a number longer holds it.
///
/// Touched by one worker. Packets that wait belong to the table and count as held in the ledger. No call but those of
/// the operator allocates.
public final class NeighbourTable {

    public static final int NONE = -1;

    /// Entries beside those that `gc_thresh3` allows: what an operator adds for good.
    static final int PERMANENT_MAX = 4096;

    private static final long UNKNOWN_MAC = 0;
    private static final int PPP_PROTOCOL_BYTES = 2;
    private static final int BROADCAST_LENGTH_MAX = 30;   // RFC 3021: a /31 has none

    private final PacketMeta meta;
    private final MemorySegment memory;
    private final PppoeView pppoe;
    private final NeighbourEntries entries;
    private final NeighbourLinks links;
    private final NeighbourStore store;
    private final NeighbourStates states;
    private final WaitingPackets waiting;
    private Interface[] interfaces = {};   // by index, with holes

    /// @param packets of the packets that wait and are sent
    /// @param random  seeded; draws the hash key and how long an answer is trusted
    public NeighbourTable(Arena arena, PacketMemory packets, Ledger ledger, List<Interface> interfaces,
                          NeighbourSettings ipv4, NeighbourSettings ipv6, RandomGenerator random) {
        this.meta = new PacketMeta(packets);
        this.memory = packets.segment();
        this.pppoe = new PppoeView(packets);
        int entryCount = Math.addExact(Math.addExact(ipv4.gcThreshold3(), ipv6.gcThreshold3()), PERMANENT_MAX);
        this.entries = new NeighbourEntries(arena, entryCount);
        this.links = new NeighbourLinks(entries.memory());
        this.store = new NeighbourStore(entries, random);
        this.waiting = new WaitingPackets(entries, packets);
        this.states = new NeighbourStates(entries, store, waiting, ledger, ipv4, ipv6, random);
        this.interfaces = byIndex(interfaces);
    }

    /// Where packets go that have waited: out by `output.toNeighbour`, or to `unresolved` and then dropped.
    public void connect(Output output, Unresolved unresolved) {
        states.connect(output, unresolved);
    }

    /// Who hears of every change of a neighbour's state or address, or null.
    public void watch(NeighbourWatch watcher) {
        states.watch(watcher);
    }

    /// Takes other settings; timers that run keep their time. The table keeps its size.
    public void apply(NeighbourSettings ipv4, NeighbourSettings ipv6) {
        states.apply(ipv4, ipv6);
    }

    /// Who asks for neighbours of the family.
    void solicitor(int family, Solicitor solicitor) {
        states.solicitor(family, solicitor);
    }

    /// The entry of an address on the link of the interface, or `NONE`.
    public int find4(int interfaceIndex, int address) {
        return store.find(4, interfaceIndex, 0, Integer.toUnsignedLong(address));
    }

    public int find6(int interfaceIndex, long high, long low) {
        return store.find(6, interfaceIndex, high, low);
    }

    /// The entry, made if need be; `NONE` if the table is full (the packet then ends as `NEIGHBOUR_TABLE_FULL`).
    /// Multicast and broadcast addresses have their MAC address at once.
    ///
    /// Beyond a point-to-point link there is one neighbour whatever the address (Linux: `INADDR_ANY`), its other end.
    public int resolve4(int interfaceIndex, int address, long nowNs) {
        if (interfaces[interfaceIndex].isPointToPoint()) return peer(4, interfaceIndex, nowNs);
        int known = find4(interfaceIndex, address);
        return known != NONE ? known : create(4, interfaceIndex, 0, Integer.toUnsignedLong(address), nowNs);
    }

    public int resolve6(int interfaceIndex, long high, long low, long nowNs) {
        if (interfaces[interfaceIndex].isPointToPoint()) return peer(6, interfaceIndex, nowNs);
        int known = find6(interfaceIndex, high, low);
        return known != NONE ? known : create(6, interfaceIndex, high, low, nowNs);
    }

    private int peer(int family, int interfaceIndex, long nowNs) {
        int known = store.find(family, interfaceIndex, 0, 0);
        if (known != NONE) return known;
        int entry = create(family, interfaceIndex, 0, 0, nowNs);
        if (entry == NONE) return NONE;
        entries.mac(entry, interfaces[interfaceIndex].peerMac());
        entries.state(entry, NOARP);
        return entry;
    }

    private int create(int family, int interfaceIndex, long high, long low, long nowNs) {
        if (!states.makeRoom(family, nowNs)) return NONE;
        int entry = add(family, interfaceIndex, high, low, nowNs);
        if (entry != NONE) list(entry, nowNs);
        return entry;
    }

    private void list(int entry, long nowNs) {
        store.list(entry);
        states.watch(entry, nowNs);
    }

    private int add(int family, int interfaceIndex, long high, long low, long nowNs) {
        int entry = store.add(family, interfaceIndex, high, low);
        if (entry == NONE) return NONE;
        waiting.begin(entry);
        link(entry, UNKNOWN_MAC);
        states.begin(entry, nowNs);
        boolean isMulticast = family == 4 ? low >>> 28 == 0xe : high >>> 56 == 0xff;
        boolean isBroadcast = family == 4 && isBroadcast(interfaces[interfaceIndex], (int) low);
        if (isMulticast || isBroadcast) {
            entries.mac(entry, isBroadcast ? MulticastMac.BROADCAST : MulticastMac.of(family, low));
            entries.state(entry, NOARP);
        }
        return entry;
    }

    /// True for the limited broadcast address, and for the last address of a subnet that has a broadcast address.
    private static boolean isBroadcast(Interface link, int address) {
        if (address == -1) return true;
        for (int i = 0; i < link.addresses().size(); i++) {
            IpPrefix own = link.addresses().get(i);
            if (own.address().isIpv6() || own.length() > BROADCAST_LENGTH_MAX) continue;
            int hostMask = (int) (0xffff_ffffL >>> own.length());
            if (((int) own.address().low() | hostMask) == address) return true;
        }
        return false;
    }

    /// True if there is a MAC address to send to. Per packet, before [#writeLinkHeader]: using a stale entry starts the
    /// wait for its confirmation.
    public boolean use(int entry, long nowNs) {
        if ((entries.state(entry) & CONNECTED) != 0) return true;
        return states.useUnconfirmed(entry, nowNs);
    }

    public int interfaceIndex(int entry) { return entries.interfaceIndex(entry); }
    public int state(int entry)          { return entries.state(entry); }
    public boolean hasMac(int entry)     { return (entries.state(entry) & VALID) != 0; }
    /// Meaningful where [#hasMac].
    public long mac(int entry)           { return entries.mac(entry); }
    public boolean isRouter(int entry)   { return (entries.flags(entry) & NeighbourEntries.IS_ROUTER) != 0; }
    int address4(int entry)              { return (int) entries.low(entry); }
    long high(int entry)                 { return entries.high(entry); }
    long low(int entry)                  { return entries.low(entry); }

    /// True while the first of several answers wins.
    boolean isLocked(int entry, long nowNs) {
        return states.isLocked(entry, nowNs);
    }

    long ownMac(int interfaceIndex) {
        return interfaces[interfaceIndex].mac();
    }

    boolean forwards6(int interfaceIndex) {
        return interfaces[interfaceIndex].settings().forwardsIpv6();
    }

    /// Puts the Ethernet header and tags of the entry right in front of the IP header at `l3`, and moves `dataAt`,
    /// lengths and offsets to fit. The 24 bytes in front of `l3` are overwritten.
    public void writeLinkHeader(int packet, int entry) {
        int l3 = meta.l3(packet);
        long l3At = meta.frameAt(packet) + l3;
        boolean isIpv4 = Wire.u8(memory, l3At) >>> 4 == 4;
        int session = interfaces[entries.interfaceIndex(entry)].session();
        int headerBytes = session == 0
            ? links.writeHeader(entry, memory, l3At, isIpv4 ? EtherType.IPV4 : EtherType.IPV6)
            : PppoeView.SESSION_HEADER_BYTES + pppoeHeader(packet, entry, l3At, isIpv4, session);
        meta.moveFront(packet, headerBytes - l3);
    }

    /// Writes the PPPoE header in front of `l3At` and the link header in front of that, of which it returns the length.
    private int pppoeHeader(int packet, int entry, long l3At, boolean isIpv4, int session) {
        long at = l3At - PppoeView.SESSION_HEADER_BYTES;
        pppoe.at(at);
        pppoe.code(PppoeView.SESSION);
        pppoe.session(session);
        pppoe.payloadBytes(meta.packetBytes(packet) - meta.l3(packet) + PPP_PROTOCOL_BYTES);
        pppoe.protocol(isIpv4 ? PppoeView.PPP_IPV4 : PppoeView.PPP_IPV6);
        return links.writeHeader(entry, memory, at, EtherType.PPPOE_SESSION);
    }

    /// What a packet asks of the table in the usual case; never another object.
    public NeighbourLinks links() {
        return links;
    }

    /// The packet waits until the entry is resolved, and asks for it if nobody has. Called where [#use] said no.
    /// Counted as held; the table owns the packet.
    public void enqueue(int packet, int entry, long nowNs) {
        states.enqueue(packet, entry, nowNs);
    }

    /// Takes in what a message says about a neighbour (Linux: `neigh_update`).
    ///
    /// @param mac     or `NO_MAC`
    /// @param state   that the message alone would give
    /// @param allowed flags of [NeighbourUpdate]
    /// @param causeNs the time that packets which have waited are written with
    void update(int entry, long mac, int state, int allowed, long causeNs, long nowNs) {
        states.update(entry, mac, state, allowed, causeNs, nowNs);
    }

    /// Timers that are due, at most `budget` of them; returns how many.
    public int expire(long nowNs, int budget) {
        return states.expire(nowNs, budget);
    }

    /// When [#expire] has something to do next; `Long.MAX_VALUE` if never.
    public long nextTimerNs() {
        return states.nextTimerNs();
    }

    /// Keeps the entry from being thrown out until as many [#release]s.
    public void hold(int entry) {
        store.hold(entry);
    }

    public void release(int entry) {
        store.release(entry);
    }

    /// Adds a neighbour that an operator knows, as `ip neigh add … nud STATE`: permanent, noarp, reachable or stale.
    public NeighbourResult add(int interfaceIndex, IpAddress address, long mac, int state, long nowNs) {
        return set(interfaceIndex, address, mac, state, nowNs, false);
    }

    /// As [#add], also where the neighbour is known.
    public NeighbourResult replace(int interfaceIndex, IpAddress address, long mac, int state, long nowNs) {
        return set(interfaceIndex, address, mac, state, nowNs, true);
    }

    private NeighbourResult set(int interfaceIndex, IpAddress address, long mac, int state, long nowNs,
                                boolean replaces) {
        if (!hasInterface(interfaceIndex)) return NeighbourResult.INTERFACE_UNKNOWN;
        boolean isSettable = state == PERMANENT || state == NOARP || state == REACHABLE || state == STALE;
        if (!isSettable) return NeighbourResult.STATE_REFUSED;
        int known = store.find(address.family(), interfaceIndex, address.high(), address.low());
        if (known != NONE && !replaces) return NeighbourResult.EXISTS;
        int entry = known;
        if (entry == NONE) {
            boolean hasRoom = state == PERMANENT || states.makeRoom(address.family(), nowNs);
            entry = hasRoom ? add(address.family(), interfaceIndex, address.high(), address.low(), nowNs) : NONE;
            if (entry == NONE) return NeighbourResult.TABLE_FULL;
            if (state == PERMANENT) {
                entries.state(entry, PERMANENT);   // not subject to the limits
            } else {
                list(entry, nowNs);
            }
        }
        update(entry, mac, state, NeighbourUpdate.OVERRIDE | NeighbourUpdate.ADMIN, nowNs, nowNs);
        return NeighbourResult.DONE;
    }

    /// Removes a neighbour. Packets that wait for it are dropped as if it had not answered. One that a next hop leads
    /// to stays as failed, to be asked for again with the next packet.
    public NeighbourResult remove(int interfaceIndex, IpAddress address, long nowNs) {
        int entry = store.find(address.family(), interfaceIndex, address.high(), address.low());
        if (entry == NONE) return NeighbourResult.NOT_FOUND;
        update(entry, NeighbourUpdate.NO_MAC, FAILED, NeighbourUpdate.ADMIN, nowNs, nowNs);
        if (entries.holds(entry) == 0) forget(entry, Verdict.NEIGHBOUR_UNRESOLVED);
        return NeighbourResult.DONE;
    }

    /// Takes other interfaces. Neighbours of those that are gone go with their waiting packets; no next hop may lead to
    /// them any more ([io.millrace.dataplane.route.RouteTable#interfaces] comes first).
    public void interfaces(List<Interface> changed) {
        interfaces = byIndex(changed);
        for (int entry = 0; entry < entries.entryCount(); entry++) {
            if (entries.family(entry) == 0) continue;
            if (hasInterface(entries.interfaceIndex(entry))) {
                link(entry, entries.mac(entry));
            } else {
                forget(entry, Verdict.NEIGHBOUR_UNRESOLVED);
            }
        }
    }

    /// Drops every packet that waits, as at the end of a run.
    public void dropWaiting(Verdict verdict) {
        for (int entry = 0; entry < entries.entryCount(); entry++) {
            if (entries.family(entry) != 0) states.dropWaiting(entry, verdict);
        }
    }

    /// For how long an answer is trusted at present, drawn anew every five minutes (`ip ntable`: `reachable`).
    public long reachableNs(int family) {
        return states.reachableNs(family);
    }

    /// Neighbours in the table.
    public int count() {
        return store.count();
    }

    /// Every neighbour, in the order of their entries.
    public List<Neighbour> neighbours() {
        List<Neighbour> list = new ArrayList<>();
        for (int entry = 0; entry < entries.entryCount(); entry++) {
            if (entries.family(entry) != 0) list.add(neighbour(entry));
        }
        return list;
    }

    private Neighbour neighbour(int entry) {
        var address = new IpAddress(entries.family(entry), entries.high(entry), entries.low(entry));
        return new Neighbour(address, entries.interfaceIndex(entry), entries.mac(entry), entries.state(entry),
            isRouter(entry), entries.probes(entry), waiting.count(entry), entries.usedNs(entry),
            entries.confirmedNs(entry), entries.updatedNs(entry));
    }

    private void forget(int entry, Verdict verdict) {
        states.dropWaiting(entry, verdict);
        states.stopTimer(entry);
        store.remove(entry);
    }

    private void link(int entry, long mac) {
        Interface owner = interfaces[entries.interfaceIndex(entry)];
        entries.link(entry, owner.linkHeaderBytes(), owner.mac(), owner.outerTag(), owner.innerTag(), mac);
    }

    private boolean hasInterface(int index) {
        return index >= 0 && index < interfaces.length && interfaces[index] != null;
    }

    private static Interface[] byIndex(List<Interface> interfaces) {
        int indexCount = interfaces.stream().mapToInt(Interface::index).max().orElse(-1) + 1;
        Interface[] byIndex = new Interface[indexCount];
        for (Interface each : interfaces) {
            Check.that(byIndex[each.index()] == null, "two interfaces have the index", each.index());
            byIndex[each.index()] = each;
        }
        return byIndex;
    }
}
