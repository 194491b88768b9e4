package io.millrace.control.config;

import io.millrace.dataplane.config.FaultConfig;
import io.millrace.dataplane.config.InterfaceRules;
import io.millrace.dataplane.config.FirmwareConfig;
import io.millrace.dataplane.config.NicConfig;
import io.millrace.nic.program.FirmwareException;
import io.millrace.nic.program.FirmwareImage;
import io.millrace.nic.sim.PortSettings;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.model.NicLimits;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.nic.sim.ring.DescriptorRing;
import io.millrace.packet.document.Document;
import io.millrace.packet.document.DocumentKeys;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the entries of `nics`.
final class NicReader {

    private static final DocumentKeys KEYS =
        DocumentKeys.of("model", "ring", "pause", "latency", "flow-table", "firmware", "audit", "faults", "mode",
            "vfs");
    private static final Pattern SHARE = Pattern.compile("1/([0-9]{1,10})");
    private static final List<NicModel> SHIPPED = List.of(NicModel.FULL, NicModel.CLASSIC, NicModel.BARE);

    private final DocumentProblems problems;
    private final List<NicConfig> nics = new ArrayList<>();

    NicReader(DocumentProblems problems) {
        this.problems = problems;
    }

    List<NicConfig> nics() {
        return nics;
    }

    void read(String name, DocumentNode node) {
        if (!InterfaceRules.isName(name)) {
            problems.add(node.keyError("\"" + name + "\" is no name for a NIC", InterfaceRules.NAME_RULE));
            return;
        }
        problems.attempt(() -> node.object(KEYS));
        problems.attempt(() -> nic(name, node)).ifPresent(nics::add);
    }

    private static NicConfig nic(String name, DocumentNode node) {
        var mine = new DocumentProblems();
        String source = node.get("model").map(DocumentNode::asString).orElse(NicModel.FULL.name());
        NicModel model = mine.attempt(() -> model(source, node)).orElse(NicModel.FULL);
        int ringMax = model.limits().ringSlotsMax();
        int ringSlots = node.get("ring").flatMap(value -> mine.attempt(() ->
            NicModelReader.powerOfTwo(value, DescriptorRing.SLOTS_MIN, ringMax)))
            .orElse(Math.min(PortSettings.RING_SLOTS_USUAL, ringMax));
        boolean isPausing = node.get("pause").flatMap(value -> mine.attempt(value::asSwitch)).orElse(true);
        long latencyNs = node.get("latency").flatMap(value -> mine.attempt(() -> NicModelReader.latencyNs(value)))
            .orElse(model.limits().latencyNs());
        int entriesMax = model.limits().flowEntriesMax() == 0 ? 0 : NicLimits.FLOW_ENTRIES_MAX;
        int flowEntries = node.get("flow-table").flatMap(value -> mine.attempt(() -> value.asInt(0, entriesMax)))
            .orElse(model.limits().flowEntriesMax());
        Optional<FirmwareConfig> firmware = node.get("firmware").flatMap(value -> mine.attempt(() -> firmware(value)));
        int auditOneIn = node.get("audit").flatMap(value -> mine.attempt(() -> oneIn(value))).orElse(0);
        FaultConfig faults = node.get("faults").flatMap(value -> mine.attempt(() -> FaultReader.read(value)))
            .orElse(FaultConfig.NONE);
        EswitchMode mode = node.get("mode").flatMap(value -> mine.attempt(() -> EswitchMode.labelled(
            value.asOneOf(EswitchMode.LEGACY.label(), EswitchMode.SWITCHDEV.label())))).orElse(EswitchMode.SWITCHDEV);
        int vfs = node.get("vfs").flatMap(value -> mine.attempt(() -> value.asInt(0, SimNic.VFS_MAX))).orElse(0);
        mine.throwIfAny();
        return new NicConfig(name, model.with(model.limits().withLatency(latencyNs).withFlowEntries(flowEntries)),
            source, ringSlots, isPausing, firmware, auditOneIn, faults, mode, vfs);
    }

    private static FirmwareConfig firmware(DocumentNode node) {
        Path file = node.as(Path::of);
        try {
            return new FirmwareConfig(node.asString(), FirmwareImage.load(Files.readAllBytes(file)));
        } catch (FirmwareException e) {
            throw node.error("no image that a device can boot: " + e.getMessage(), "millrace firmware build makes one");
        } catch (IOException e) {
            throw node.error("cannot read \"" + file + "\"", "a file from millrace firmware build");
        }
    }

    /// `1/1000`: one in so many.
    private static int oneIn(DocumentNode node) {
        Matcher share = SHARE.matcher(node.asString());
        boolean isShare = share.matches() && Long.parseLong(share.group(1)) >= 1
            && Long.parseLong(share.group(1)) <= NicConfig.AUDIT_ONE_IN_MAX;
        if (!isShare) throw node.error("\"" + node.asString() + "\" is no share", "1/1 to 1/1000000000");
        return Integer.parseInt(share.group(1));
    }

    private static NicModel model(String source, DocumentNode nic) {
        for (NicModel model : SHIPPED) {
            if (model.name().equals(source)) return model;
        }
        DocumentNode node = nic.required("model");
        Path file = node.as(Path::of);
        if (!Files.isRegularFile(file)) {
            throw node.error("\"" + source + "\" is no model, and no file of that name is there",
                "full, classic, bare, or a file");
        }
        return NicModelReader.read(file.getFileName().toString(), Document.read(file));
    }
}
