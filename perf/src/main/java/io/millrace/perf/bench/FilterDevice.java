package io.millrace.perf.bench;

import io.millrace.control.device.BootImage;
import io.millrace.control.device.NicControl;
import io.millrace.flow.flower.block.FlowerOffload;
import io.millrace.nic.driver.none.NullPort;
import io.millrace.nic.program.FirmwareImage;
import io.millrace.nic.sim.PortSettings;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.model.FilterLimits;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.parse.cpr.ShippedGraph;

import java.lang.foreign.Arena;

/// A NIC that takes filters, as the control thread reaches it: by its mailbox, with the latency of its bus.
final class FilterDevice {

    private static final int PACKET_SLOTS = 64;

    private final SimNic nic;
    private final NicControl control;

    FilterDevice(Arena arena) {
        var packets = new PacketMemory(arena, PACKET_SLOTS);
        NicModel model = NicModel.FULL.with(NicModel.FULL.limits()
            .withFilters(new FilterLimits(FilterLimits.FILTERS_MAX, FilterLimits.SHAPES_MAX, 1)));
        this.nic = new SimNic("nic0", model, NicWorld.image(), arena, new PacketPool(arena, packets), NicFaults.NONE, 1);
        nic.inline(true);
        nic.attach(new NullPort(packets, "port", 0), PortSettings.usual(model, 1));
        FirmwareImage image = FirmwareImage.of("bench", ShippedGraph.DEFAULT.load(), BootImage.host());
        this.control = new NicControl(nic, BootImage.host(), image, System::nanoTime,
            nowNs -> nic.mailbox().turn(nowNs, 1), _ -> false, (_, _) -> { });
    }

    FlowerOffload filters() {
        return control.ports().getFirst().filters();
    }

    int filterCount() {
        return nic.filters().filterCount();
    }
}
