package io.millrace.simulation.change;

import io.millrace.control.device.NicControl;
import io.millrace.control.device.PortControl;
import io.millrace.nic.program.FirmwareException;
import io.millrace.nic.program.FirmwareImage;
import io.millrace.nic.program.Offload;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicLimits;
import io.millrace.nic.sim.steer.ChannelRules;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.ShippedGraph;

import java.util.List;
import java.util.SplittableRandom;

/// Draws changes of the NICs: channels, rings, the way from hash to queue, offloads, firmware.
public final class DeviceChanges {

    private static final int[] RING_SLOTS = {64, 128, 256};
    private static final List<String> OFFLOADS = List.of("flow-offload", "flow-offload", "flow-offload",
        "rx-checksumming", "tx-checksumming", "segmentation-offload", "receive-hashing", "ntuple-filters");
    private static final ParseProgram SMALL = ShippedGraph.L3.load();
    private static final ParseProgram USUAL = ShippedGraph.DEFAULT.load();

    private final SplittableRandom random;
    private final List<NicControl> nics;
    private final List<PortControl> ports;
    private final boolean merges;
    private final byte[] ownImage;
    private final byte[] otherImage;
    private int channelCount;

    /// @param merges whether NICs may be asked to merge
    /// @param image  what all of them booted
    public DeviceChanges(SplittableRandom random, List<NicControl> nics, boolean merges, FirmwareImage image) {
        this.random = random;
        this.nics = nics;
        this.ports = nics.stream().flatMap(nic -> nic.ports().stream()).toList();
        this.merges = merges;
        this.ownImage = image.bytes();
        this.otherImage = image.withParser(SMALL).bytes();
    }

    /// Changes of the number of channels so far.
    public int channelCount() {
        return channelCount;
    }

    /// Draws a change and has it carried out, unless the device does not answer; returns the command.
    public String apply(Operator operator) {
        PortControl port = ports.get(random.nextInt(ports.size()));
        boolean isOff = !port.port().isOn(NicFeature.FLOWS) && port.nic().model().isCapable(NicFeature.FLOWS);
        if (isOff && random.nextInt(3) == 0) return switchOn(operator, port);
        String name = port.port().name();
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> channels(operator);
            case 3, 4 -> operator.ask("ethtool -G " + name + " rx " + ringSlots() + " tx " + ringSlots());
            case 5 -> spread(operator, port);
            case 6 -> firmware(operator, nics.get(random.nextInt(nics.size())), random.nextInt(5) != 0);
            case 7 -> parser(operator);
            default -> operator.ask("ethtool -K " + name + " " + offload() + (random.nextInt(5) == 0 ? " off" : " on"));
        };
    }

    /// Whatever kept flows out of the NIC of this port.
    private String switchOn(Operator operator, PortControl port) {
        if (port.isWanted(Offload.FLOW)) return firmware(operator, port.nic(), true);
        return operator.ask("ethtool -K " + port.port().name() + " flow-offload on");
    }

    private int ringSlots() {
        return RING_SLOTS[random.nextInt(RING_SLOTS.length)];
    }

    private String offload() {
        if (merges && random.nextInt(4) == 0) return "rx-gro-hw";
        return OFFLOADS.get(random.nextInt(OFFLOADS.size()));
    }

    /// Of a port that has more than one; where a table is in the way, it goes.
    private String channels(Operator operator) {
        List<PortControl> several =
            ports.stream().filter(each -> each.nic().model().limits().queuesMax() > 1).toList();
        PortControl port = several.get(random.nextInt(several.size()));
        NicLimits limits = port.nic().model().limits();
        int now = port.tables().channelCount();
        int count = 1 + (now + random.nextInt(limits.queuesMax() - 1)) % limits.queuesMax();
        if (ChannelRules.refusal(port.tables(), limits, port.steering().numbering(), count) != null) {
            return operator.ask("ethtool -X " + port.port().name() + " default");
        }
        String command = operator.ask("ethtool -L " + port.port().name() + " combined " + count);
        if (port.tables().channelCount() != now) channelCount++;
        return command;
    }

    private String spread(Operator operator, PortControl port) {
        if (!port.nic().model().hashes()) return "nothing to spread at " + port.port().name();
        int count = port.tables().channelCount();
        int start = random.nextInt(count);
        String how = random.nextBoolean() ? " default"
            : " equal " + (1 + random.nextInt(count - start)) + " start " + start;
        return operator.ask("ethtool -X " + port.port().name() + how);
    }

    private String firmware(Operator operator, NicControl nic, boolean isOwn) {
        try {
            nic.firmware().flash(isOwn ? ownImage : otherImage);
        } catch (FirmwareException e) {
            throw new IllegalStateException(e);
        }
        return operator.ask("devlink dev reload " + nic.handle() + " action fw_activate")
            + (isOwn ? ", its own image" : ", another image");
    }

    private String parser(Operator operator) {
        NicControl nic = nics.get(random.nextInt(nics.size()));
        boolean isUsual = random.nextInt(5) != 0;
        return operator.ask(nic.handle() + " fetches " + (isUsual ? "the usual" : "a small") + " parser",
            () -> nic.fetchParser(isUsual ? USUAL : SMALL));
    }
}
