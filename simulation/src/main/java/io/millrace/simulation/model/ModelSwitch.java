package io.millrace.simulation.model;

import io.millrace.simulation.frame.SeenFrame;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The switch of a NIC with virtual functions in `legacy`: who was heard of where. Its sides are ports, each with a
/// wire, and [#HOST].
public final class ModelSwitch {

    /// The side of the router itself.
    public static final int HOST = -1;

    private static final long GROUP_BIT = 1L << 40;

    private final int uplink;
    private final List<Integer> functions;
    private final long hostMac;
    private final Map<Long, Integer> heard = new HashMap<>();

    /// @param uplink    port whose wire leads out of the NIC
    /// @param functions ports whose wires are plugged into virtual functions
    public ModelSwitch(int uplink, List<Integer> functions, long hostMac) {
        this.uplink = uplink;
        this.functions = List.copyOf(functions);
        this.hostMac = hostMac;
    }

    public int uplink() {
        return uplink;
    }

    public boolean isFunction(int port) {
        return functions.contains(port);
    }

    public boolean isSide(int port) {
        return port == uplink || isFunction(port);
    }

    /// The mode has changed.
    public void forget() {
        heard.clear();
    }

    /// The sides that a frame goes to that came by the wire of a port; none where its station is on the same side.
    public List<Integer> fromWire(int port, SeenFrame frame) {
        if (port != uplink && !isGroup(frame.sourceMac()) && frame.sourceMac() != hostMac) {
            heard.put(frame.sourceMac(), port);
        }
        List<Integer> sides = sides(frame.targetMac(), port == uplink ? HOST : uplink);
        sides.remove((Integer) port);
        return sides;
    }

    /// The wires that a frame leaves by which the router sends by the uplink.
    public List<Integer> fromHost(SeenFrame frame) {
        List<Integer> sides = sides(frame.targetMac(), uplink);
        sides.remove((Integer) HOST);
        if (sides.isEmpty()) sides.add(uplink);   // to itself
        return sides;
    }

    private List<Integer> sides(long target, int unknown) {
        var sides = new ArrayList<Integer>();
        if (isGroup(target)) {
            sides.add(HOST);
            sides.add(uplink);
            sides.addAll(functions);
        } else {
            sides.add(target == hostMac ? HOST : heard.getOrDefault(target, unknown));
        }
        return sides;
    }

    private static boolean isGroup(long mac) {
        return (mac & GROUP_BIT) != 0;
    }
}
