package io.millrace.control;

import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.ConfigProblem;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.Forwarding;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.WireConfig;
import io.millrace.nic.capture.CaptureDamage;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureTraits;
import io.millrace.nic.driver.none.NullPort;
import io.millrace.nic.driver.pcap.PcapPort;
import io.millrace.nic.driver.replay.ReplayPort;
import io.millrace.nic.driver.tap.TapException;
import io.millrace.nic.driver.tap.TapPort;
import io.millrace.nic.port.Port;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.sim.SimNic;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The ports of a configuration, opened. The only place that names drivers.
///
/// Files that cannot be read, or could not be written, are a [ConfigException] at the place that names them, before
/// anything is written.
final class OpenPorts implements AutoCloseable {

    private final List<Port> all = new ArrayList<>();
    private final List<Port> wires = new ArrayList<>();
    private final OpenNics nics;
    private final List<String> warnings = new ArrayList<>();
    private boolean isClosed;

    OpenPorts(DataplaneConfig config, Arena arena, PacketPool pool) {
        PacketMemory packets = pool.packets();
        this.nics = new OpenNics(config, arena, pool);
        var problems = new ArrayList<ConfigProblem>();
        List<CaptureTraits> received = new ArrayList<>();
        for (PortConfig port : config.ports()) {
            received.add(traitsOf(port, problems));
        }
        if (problems.isEmpty()) {
            for (int i = 0; i < config.ports().size(); i++) {
                open(config, i, arena, packets, received, problems);
            }
        }
        if (!problems.isEmpty()) {
            close();
            throw new ConfigException(problems);
        }
        nics.join(config);
    }

    private void open(DataplaneConfig config, int index, Arena arena, PacketMemory packets,
                      List<CaptureTraits> received, List<ConfigProblem> problems) {
        PortConfig port = config.ports().get(index);
        CaptureTraits sent = config.forwarding() == Forwarding.PATCH ? received.get(index ^ 1) : routed(received);
        try {
            Port wire = open(port, index, arena, packets, sent);
            wires.add(wire);
            all.add(port.nic().isPresent() ? nics.attach(config, port, wire) : wire);
        } catch (CaptureException e) {
            problems.add(problem(port, e));
        } catch (TapException e) {
            problems.add(new ConfigProblem("ports/" + port.wireEntry() + "/device", e.getMessage()));
        }
    }

    private static Port open(PortConfig port, int index, Arena arena, PacketMemory packets, CaptureTraits sent)
            throws CaptureException, TapException {
        return switch (port.wire()) {   // no default: a new kind must not compile until it is opened here
            case WireConfig.Pcap pcap ->
                new PcapPort(packets, port.name(), index, pcap.rx().orElse(null), pcap.tx().orElse(null), sent);
            case WireConfig.Replay replay ->
                new ReplayPort(packets, port.name(), index, replay.rx(), replay.loops());
            case WireConfig.Tap tap -> new TapPort(packets, port.name(), index, tap.device(), tap.queues(),
                tap.hasVnetHeader(), port.mtuBytes());
            case WireConfig.Gen gen -> TrafficReader.open(arena, packets, port.name(), index, gen);
            case WireConfig.Null _ -> new NullPort(packets, port.name(), index);
        };
    }

    /// Why flows of a port may not be left to its NIC because of what that runs, as bits; 0 if they may.
    int flowObstacles(DataplaneConfig config, int port) {
        return nics.flowObstacles(config, config.ports().get(port));
    }

    /// As in the config.
    static String wireName(WireConfig wire) {
        return switch (wire) {
            case WireConfig.Pcap _ -> "pcap";
            case WireConfig.Replay _ -> "replay";
            case WireConfig.Tap _ -> "tap";
            case WireConfig.Gen _ -> "gen";
            case WireConfig.Null _ -> "null";
        };
    }

    private static CaptureTraits traitsOf(PortConfig port, List<ConfigProblem> problems) {
        Optional<Path> rx = port.wire() instanceof WireConfig.Pcap pcap ? pcap.rx() : Optional.empty();
        if (rx.isEmpty()) return CaptureTraits.NONE;
        try {
            return CaptureTraits.of(rx.get());
        } catch (CaptureException e) {
            problems.add(problem(port, e));
            return CaptureTraits.NONE;
        }
    }

    /// What a router sends: Ethernet alone, at times that come from all inputs.
    private static CaptureTraits routed(List<CaptureTraits> received) {
        boolean isWholeMicroseconds = received.stream().allMatch(CaptureTraits::isWholeMicroseconds);
        return new CaptureTraits(CaptureTraits.ofLinkType(PortCapabilities.LINK_TYPE_ETHERNET).linkTypes(),
            isWholeMicroseconds);
    }

    private static ConfigProblem problem(PortConfig port, CaptureException e) {
        String member = port.wire() instanceof WireConfig.Pcap pcap
            && pcap.tx().isPresent() && pcap.tx().get().equals(e.damage().file()) ? "tx" : "rx";
        return new ConfigProblem("ports/" + port.wireEntry() + "/" + member, e.getMessage());
    }

    List<Port> all() {
        return all;
    }

    /// The devices behind them.
    List<SimNic> nics() {
        return nics.all();
    }

    /// What went wrong with the files without ending the run: damaged captures, a full disk. Whole after [#close].
    List<String> warnings() {
        return warnings;
    }

    /// Share of the input that has been received, 0 to 1; `NaN` where there is no telling.
    double share() {
        double sum = 0;
        int inputCount = 0;
        for (Port port : wires) {
            if (!(port instanceof PcapPort pcap)) continue;
            double share = pcap.shareRead();
            if (Double.isNaN(share)) continue;
            sum += share;
            inputCount++;
        }
        return inputCount == 0 ? Double.NaN : sum / inputCount;
    }

    @Override
    public void close() {
        if (isClosed) return;
        isClosed = true;
        for (Port port : wires) {
            port.close();
            switch (port) {
                case PcapPort pcap -> {
                    damaged(port, pcap.damage());
                    IOException failure = pcap.failure();
                    if (failure != null) warnings.add("port " + port.name() + ": " + failure.getMessage());
                }
                case ReplayPort replay -> damaged(port, replay.damage());
                case TapPort tap when tap.isExhausted() ->
                    warnings.add("port " + port.name() + ": its device was removed while packets were forwarded");
                default -> { }
            }
        }
    }

    private void damaged(Port port, CaptureDamage damage) {
        if (damage != null) warnings.add("port " + port.name() + ": " + damage + "; what lies before was forwarded");
    }
}
