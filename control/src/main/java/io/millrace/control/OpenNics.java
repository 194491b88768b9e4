package io.millrace.control;

import io.millrace.control.device.BootImage;
import io.millrace.control.device.Offloads;
import io.millrace.control.verb.VersionVerb;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.NicConfig;
import io.millrace.dataplane.config.NicPortConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.Threading;
import io.millrace.dataplane.config.Topology;
import io.millrace.dataplane.config.VfConfig;
import io.millrace.nic.port.Port;
import io.millrace.dataplane.offload.HardwareObstacle;
import io.millrace.nic.program.FirmwareImage;
import io.millrace.nic.program.Offload;
import io.millrace.nic.program.OffloadDecision;
import io.millrace.nic.sim.PortSettings;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.SimPort;
import io.millrace.nic.sim.audit.AuditRing;
import io.millrace.nic.sim.fault.FaultPanel;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.parse.device.DeviceLimitException;
import io.millrace.packet.parse.device.DeviceLimits;
import io.millrace.packet.parse.device.ParseImage;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/// The simulated network cards of a configuration.
final class OpenNics {

    private final Map<String, SimNic> byName = new LinkedHashMap<>();
    private final Map<String, FirmwareImage> images = new HashMap<>();

    /// Each errs as it is configured, and as an operator says.
    OpenNics(DataplaneConfig config, Arena arena, PacketPool pool) {
        this(config, arena, pool, null);
    }

    /// @param faults of all of them; null: those of the configuration
    OpenNics(DataplaneConfig config, Arena arena, PacketPool pool, NicFaults faults) {
        if (config.nics().isEmpty()) return;
        boolean isShared = config.threading() == Threading.SHARED;
        for (NicConfig each : config.nics()) {
            FirmwareImage image = BootImage.of(each, VersionVerb.version());
            var nic = new SimNic(each.name(), each.model(), parser(each.model(), image), arena,
                isShared ? pool : pool.another(), faults == null ? panel(each, config.seed()) : faults, config.seed());
            nic.inline(isShared);
            nic.eswitch().startIn(each.mode());
            if (each.auditOneIn() > 0) {
                nic.audit(new AuditRing(arena, pool.packets(), each.auditOneIn(), config.seed()));
            }
            byName.put(each.name(), nic);
            images.put(each.name(), image);
        }
    }

    private static FaultPanel panel(NicConfig nic, long seed) {
        var panel = new FaultPanel();
        panel.set(nic.faults().shares(), nic.faults().seed().orElse(seed));
        return panel;
    }

    /// A device without room for its image's parser runs one that finds nothing, and what needs the records is off.
    private static ParseImage parser(NicModel model, FirmwareImage image) {
        DeviceLimits limits = model.limits().parser();
        try {
            limits.check(image.parser());
            return image.parser();
        } catch (DeviceLimitException e) {
            return ParseImage.of(BootImage.nothing(limits));
        }
    }

    /// The port of the dataplane, with its NIC between it and its wire.
    SimPort attach(DataplaneConfig config, PortConfig port, Port wire) {
        NicPortConfig wanted = port.nic().orElseThrow();
        NicConfig nic = config.nicOf(port);
        Set<NicFeature> features = new Offloads(nic.model(), BootImage.host())
            .features(Offloads.wanted(wanted.merges()), images.get(nic.name()));
        var settings = new PortSettings(wanted.channels(), nic.ringSlots(), features, nic.isPausing());
        SimNic device = byName.get(nic.name());
        if (wanted.vf().isEmpty()) return device.attach(wire, settings);
        VfConfig vf = wanted.vf().get();
        return device.plug(vf.vf(), vf.mac().orElse(0), wire, settings);
    }

    /// Joins virtual functions with the first port of their NIC, once all are attached.
    void join(DataplaneConfig config) {
        for (SimNic nic : byName.values()) {
            OptionalInt uplink = IntStream.range(0, config.ports().size())
                .filter(i -> isPhysical(config.ports().get(i), nic.name())).findFirst();
            if (uplink.isEmpty()) continue;
            Topology topology = config.topology();
            nic.join(topology.interfaces().stream()
                .filter(each -> topology.portIndex(each) == uplink.getAsInt())
                .mapToLong(topology::mac).distinct().toArray());
        }
    }

    private static boolean isPhysical(PortConfig port, String nic) {
        return port.vf().isEmpty() && port.nic().isPresent() && port.nic().get().nic().equals(nic);
    }

    /// Why flows of a port may not be left to its NIC because of what that runs, as bits; 0 if they may.
    int flowObstacles(DataplaneConfig config, PortConfig port) {
        if (port.nic().isEmpty()) return 0;
        NicConfig nic = config.nicOf(port);
        boolean differs = new Offloads(nic.model(), BootImage.host())
            .decision(Offload.FLOW, Set.of(Offload.FLOW), images.get(nic.name())).failed()
            .contains(OffloadDecision.Test.HASH_EQUAL);
        return differs ? HardwareObstacle.HASH_DIFFERS.bit() : 0;
    }

    List<SimNic> all() {
        return List.copyOf(byName.values());
    }
}
