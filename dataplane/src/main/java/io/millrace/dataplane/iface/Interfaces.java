package io.millrace.dataplane.iface;

import io.millrace.packet.memory.Check;

import java.util.ArrayList;
import java.util.List;

/// All interfaces of a dataplane, found by number, name, or by the port and tags of a frame. Read and changed by one
/// worker.
public final class Interfaces {

    /// No interface.
    public static final int NONE = -1;

    /// TPID and VLAN id of a tag, without priority and drop eligibility.
    private static final int TAG_MASK = 0xffff0fff;
    private static final int VLAN_ID_MASK = 0xfff;

    private Interface[] all;
    private final int[] untaggedByPort;
    private final int[][] taggedByPort;
    private final int[][] sessionsByPort;

    /// Their indexes must be their places in the list.
    public Interfaces(List<Interface> interfaces, int portCount) {
        this.all = interfaces.toArray(Interface[]::new);
        this.untaggedByPort = new int[portCount];
        this.taggedByPort = new int[portCount][];
        this.sessionsByPort = new int[portCount][];
        for (int port = 0; port < portCount; port++) {
            untaggedByPort[port] = NONE;
            var tagged = new ArrayList<Integer>();
            var sessions = new ArrayList<Integer>();
            for (int i = 0; i < all.length; i++) {
                Check.that(all[i].index() == i, "an interface's index must be its place", all[i].index());
                if (all[i].portIndex() != port) continue;
                if (all[i].isPointToPoint()) {
                    sessions.add(i);
                } else if (all[i].outerTag() == 0) {
                    untaggedByPort[port] = i;
                } else {
                    tagged.add(i);
                }
            }
            taggedByPort[port] = tagged.stream().mapToInt(Integer::intValue).toArray();
            sessionsByPort[port] = sessions.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    /// Takes others with the same numbers, names, ports and tags: their addresses, MTUs and settings may differ.
    public void change(List<Interface> changed) {
        Check.that(changed.size() == all.length, "interfaces come and go with the process alone", changed.size());
        for (int i = 0; i < all.length; i++) {
            Interface next = changed.get(i);
            boolean isSame = next.index() == i && next.name().equals(all[i].name())
                && next.portIndex() == all[i].portIndex() && next.outerTag() == all[i].outerTag()
                && next.innerTag() == all[i].innerTag() && next.mac() == all[i].mac()
                && next.session() == all[i].session() && next.peerMac() == all[i].peerMac();
            Check.that(isSame, "an interface keeps its name, port, tags, session and MAC addresses");
        }
        all = changed.toArray(Interface[]::new);
    }

    public int count() {
        return all.length;
    }

    public Interface get(int index) {
        return all[index];
    }

    public List<Interface> all() {
        return List.of(all);
    }

    /// The interface of that name, or null.
    public Interface find(String name) {
        for (Interface candidate : all) {
            if (candidate.name().equals(name)) return candidate;
        }
        return null;
    }

    /// The interface that untagged frames of a port belong to, or `NONE`.
    public int untagged(int port) {
        return untaggedByPort[port];
    }

    /// By port: the interface that its untagged frames belong to, or `NONE`.
    public int[] untagged() {
        return untaggedByPort.clone();
    }

    /// The interface of a frame with these tags (0 where there is none), or `NONE`. VLAN id 0 is a priority tag: such a
    /// frame belongs to the interface below the tag, as in Linux.
    public int of(int port, int outerTag, int innerTag) {
        if (outerTag == 0) return untaggedByPort[port];
        if ((outerTag & VLAN_ID_MASK) == 0) return innerTag == 0 ? untaggedByPort[port] : of(port, innerTag, 0);
        int outer = outerTag & TAG_MASK;
        int inner = (innerTag & VLAN_ID_MASK) == 0 ? 0 : innerTag & TAG_MASK;
        for (int index : taggedByPort[port]) {
            if (all[index].outerTag() == outer && all[index].innerTag() == inner) return index;
        }
        return NONE;
    }

    /// The interface of a PPPoE session's frame that came by the interface `below` it from that peer, or `NONE`.
    public int ofSession(int below, int session, long peerMac) {
        Interface link = all[below];
        for (int index : sessionsByPort[link.portIndex()]) {
            Interface each = all[index];
            boolean isSession = each.session() == session && each.peerMac() == peerMac;
            if (isSession && each.outerTag() == link.outerTag() && each.innerTag() == link.innerTag()) return index;
        }
        return NONE;
    }
}
