package io.millrace.dataplane.neighbour;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.output.Output;
import io.millrace.packet.memory.PacketMemory;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.random.RandomGenerator;

/// The neighbours of all interfaces, IPv4 and IPv6, off heap, with the packets that wait for their link addresses. A
/// neighbour is named by the number of its entry.
public final class NeighbourTable {

    public static final int NONE = -1;

    public NeighbourTable(Arena arena, PacketMemory packets, Ledger ledger, List<Interface> interfaces,
                          NeighbourSettings ipv4, NeighbourSettings ipv6, RandomGenerator random) {
        throw new UnsupportedOperationException();
    }

    /// Where packets go that have waited: out by `output.toNeighbour`, or to `unresolved` and then dropped.
    public void connect(Output output, Unresolved unresolved) {
        throw new UnsupportedOperationException();
    }

    /// The entry of an address on the link of the interface, or `NONE`.
    public int find4(int interfaceIndex, int address) {
        throw new UnsupportedOperationException();
    }

    public int find6(int interfaceIndex, long high, long low) {
        throw new UnsupportedOperationException();
    }

    /// The entry, made if need be; `NONE` if the table is full (the packet ends as `NEIGHBOUR_TABLE_FULL`).
    public int resolve4(int interfaceIndex, int address, long nowNs) {
        throw new UnsupportedOperationException();
    }

    public int resolve6(int interfaceIndex, long high, long low, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /// True if there is a link address to send to. Per packet, before [#writeLinkHeader]: using a stale entry starts
    /// the wait for its confirmation.
    public boolean use(int entry, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /// The link address, 48 bits; 0 while it is not known.
    public long mac(int entry) {
        throw new UnsupportedOperationException();
    }

    public int interfaceIndex(int entry) {
        throw new UnsupportedOperationException();
    }

    /// Puts the Ethernet header and tags of the entry right in front of `l3`, and moves `dataAt`, lengths and offsets to
    /// fit.
    public void writeLinkHeader(int packet, int entry) {
        throw new UnsupportedOperationException();
    }

    /// The packet waits until the entry is resolved, and asks for it if nobody has. Counted as held; the table owns it.
    public void enqueue(int packet, int entry, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /// Timers that are due, at most `budget` of them; returns how many.
    public int expire(long nowNs, int budget) {
        throw new UnsupportedOperationException();
    }

    /// When [#expire] has something to do next; `Long.MAX_VALUE` if never.
    public long nextTimerNs() {
        throw new UnsupportedOperationException();
    }
}
