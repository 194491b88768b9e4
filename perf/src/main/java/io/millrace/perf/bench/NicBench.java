package io.millrace.perf.bench;

import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.mailbox.DeviceCommand;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.packet.parse.device.ParseImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;

/// `millrace bench nic`: what a simulated NIC and the worker behind it cost for each packet of bulk TCP that is
/// received and routed, by what the device does; and how long packets stand still for a change of the device under full
/// load.
///
/// Expected: the device's table-driven parser is most of its time, the sum of 1,514 bytes some tens of nanoseconds on
/// top, the worker's time falls to a few nanoseconds a packet where the device merges and cuts.
@Command(name = "nic", description = "Receive and route bulk TCP through a simulated NIC, by what it offloads.")
public final class NicBench implements Callable<Integer> {

    private static final int FLOWS = 64;
    private static final int FRAMES = 512;
    private static final int CHANNELS = 4;
    private static final int CHANGES = 200;

    private record Kind(String name, Set<NicFeature> features, int channels, boolean merges) {}

    private static final List<Kind> KINDS = List.of(
        new Kind("none", Set.of(), 1, false),
        new Kind("checksum", Set.of(NicFeature.RECEIVE_CHECKSUM), 1, false),
        new Kind("RSS", Set.of(NicFeature.RECEIVE_HASH), CHANNELS, false),
        new Kind("checksum, RSS", EnumSet.of(NicFeature.RECEIVE_CHECKSUM, NicFeature.RECEIVE_HASH), CHANNELS, false),
        new Kind("checksum, RSS; software GRO, GSO",
            EnumSet.of(NicFeature.RECEIVE_CHECKSUM, NicFeature.RECEIVE_HASH), CHANNELS, true),
        new Kind("checksum, RSS, GRO; software GSO", EnumSet.of(NicFeature.RECEIVE_CHECKSUM, NicFeature.RECEIVE_HASH,
            NicFeature.MERGING), CHANNELS, false),
        new Kind("checksum, RSS, GRO, TSO", EnumSet.of(NicFeature.RECEIVE_CHECKSUM, NicFeature.TRANSMIT_CHECKSUM,
            NicFeature.RECEIVE_HASH, NicFeature.MERGING, NicFeature.SEGMENTATION), CHANNELS, false));

    /// What an offload costs or saves: the case with it, the case without.
    private record Difference(String name, int with, int without) {}

    private static final List<Difference> DIFFERENCES = List.of(new Difference("checksum", 1, 0),
        new Difference("RSS", 2, 0), new Difference("software GRO, GSO", 4, 3), new Difference("GRO", 5, 4),
        new Difference("checksums sent, TSO", 6, 5));

    @Spec
    private CommandSpec spec;

    @Mixin
    private TimedRoundOptions options;

    @Override
    public Integer call() throws IOException {
        NicResult result = run(options.rounds(), options.seconds(), true, CHANGES);
        return options.print(spec, result.members(), result.text());
    }

    /// @param changeCount how often each command is measured
    static NicResult run(int rounds, double seconds, boolean warmsUp, int changeCount) throws IOException {
        Path folder = BenchTraffic.folder();
        Path frames = folder.resolve("bulk.pcap");
        new GroTraffic(FLOWS, false, false).write(frames, FRAMES);
        Path capture = BenchTraffic.adopt(frames, folder, BenchWorld.LAN_MAC);
        var worlds = new ArrayList<NicWorld>();
        var meters = new ArrayList<Meter>();
        for (Kind kind : KINDS) {
            var world = new NicWorld(capture, kind.features(), kind.channels(), kind.merges());
            worlds.add(world);
            meters.add(new Meter(world::turn));
            if (warmsUp) meters.getLast().warmUp();
        }
        var cases = new ArrayList<NicResult.Case>();
        double[][] deviceNs = new double[KINDS.size()][rounds];
        double[][] workerNs = new double[KINDS.size()][rounds];
        double[] allocated = new double[KINDS.size()];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < KINDS.size(); i++) {
                worlds.get(i).reset();
                double bytes = meters.get(i).measure(seconds).allocatedBytesPerPacket();
                allocated[i] = Math.max(allocated[i], bytes);
                deviceNs[i][round] = worlds.get(i).deviceNsPerPacket();
                workerNs[i][round] = worlds.get(i).workerNsPerPacket();
            }
        }
        for (int i = 0; i < KINDS.size(); i++) {
            cases.add(new NicResult.Case(KINDS.get(i).name(), Meter.median(deviceNs[i]), Meter.median(workerNs[i]),
                allocated[i]));
        }
        List<NicResult.Change> changes = changes(worlds.get(3), changeCount);
        long lost = worlds.stream().mapToLong(NicWorld::lost).sum();
        List<NicResult.Cost> costs = DIFFERENCES.stream().map(each -> NicResult.Cost.between(each.name(),
            cases.get(each.with()), cases.get(each.without()))).toList();
        return new NicResult(cases, costs, changes, lost, rounds);
    }

    private static List<NicResult.Change> changes(NicWorld world, int count) {
        double medianTurnNs = world.medianTurnNs(10 * count);
        ParseImage image = NicWorld.image();
        return List.of(
            change("nothing", world, count, medianTurnNs, _ -> _ -> CommandResult.DONE),
            change("channels 4 to 2 and back", world, count, medianTurnNs,
                i -> world.lan().steering().channelsCommand(i % 2 == 0 ? 2 : CHANNELS)),
            change("parser fetch", world, count, medianTurnNs, _ -> world.nic().fetchParser(image)));
    }

    private static NicResult.Change change(String name, NicWorld world, int count, double medianTurnNs,
                                           IntFunction<DeviceCommand> commands) {
        double[] us = new double[count];
        for (int i = 0; i < count; i++) {
            us[i] = world.blockedNs(commands.apply(i), medianTurnNs) / 1e3;
            for (int turn = 0; turn < 20; turn++) world.turn();
        }
        return new NicResult.Change(name, Meter.median(us), Arrays.stream(us).max().orElseThrow());
    }
}
