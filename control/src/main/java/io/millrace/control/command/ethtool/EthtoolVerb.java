package io.millrace.control.command.ethtool;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.nic.port.Port;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `ethtool OPTION PORT`. Options about what ports do not have yet say so by name.
public final class EthtoolVerb implements ControlVerb {

    private static final Map<String, String> LONG_NAMES = Map.ofEntries(
        Map.entry("--driver", "-i"), Map.entry("--statistics", "-S"), Map.entry("--show-channels", "-l"),
        Map.entry("--set-channels", "-L"), Map.entry("--show-ring", "-g"), Map.entry("--set-ring", "-G"),
        Map.entry("--show-features", "-k"), Map.entry("--show-offload", "-k"), Map.entry("--features", "-K"),
        Map.entry("--offload", "-K"), Map.entry("--show-rxfh", "-x"), Map.entry("--show-rxfh-indir", "-x"),
        Map.entry("--set-rxfh-indir", "-X"), Map.entry("--rxfh", "-X"), Map.entry("--show-nfc", "-n"),
        Map.entry("--show-ntuple", "-u"), Map.entry("--config-nfc", "-N"), Map.entry("--config-ntuple", "-U"));

    /// What an option is about that no port has.
    private static final Map<String, String> ABSENT = Map.of(
        "-k", "a port's offload features", "-K", "a port's offload features",
        "-x", "a port's receive hash table", "-X", "a port's receive hash table",
        "-n", "receive classification of a port", "-N", "receive classification of a port",
        "-u", "receive classification of a port", "-U", "receive classification of a port");

    private final RunningDataplane running;
    private final String version;

    /// @param version of Millrace, which `-i` shows
    public EthtoolVerb(RunningDataplane running, String version) {
        this.running = running;
        this.version = version;
    }

    @Override
    public String name() {
        return "ethtool";
    }

    @Override
    public List<String> usage() {
        return List.of("ethtool -i PORT", "ethtool -S PORT", "ethtool -l PORT",
            "ethtool -L PORT [rx N] [tx N] [combined N]", "ethtool -g PORT");
    }

    @Override
    public Answer run(Words words, Caller caller) {
        if (!words.hasNext()) throw badCommand();
        String given = words.next();
        String option = LONG_NAMES.getOrDefault(given, given);
        if (ABSENT.containsKey(option)) {
            throw new Refusal(1, "ethtool " + given + ": " + ABSENT.get(option) + ": not in this version");
        }
        return switch (option) {
            case "-i" -> driver(words);
            case "-S" -> statistics(words);
            case "-l" -> new Channels(port(words, netlinkMissing())).show(words);
            case "-L" -> new Channels(port(words, netlinkMissing())).set(words);
            case "-g", "-G" -> {
                port(words, netlinkMissing());
                throw new Refusal(1, "netlink error: Operation not supported");
            }
            default -> throw badCommand();
        };
    }

    static Refusal badCommand() {
        return new Refusal(1, "ethtool: bad command line argument(s)\nFor more information run ethtool -h");
    }

    private static Refusal netlinkMissing() {
        return new Refusal(1, "netlink error: no device matches name (offset 24)\nnetlink error: No such device");
    }

    private Port port(Words words, Refusal refusal) {
        if (!words.hasNext()) throw badCommand();
        String name = words.next();
        return running.ports().stream().filter(each -> each.name().equals(name)).findFirst()
            .orElseThrow(() -> refusal);
    }

    private Answer driver(Words words) {
        Port port = port(words, new Refusal(71, "Cannot get driver information: No such device"));
        end(words);
        PortConfig config = running.config().ports().get(port.index());
        ObjectNode node = JsonNodeFactory.instance.objectNode()
            .put("driver", config.wire().getClass().getSimpleName().toLowerCase(Locale.ROOT))
            .put("version", version).put("firmware-version", "").put("expansion-rom-version", "").put("bus-info", "")
            .put("supports-statistics", "yes").put("supports-test", "no").put("supports-eeprom-access", "no")
            .put("supports-register-dump", "no").put("supports-priv-flags", "no");
        if (words.isJson()) return Answer.json(array(port, node));
        var text = new StringBuilder();
        node.properties().forEach(each ->
            text.append(each.getKey()).append(": ").append(each.getValue().asString()).append('\n'));
        return Answer.text(text);
    }

    private Answer statistics(Words words) {
        Port port = port(words, new Refusal(96, "Cannot get stats strings information: No such device"));
        end(words);
        var counters = port.counters();
        ObjectNode node = JsonNodeFactory.instance.objectNode()
            .put("rx_packets", counters.rxPackets()).put("rx_bytes", counters.rxBytes())
            .put("rx_dropped", counters.rxDropped()).put("tx_packets", counters.txPackets())
            .put("tx_bytes", counters.txBytes()).put("tx_dropped", counters.txDropped());
        if (words.isJson()) return Answer.json(array(port, node));
        var text = new StringBuilder("NIC statistics:\n");
        node.properties().forEach(each ->
            text.append("     ").append(each.getKey()).append(": ").append(each.getValue().asLong()).append('\n'));
        return Answer.text(text);
    }

    static void end(Words words) {
        if (words.hasNext()) throw badCommand();
    }

    /// As ethtool does it: an array of one object, which says its name first.
    static JsonNode array(Port port, ObjectNode members) {
        ObjectNode named = JsonNodeFactory.instance.objectNode().put("ifname", port.name());
        new ArrayList<>(members.properties()).forEach(each -> named.set(each.getKey(), each.getValue()));
        return JsonNodeFactory.instance.arrayNode().add(named);
    }
}
