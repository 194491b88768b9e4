package io.millrace.control.command.devlink;

import io.millrace.control.command.Answer;
import io.millrace.control.device.NicControl;
import io.millrace.nic.program.DeviceAbilities;
import io.millrace.nic.program.FirmwareImage;
import io.millrace.nic.program.Offload;
import io.millrace.packet.parse.device.DeviceLimits;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `devlink dev info`: what a device is, the programs that it runs and has stored with their hashes, what it can do and
/// its limits.
final class DeviceInfo {

    static Answer show(List<NicControl> nics, boolean isJson) {
        ObjectNode devices = JsonNodeFactory.instance.objectNode();
        var text = new StringBuilder();
        for (NicControl nic : nics) {
            devices.set(nic.handle(), json(nic));
            text(nic, text);
        }
        return isJson ? Answer.json(DevlinkVerb.object("info", devices)) : Answer.text(text);
    }

    private static Map<String, String> versions(FirmwareImage image) {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("fw", image.label());
        versions.put("fw.parser", image.parser().program().hashText());
        image.engines().forEach((name, hash) -> versions.put("fw." + name, hash.text()));
        return versions;
    }

    private static Map<String, Long> limits(NicControl nic) {
        DeviceAbilities abilities = nic.abilities();
        DeviceLimits parser = abilities.parser();
        Map<String, Long> limits = new LinkedHashMap<>();
        limits.put("max-nodes", (long) parser.walk().nodesMax());
        limits.put("max-encaps", (long) parser.walk().encapsMax());
        limits.put("max-tlvs", (long) parser.walk().tlvsMax());
        limits.put("max-header-bytes", (long) parser.walk().headerBytesMax());
        limits.put("parse-nodes", (long) parser.nodeRows());
        limits.put("table-entries", (long) parser.matchRows());
        abilities.tables().entrySet().stream().sorted(Map.Entry.comparingByKey())
            .forEach(each -> limits.put(each.getKey().label() + "-entries", each.getValue()));
        return limits;
    }

    private static List<String> capabilities(NicControl nic) {
        return nic.abilities().offloads().stream().sorted().map(Offload::label).toList();
    }

    private static void text(NicControl nic, StringBuilder text) {
        text.append(nic.handle()).append(":\n  driver sim\n  versions:\n      fixed:\n        board.id ")
            .append(nic.model().name()).append('\n');
        text.append("      running:\n");
        versions(nic.firmware().running()).forEach((name, value) -> line(text, name, value));
        text.append("      stored:\n");
        versions(nic.firmware().stored()).forEach((name, value) -> line(text, name, value));
        text.append("  capabilities:\n");
        capabilities(nic).forEach(each -> text.append("        ").append(each).append('\n'));
        text.append("  limits:\n");
        limits(nic).forEach((name, value) -> line(text, name, value));
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append("        ").append(name).append(' ').append(value).append('\n');
    }

    private static ObjectNode json(NicControl nic) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("driver", "sim");
        ObjectNode versions = node.putObject("versions");
        versions.putObject("fixed").put("board.id", nic.model().name());
        ObjectNode running = versions.putObject("running");
        versions(nic.firmware().running()).forEach(running::put);
        ObjectNode stored = versions.putObject("stored");
        versions(nic.firmware().stored()).forEach(stored::put);
        ArrayNode capabilities = node.putArray("capabilities");
        capabilities(nic).forEach(capabilities::add);
        ObjectNode limits = node.putObject("limits");
        limits(nic).forEach(limits::put);
        return node;
    }

    private DeviceInfo() {}
}
