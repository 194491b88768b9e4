package io.millrace.control.config;

import io.millrace.dataplane.config.InterfaceRules;
import io.millrace.dataplane.config.NicConfig;
import io.millrace.nic.sim.PortSettings;
import io.millrace.nic.sim.model.NicLimits;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.nic.sim.ring.DescriptorRing;
import io.millrace.packet.document.Document;
import io.millrace.packet.document.DocumentKeys;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads the entries of `nics`.
final class NicReader {

    private static final DocumentKeys KEYS =
        DocumentKeys.of("model", "ring", "pause", "latency", "flow-table").notYet("mode", "vfs", "firmware", "audit");
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
        mine.throwIfAny();
        return new NicConfig(name, model.with(model.limits().withLatency(latencyNs).withFlowEntries(flowEntries)),
            source, ringSlots, isPausing);
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
