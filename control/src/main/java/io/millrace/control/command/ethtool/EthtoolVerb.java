package io.millrace.control.command.ethtool;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Words;
import io.millrace.control.device.Nics;
import io.millrace.control.device.PortControl;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.SimPort;
import io.millrace.nic.sim.mailbox.CommandResult;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `ethtool OPTION PORT`. What only a NIC has is refused of a bare wire, as Linux refuses it of a device without.
public final class EthtoolVerb implements ControlVerb {

    private static final Map<String, String> LONG_NAMES = Map.ofEntries(
        Map.entry("--driver", "-i"), Map.entry("--statistics", "-S"), Map.entry("--show-channels", "-l"),
        Map.entry("--set-channels", "-L"), Map.entry("--show-ring", "-g"), Map.entry("--set-ring", "-G"),
        Map.entry("--show-features", "-k"), Map.entry("--show-offload", "-k"), Map.entry("--features", "-K"),
        Map.entry("--offload", "-K"), Map.entry("--show-rxfh", "-x"), Map.entry("--show-rxfh-indir", "-x"),
        Map.entry("--set-rxfh-indir", "-X"), Map.entry("--rxfh", "-X"), Map.entry("--show-nfc", "-n"),
        Map.entry("--show-ntuple", "-u"), Map.entry("--config-nfc", "-N"), Map.entry("--config-ntuple", "-U"));

    private static final String NO_HASH = "Cannot get RX ring count: Operation not supported";
    private static final String NO_RULES = "rxclass: Cannot get RX class rule count: Operation not supported";

    private final RunningDataplane running;
    private final Nics nics;
    private final String version;

    /// @param version of Millrace, which `-i` shows
    public EthtoolVerb(RunningDataplane running, Nics nics, String version) {
        this.running = running;
        this.nics = nics;
        this.version = version;
    }

    @Override
    public String name() {
        return "ethtool";
    }

    @Override
    public List<String> usage() {
        return List.of("ethtool PORT", "ethtool -i PORT", "ethtool -S PORT", "ethtool -l PORT",
            "ethtool -L PORT [rx N] [tx N] [combined N]", "ethtool -g PORT", "ethtool -G PORT [rx N] [tx N]",
            "ethtool -k PORT", "ethtool -K PORT OFFLOAD on|off …", "ethtool -x PORT [context N]",
            "ethtool -X PORT [equal N|weight W0 …|default] [start N] [hkey KEY] [hfunc NAME] [xfrm NAME]"
                + " [context new|N [delete]]",
            "ethtool -n PORT [rule ID | rx-flow-hash TYPE [context N]]",
            "ethtool -N PORT rx-flow-hash TYPE LETTERS [context N]",
            "ethtool -N PORT flow-type TYPE [FIELD VALUE [m MASK]]… [action N] [context N] [loc N]",
            "ethtool -N PORT flow-type raw table NAME [KEY VALUE [m MASK]]… [action N] [context N] [loc N]",
            "ethtool -N PORT delete ID");
    }

    @Override
    public Answer run(Words words, Caller caller) {
        if (!words.hasNext()) throw badCommand();
        String given = words.next();
        return switch (LONG_NAMES.getOrDefault(given, given)) {
            case "-i" -> driver(words);
            case "-S" -> statistics(words);
            case "-l" -> {
                Port port = port(words, netlinkMissing());
                PortControl control = nics.port(port);
                yield control == null ? new Channels(port).show(words) : new CombinedChannels(control).show(words);
            }
            case "-L" -> {
                Port port = port(words, netlinkMissing());
                PortControl control = nics.port(port);
                yield control == null ? new Channels(port).set(words) : new CombinedChannels(control).set(words);
            }
            case "-g" -> rings(words).show(words);
            case "-G" -> rings(words).set(words);
            case "-k" -> features(words).show(words);
            case "-K" -> features(words).set(words);
            case "-x" -> hashTables(words).show(words);
            case "-X" -> hashTables(words).set(words);
            case "-n", "-u" -> new Classification(control(words, NO_RULES)).show(words);
            case "-N", "-U" -> new Classification(control(words, NO_RULES + "\nCannot insert classification rule"))
                .change(words);
            default -> absent(given, words);
        };
    }

    /// What ethtool knows and no port here has; and without an option, what is known of the link.
    private Answer absent(String given, Words words) {
        Refusal refusal = AbsentOptions.refusal(given);
        if (refusal == null && given.startsWith("-")) throw badCommand();
        if (refusal != null) {
            port(words, netlinkMissing());
            throw refusal;
        }
        Port port = running.ports().stream().filter(each -> each.name().equals(given)).findFirst()
            .orElseThrow(() -> new Refusal(75, netlinkMissing().getMessage() + "\nNo data available"));
        end(words);
        boolean isUp = !(port instanceof SimPort simulated)
            || simulated.hasCarrier() && simulated.isLinkUp(running.nowNs());
        if (words.isJson()) {
            return Answer.json(array(port, JsonNodeFactory.instance.objectNode().put("link-detected", isUp)));
        }
        return Answer.text("Settings for " + given + ":\n\tLink detected: " + (isUp ? "yes" : "no") + "\n");
    }

    private Features features(Words words) {
        Port port = port(words, netlinkMissing());
        return new Features(port, nics.port(port));
    }

    private Rings rings(Words words) {
        return new Rings(control(words, "netlink error: Operation not supported"), running);
    }

    private HashTables hashTables(Words words) {
        PortControl control = control(words, NO_HASH);
        if (!control.nic().model().hashes()) throw new Refusal(1, NO_HASH);
        return new HashTables(control);
    }

    /// The NIC's side of a port; refused of a bare wire.
    private PortControl control(Words words, String refusal) {
        PortControl control = nics.port(port(words, netlinkMissing()));
        if (control == null) throw new Refusal(1, refusal);
        return control;
    }

    static String word(Words words) {
        if (!words.hasNext()) throw badCommand();
        return words.next();
    }

    static int number(String word) {
        try {
            return Integer.parseUnsignedInt(word) < 0 ? Integer.MAX_VALUE : Integer.parseUnsignedInt(word);
        } catch (NumberFormatException e) {
            throw badCommand();
        }
    }

    /// What the device refuses without a word of ethtool's own for it.
    static void require(CommandResult result) {
        if (result != CommandResult.DONE) throw new Refusal(1, "netlink error: " + result.meaning());
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
        PortControl nic = nics.port(port);
        PortConfig config = running.config().ports().get(port.index());
        ObjectNode node = JsonNodeFactory.instance.objectNode()
            .put("driver", nic == null ? config.wire().getClass().getSimpleName().toLowerCase(Locale.ROOT) : "sim")
            .put("version", version)
            .put("firmware-version", nic == null ? "" : nic.nic().firmware().running().label())
            .put("expansion-rom-version", "").put("bus-info", nic == null ? "" : nic.nic().handle())
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
        if (nics.port(port) != null) queues(nics.port(port), node);
        if (words.isJson()) return Answer.json(array(port, node));
        var text = new StringBuilder("NIC statistics:\n");
        node.properties().forEach(each ->
            text.append("     ").append(each.getKey()).append(": ").append(each.getValue().asLong()).append('\n'));
        return Answer.text(text);
    }

    private static void queues(PortControl control, ObjectNode node) {
        for (int queue = 0; queue < control.tables().channelCount(); queue++) {
            node.put("rx_queue_" + queue + "_packets", control.port().receivedBy(queue))
                .put("tx_queue_" + queue + "_packets", control.port().sentBy(queue));
        }
        node.put("rx_pauses", control.port().pauses());
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
