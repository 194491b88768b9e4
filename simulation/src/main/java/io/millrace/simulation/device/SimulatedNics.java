package io.millrace.simulation.device;

import io.millrace.control.device.BootImage;
import io.millrace.control.device.NicControl;
import io.millrace.control.device.Nics;
import io.millrace.control.device.Offloads;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.config.FaultConfig;
import io.millrace.dataplane.config.NicConfig;
import io.millrace.dataplane.config.NicPortConfig;
import io.millrace.dataplane.config.VfConfig;
import io.millrace.nic.port.Device;
import io.millrace.nic.port.Port;
import io.millrace.nic.program.FirmwareImage;
import io.millrace.nic.sim.PortSettings;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.SimPort;
import io.millrace.nic.sim.account.DropWatch;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.PacketPool;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// The NICs of a world: made by its plan, put between ports and wires, and known to the control verbs.
public final class SimulatedNics {

    /// What all of them boot.
    public static final FirmwareImage IMAGE = BootImage.of(new NicConfig("nic0", NicModel.FULL,
        "full", PortSettings.RING_SLOTS_USUAL, true, Optional.empty(), 0, FaultConfig.NONE, EswitchMode.SWITCHDEV, 0),
        "simulated");

    private final NicPlan plan;
    private final DeviceFaults faults;
    private final List<SimNic> nics = new ArrayList<>();
    private final boolean isInline;

    /// @param isInline the worker has the NICs do what it waits for
    public SimulatedNics(NicPlan plan, Arena arena, PacketPool pool, DeviceFaults faults, boolean isInline, long seed) {
        this.plan = plan;
        this.faults = faults;
        this.isInline = isInline;
        for (NicConfig each : plan.nics()) {
            var nic = new SimNic(each.name(), each.model(), IMAGE.parser(), arena, pool, faults, seed);
            nic.inline(isInline);
            nics.add(nic);
        }
        faults.connect(nics);
    }

    /// The port of the router at this wire: behind its NIC, if it has one.
    public Port attach(Port wire) {
        NicPortConfig wanted = plan.ports().get(wire.index()).orElse(null);
        if (wanted == null) return wire;
        int number = wanted.nic().equals(plan.nics().getFirst().name()) ? 0 : 1;
        NicConfig config = plan.nics().get(number);
        var features = new Offloads(config.model(), BootImage.host()).features(Offloads.wanted(wanted.merges()), IMAGE);
        var settings = new PortSettings(wanted.channels(), config.ringSlots(), features, config.isPausing());
        if (wanted.vf().isEmpty()) return nics.get(number).attach(wire, settings);
        VfConfig vf = wanted.vf().get();
        return nics.get(number).plug(vf.vf(), vf.mac().orElse(0), wire, settings);
    }

    /// Joins the virtual function, where there is one, with its uplink, once all are attached.
    ///
    /// @param hostMac that the router has at the uplink
    public void join(long hostMac) {
        nics.getFirst().join(new long[] {hostMac});
    }

    /// The NIC with a virtual function, or null.
    public SimNic withFunction() {
        return plan.functionPort() >= 0 ? nics.getFirst() : null;
    }

    /// Is told of each packet that a NIC drops.
    public void watch(DropWatch watch) {
        nics.forEach(nic -> nic.account().watch(watch));
    }

    /// Their side of the control thread.
    ///
    /// @param clock moves on each time it is read, so that who waits for a device waits in vain only so often
    public Nics controls(RunningDataplane running, LongSupplier clock) {
        return new Nics(running.ports(), nic -> {
            LongConsumer turn = isInline ? nowNs -> nic.mailbox().turn(nowNs, 1) : nic::turn;
            return new NicControl(nic, BootImage.host(), IMAGE, clock, turn, this::merges, running::portChanged);
        });
    }

    private boolean merges(int port) {
        return plan.ports().get(port).map(NicPortConfig::merges).orElse(false);
    }

    /// The NIC of a port; null of a bare wire.
    public SimNic of(int port) {
        for (SimNic nic : nics) {
            for (SimPort each : nic.ports()) {
                if (each.index() == port) return nic;
            }
        }
        return null;
    }

    /// True while frames of a port meet filters in its NIC.
    public boolean filters(int port) {
        for (SimPort each : of(port).ports()) {
            if (each.index() == port) return each.isOn(NicFeature.FILTERS);
        }
        return false;
    }

    public boolean isInline()      { return isInline; }
    public DeviceFaults faults()   { return faults; }
    public List<SimNic> all()      { return List.copyOf(nics); }
    public List<Device> devices()  { return List.copyOf(nics); }
    public boolean hasNic(int port) { return plan.ports().get(port).isPresent(); }

    /// Packets that they have in their hands.
    public long held() {
        return nics.stream().mapToLong(SimNic::held).sum();
    }
}
