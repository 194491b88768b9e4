package io.millrace.perf.bench;

import io.millrace.dataplane.hook.PortFilters;
import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerFlags;
import io.millrace.flow.flower.KeyRules;
import io.millrace.nic.sim.filter.FilterName;
import io.millrace.nic.sim.filter.FilterOwner;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.IpProtocol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What it costs to drop a flood of small packets by a filter: in the NIC, before a descriptor is written, and in
/// software behind it.
///
/// @param mpps     packets dropped, millions a second, device and worker on one thread
/// @param deviceNs of the device's time, a packet
/// @param workerNs of the worker's time, a packet
record FloodRun(String where, double mpps, double deviceNs, double workerNs) {

    private static final int FLOWS = 1_000;

    static List<FloodRun> both(double seconds, boolean warmsUp) throws IOException {
        Path folder = Files.createTempDirectory("millrace-bench");
        Path capture = BenchTraffic.generate(folder, FLOWS, BenchWorld.LAN_MAC);
        return List.of(run("hardware", capture, true, seconds, warmsUp),
            run("software", capture, false, seconds, warmsUp));
    }

    private static FloodRun run(String where, Path capture, boolean isInHardware, double seconds, boolean warmsUp)
            throws IOException {
        var world = new NicWorld(capture, Set.of(NicFeature.FILTERS), 1, false);
        FlowerFilter filter = dropsUdp();
        if (isInHardware) {
            CommandResult result = world.nic().filters().add(new FilterName(FilterOwner.TC, 0, 0, 1), filter,
                world.nic().eswitch().generation(), 0);
            if (result != CommandResult.DONE) throw new IllegalStateException("the filter was refused: " + result);
        } else {
            PortFilters filters = world.router().filters();
            filters.table(0, true).add(filter, 0);
            filters.changed();
        }
        var meter = new Meter(world::turn);
        if (warmsUp) meter.warmUp();
        world.reset();
        double mpps = meter.measure(seconds).mpps();
        if (world.worker().ledger().received() > 0 == isInHardware) {
            throw new IllegalStateException("the flood was not dropped in " + where);
        }
        return new FloodRun(where, mpps, world.deviceNsPerPacket(), world.workerNsPerPacket());
    }

    private static FlowerFilter dropsUdp() {
        return new FlowerFilter(0, 1, EtherType.IPV4, 1, 0, KeyRules.match(EtherType.IPV4,
            Map.of(FlowerField.IP_PROTOCOL, FieldMatch.exactly(FlowerField.IP_PROTOCOL, IpProtocol.UDP)),
            Optional.empty(), Optional.empty()), List.of(new FlowerAction.Gact(ActionControl.DROP)), FlowerFlags.NONE);
    }

    static String text(List<FloodRun> runs) {
        var text = new StringBuilder("flood dropped in  Mpps    device ns/packet  worker ns/packet\n");
        for (FloodRun each : runs) {
            text.append(String.format(Locale.ROOT, "%-16s  %6.2f  %16.1f  %16.1f%n", each.where(), each.mpps(),
                each.deviceNs(), each.workerNs()));
        }
        return text.toString();
    }

    Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("where", where);
        members.put("mpps", mpps);
        members.put("deviceNsPerPacket", deviceNs);
        members.put("workerNsPerPacket", workerNs);
        return members;
    }
}
