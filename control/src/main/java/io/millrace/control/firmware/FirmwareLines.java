package io.millrace.control.firmware;

import io.millrace.nic.program.Engine;
import io.millrace.nic.program.FirmwareImage;
import io.millrace.nic.program.ProgramHash;
import io.millrace.nic.program.Programs;
import io.millrace.packet.parse.RecordField;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.packet.parse.graph.Limits;
import io.millrace.packet.parse.graph.MatchTable;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What is in a firmware image, beside what this process would run.
public final class FirmwareLines {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final FirmwareImage image;
    private final Programs here;

    public FirmwareLines(FirmwareImage image) {
        this.image = image;
        this.here = Programs.ofHost(image.parser().program());
    }

    public List<String> text() {
        List<String> lines = new ArrayList<>();
        lines.add("label     " + image.label());
        lines.add("image     " + image.hash() + ", " + image.bytes().length + " bytes");
        ParseImage parser = image.parser();
        lines.add("parser    " + parser.program().hashText() + ", " + parser.nodeCount() + " nodes, "
            + parser.matchCount() + " table entries");
        Limits limits = parser.limits();
        lines.add("          max-nodes " + limits.nodesMax() + ", max-encaps " + limits.encapsMax() + ", max-tlvs "
            + limits.tlvsMax() + ", max-header-bytes " + limits.headerBytesMax());
        image.engines().forEach((name, hash) -> lines.add("%-9s %s%s".formatted(name, hash, remark(name, hash))));
        for (MatchTable table : image.matchTables()) {
            lines.add("table     " + table.name() + " for " + table.target().label() + ": " + keys(table) + "; "
                + table.entriesMax() + " entries");
        }
        return lines;
    }

    /// How an engine of the image stands to the one here; empty if they are the same.
    private String remark(String name, ProgramHash hash) {
        Engine engine = Engine.labelled(name);
        if (engine == null) return "  unknown here";
        ProgramHash ours = here.hash(engine);
        return hash.equals(ours) ? "" : "  here " + ours.shortText();
    }

    private static String keys(MatchTable table) {
        return table.keys().stream().map(RecordField::label).collect(Collectors.joining(" "));
    }

    public ObjectNode json() {
        ParseImage parser = image.parser();
        Limits limits = parser.limits();
        ObjectNode node = JSON.objectNode().put("label", image.label()).put("hash", image.hash().text())
            .put("bytes", image.bytes().length);
        node.putObject("parser").put("hash", parser.program().hashText()).put("nodes", parser.nodeCount())
            .put("table-entries", parser.matchCount()).put("max-nodes", limits.nodesMax())
            .put("max-encaps", limits.encapsMax()).put("max-tlvs", limits.tlvsMax())
            .put("max-header-bytes", limits.headerBytesMax());
        ObjectNode engines = node.putObject("engines");
        image.engines().forEach((name, hash) -> engines.putObject(name).put("hash", hash.text())
            .put("as-here", Engine.labelled(name) != null && hash.equals(here.hash(Engine.labelled(name)))));
        ArrayNode tables = node.putArray("match-tables");
        for (MatchTable table : image.matchTables()) {
            ArrayNode keys = tables.addObject().put("name", table.name()).put("target", table.target().label())
                .put("entries", table.entriesMax()).putArray("keys");
            table.keys().forEach(key -> keys.add(key.label()));
        }
        return node;
    }
}
