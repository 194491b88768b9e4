package io.millrace.simulation.world;

import io.millrace.dataplane.neighbour.NeighbourTable;
import io.millrace.packet.address.IpAddress;
import io.millrace.simulation.frame.SeenFrame;
import io.millrace.simulation.journal.Part;
import io.millrace.simulation.journal.Violation;
import io.millrace.simulation.model.ModelLink;

import java.util.HashSet;
import java.util.Set;

/// Knows which MAC address a frame to a next hop may carry: the one that the neighbour table has at this moment. Only
/// where a message about the neighbour comes in the same turn may it be another that the router was told of: the frame
/// may have been written before or after.
final class NeighbourWitness {

    private record Key(int link, IpAddress address) {}

    /// Whether a MAC address was ever told to be the neighbour's.
    interface Hearsay {
        boolean wasTold(int linkIndex, IpAddress address, long mac);
    }

    private final Set<Key> heardThisTurn = new HashSet<>();
    private NeighbourTable table;
    private Hearsay hearsay;

    void connect(NeighbourTable neighbours, Hearsay told) {
        table = neighbours;
        hearsay = told;
    }

    void beginTurn() {
        heardThisTurn.clear();
    }

    /// A message about this neighbour has come in.
    void heard(int linkIndex, IpAddress address) {
        heardThisTurn.add(new Key(linkIndex, address));
    }

    /// The MAC address that the table has; -1 if none.
    long known(ModelLink link, IpAddress address) {
        int entry = address.isIpv4() ? table.find4(link.index(), address.ipv4())
            : table.find6(link.index(), address.high(), address.low());
        return entry == NeighbourTable.NONE || !table.hasMac(entry) ? -1 : table.mac(entry);
    }

    /// A frame that is written now must carry it.
    void check(ModelLink link, IpAddress address, SeenFrame frame, Part part) {
        if (isRight(link, address, frame.targetMac())) return;
        throw new Violation("packets go to the MAC address that the next hop has now", frame + " of " + part
            + String.format("; known is %012x", known(link, address)));
    }

    boolean isRight(ModelLink link, IpAddress address, long mac) {
        if (mac == known(link, address)) return true;
        return heardThisTurn.contains(new Key(link.index(), address)) && hearsay.wasTold(link.index(), address, mac);
    }
}
