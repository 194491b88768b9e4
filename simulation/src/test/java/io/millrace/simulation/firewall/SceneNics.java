package io.millrace.simulation.firewall;

import io.millrace.nic.port.Device;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.PortSettings;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.SimPort;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.ParseImage;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// The simulated NICs of a scene: lan and wan have one, dmz another. Wan may be plugged into a virtual function of its
/// NIC: then the scene's port is the representor.
final class SceneNics {

    private static final ParseImage IMAGE = ParseImage.of(ShippedGraph.DEFAULT.load());

    private final NicModel model;
    private final NicFaults faults;
    private final boolean isWanVf;
    private final List<SimNic> nics = new ArrayList<>();
    final List<SimPort> ports = new ArrayList<>();
    private boolean hasDmz = true;

    SceneNics(NicModel model, NicFaults faults) {
        this(model, faults, false);
    }

    private SceneNics(NicModel model, NicFaults faults, boolean isWanVf) {
        this.model = model;
        this.faults = faults;
        this.isWanVf = isWanVf;
    }

    static SceneNics withVf() {
        return new SceneNics(NicModel.FULL, NicFaults.NONE, true);
    }

    static SceneNics full() {
        return new SceneNics(NicModel.FULL, NicFaults.NONE);
    }

    /// The same, and dmz is a bare wire.
    SceneNics withoutDmz() {
        hasDmz = false;
        return this;
    }

    List<Port> attach(Arena arena, PacketPool pool, List<TestPort> wires) {
        for (int i = 0; i < 2; i++) {
            var nic = new SimNic("nic" + i, model, IMAGE, arena, pool, faults, 1);
            nic.inline(true);
            nics.add(nic);
        }
        List<Port> seen = new ArrayList<>();
        for (TestPort wire : wires) {
            if (wire.index() == 2 && !hasDmz) {
                seen.add(wire);
                continue;
            }
            int queues = Math.min(2, model.limits().queuesMax());
            PortSettings settings = PortSettings.usual(model, queues);
            SimNic nic = nics.get(wire.index() < 2 ? 0 : 1);
            boolean isVf = isWanVf && wire.index() == 1;
            ports.add(isVf ? nic.plug(0, 0, wire, settings) : nic.attach(wire, settings));
            seen.add(ports.getLast());
        }
        nics.getFirst().join(new long[] {0x0200_0000_0001L});
        return seen;
    }

    SimNic first() {
        return nics.getFirst();
    }

    List<Device> all() {
        return List.copyOf(nics);
    }
}
