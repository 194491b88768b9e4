package io.millrace.simulation.world;

import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.packet.memory.Verdict;
import io.millrace.simulation.frame.SeenFrame;
import io.millrace.simulation.journal.Part;
import io.millrace.simulation.journal.Violation;
import io.millrace.simulation.model.ModelSwitch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/// What goes from wire to wire in a NIC with virtual functions while that is in `legacy`: each frame by the wires that
/// [ModelSwitch] names, as it came, at once, and past everything else.
final class Switching {

    private static final String PLACE = "a switch sends frames where their stations are";

    /// A frame that is to leave by a wire; `part` is null of one that belongs to no conversation.
    private record Due(int port, byte[] bytes, Part part) {}

    private final SimNic nic;
    private final ModelSwitch sides;
    private final List<Due> due = new ArrayList<>();
    private final List<Part> sameSide = new ArrayList<>();
    private long generationSeen;

    /// @param nic   with virtual functions, or null: then nothing is switched
    /// @param sides of it
    Switching(SimNic nic, ModelSwitch sides) {
        this.nic = nic;
        this.sides = sides;
    }

    /// True while packets of this port are switched by their MAC addresses.
    boolean isSwitched(int port) {
        return nic != null && sides.isSide(port) && nic.eswitch().mode() == EswitchMode.LEGACY;
    }

    /// True while what a worker sends by this port goes nowhere.
    boolean isWithoutCarrier(int port) {
        return isSwitched(port) && sides.isFunction(port);
    }

    /// A frame was taken from the wire of a port. Returns the port by which the router gets it; -1 if it does not.
    ///
    /// @param part null of a frame that belongs to no conversation
    int taken(int port, SeenFrame frame, Part part) {
        if (!isSwitched(port)) return port;
        if (nic.eswitch().generation() != generationSeen) sides.forget();
        generationSeen = nic.eswitch().generation();
        List<Integer> to = sides.fromWire(port, frame);
        if (to.isEmpty() && part != null) sameSide.add(part);
        for (int each : to) {
            if (each != ModelSwitch.HOST) due.add(new Due(each, frame.bytes(), part));
        }
        return to.contains(ModelSwitch.HOST) ? sides.uplink() : -1;
    }

    /// True if a frame that left by the wire of a port was to be switched there.
    boolean hasLeft(int port, byte[] bytes) {
        for (Iterator<Due> all = due.iterator(); all.hasNext();) {
            Due each = all.next();
            if (each.port != port || !Arrays.equals(each.bytes, bytes)) continue;
            all.remove();
            return true;
        }
        return false;
    }

    /// The port by which the router has sent a frame that leaves by the wire of another, or the same.
    int sender(int port, SeenFrame frame) {
        if (!isSwitched(port)) return port;
        List<Integer> to = sides.fromHost(frame);
        if (!to.contains(port)) throw new Violation(PLACE, frame + " left by port " + port + " instead of " + to);
        return sides.uplink();
    }

    /// A packet of a conversation was dropped in the switch or behind it.
    void dropped(Part part, Verdict verdict) {
        boolean isThere = sameSide.remove(part);
        if (isThere != (verdict == Verdict.NIC_SAME_SIDE)) {
            throw new Violation(PLACE, "dropped as " + verdict + ": " + part);
        }
        due.removeIf(each -> each.part == part);
    }

    /// After every step: a switch holds nothing. Copies that found no memory are missing.
    void check() {
        for (Due each : due) {
            if (each.part != null) throw new Violation(PLACE, each.part + " has not left by port " + each.port);
        }
        if (!sameSide.isEmpty()) throw new Violation(PLACE, sameSide.getFirst() + " was neither sent nor dropped");
        due.clear();
    }
}
