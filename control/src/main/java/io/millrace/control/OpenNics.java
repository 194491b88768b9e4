package io.millrace.control;

import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.ConfigProblem;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.NicConfig;
import io.millrace.dataplane.config.NicPortConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.Threading;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.PortSettings;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.SimPort;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.DeviceLimitException;
import io.millrace.packet.parse.device.ParseImage;

import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The simulated network cards of a configuration.
final class OpenNics {

    private final Map<String, SimNic> byName = new LinkedHashMap<>();

    /// A model whose parser cannot run the graph is a [ConfigException].
    OpenNics(DataplaneConfig config, Arena arena, PacketPool pool) {
        if (config.nics().isEmpty()) return;
        ParseImage image = ParseImage.of(ShippedGraph.DEFAULT.load());
        boolean isShared = config.threading() == Threading.SHARED;
        for (NicConfig each : config.nics()) {
            try {
                var nic = new SimNic(each.name(), each.model(), image, arena, isShared ? pool : pool.another(),
                    NicFaults.NONE, config.seed());
                nic.inline(isShared);
                byName.put(each.name(), nic);
            } catch (DeviceLimitException e) {
                throw new ConfigException(List.of(new ConfigProblem("nics/" + each.name() + "/model",
                    "the device cannot run the parse graph: " + e.getMessage())));
            }
        }
    }

    /// The port of the dataplane, with its NIC between it and its wire.
    SimPort attach(DataplaneConfig config, PortConfig port, Port wire) {
        NicPortConfig wanted = port.nic().orElseThrow();
        NicConfig nic = config.nicOf(port);
        PortSettings usual = PortSettings.usual(nic.model(), wanted.channels());
        var settings =
            new PortSettings(wanted.channels(), nic.ringSlots(), usual.features(), nic.isPausing());
        if (wanted.merges()) settings = settings.with(NicFeature.MERGING);
        return byName.get(nic.name()).attach(wire, settings);
    }

    List<SimNic> all() {
        return List.copyOf(byName.values());
    }
}
