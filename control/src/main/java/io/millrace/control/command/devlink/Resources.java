package io.millrace.control.command.devlink;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Words;
import io.millrace.control.device.NicControl;
import io.millrace.control.device.PortControl;
import io.millrace.nic.program.FirmwareImage;
import io.millrace.nic.sim.model.NicLimits;
import io.millrace.packet.parse.graph.MatchTable;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// `devlink resource show`: the tables of a device, their sizes and what is in them.
final class Resources {

    private record Resource(String name, long size, long occupied) {}

    static Answer show(NicControl nic, Words words) {
        DevlinkVerb.end(words);
        List<Resource> resources = all(nic);
        if (words.isJson()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (Resource each : resources) {
                array.addObject().put("name", each.name).put("size", each.size).put("occ", each.occupied)
                    .put("unit", "entry");
            }
            return Answer.json(DevlinkVerb.object("resources", DevlinkVerb.object(nic.handle(), array)));
        }
        var text = new StringBuilder(nic.handle() + ":\n");
        for (Resource each : resources) {
            text.append("  name ").append(each.name).append(" size ").append(each.size).append(" occ ")
                .append(each.occupied).append(" unit entry size_min ").append(each.size).append(" size_max ")
                .append(each.size).append(" size_gran 1 dpipe_tables none\n");
        }
        return Answer.text(text);
    }

    private static List<Resource> all(NicControl nic) {
        NicLimits limits = nic.model().limits();
        FirmwareImage image = nic.firmware().running();
        List<Resource> all = new ArrayList<>();
        all.add(new Resource("parse-nodes", limits.parser().nodeRows(), image.parser().nodeCount()));
        all.add(new Resource("parse-table-entries", limits.parser().matchRows(), image.parser().matchCount()));
        all.add(new Resource("filters", limits.filters().filtersMax(), nic.filterCount()));
        all.add(new Resource("filter-shapes", limits.filters().shapesMax(), nic.shapeCount()));
        for (PortControl port : nic.ports()) {
            String name = port.port().name() + "/";
            all.add(new Resource(name + "channels", limits.queuesMax(), port.tables().channelCount()));
            all.add(new Resource(name + "rss-contexts", limits.contextsMax(), port.tables().contexts().size()));
            all.add(new Resource(name + "ntuple-rules", limits.rulesMax(), ruleCount(port, 0)));
            List<MatchTable> raw = port.rawTables();
            for (int i = 0; i < raw.size(); i++) {
                all.add(new Resource(name + raw.get(i).name(), raw.get(i).entriesMax(), ruleCount(port, i + 1)));
            }
        }
        return all;
    }

    private static long ruleCount(PortControl port, int table) {
        return port.tables().rules().values().stream().filter(rule -> rule.table() == table).count();
    }

    private Resources() {}
}
