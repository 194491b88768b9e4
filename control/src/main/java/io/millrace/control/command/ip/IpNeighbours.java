package io.millrace.control.command.ip;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Words;
import io.millrace.control.event.ControlEvent;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.neighbour.Neighbour;
import io.millrace.dataplane.neighbour.NeighbourResult;
import io.millrace.dataplane.neighbour.NeighbourState;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.address.IpAddress;

import java.util.List;
import java.util.Locale;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import static io.millrace.control.command.ip.IpArguments.KERNEL_REFUSED;
import static io.millrace.control.command.ip.IpArguments.WRONG_SYNTAX;

/// `ip neighbour`.
final class IpNeighbours implements IpVerb.IpObject {

    private static final List<Integer> STATES = List.of(NeighbourState.PERMANENT, NeighbourState.REACHABLE,
        NeighbourState.NOARP, NeighbourState.STALE, NeighbourState.NONE, NeighbourState.INCOMPLETE,
        NeighbourState.DELAY, NeighbourState.PROBE, NeighbourState.FAILED);

    private final RunningDataplane running;

    IpNeighbours(RunningDataplane running) {
        this.running = running;
    }

    @Override
    public List<String> names() {
        return List.of("neighbour", "neighbor");
    }

    @Override
    public List<String> usage() {
        return List.of("ip [-4|-6] neigh [show [dev PORT] [nud STATE]]",
            "ip neigh { add | replace } ADDRESS lladdr MAC dev PORT [nud permanent|noarp|reachable|stale]",
            "ip neigh del ADDRESS dev PORT", "ip [-4|-6] neigh flush dev PORT");
    }

    @Override
    public Answer run(Words words, IpOptions options) {
        String command = words.hasNext() ? words.next() : "show";
        if (IpArguments.isShow(command)) return show(words, options);
        if ("add".startsWith(command)) return set("add", words, options);
        if ("replace".startsWith(command)) return set("replace", words, options);
        if ("delete".startsWith(command)) return delete(words, options);
        if ("flush".startsWith(command)) return flush(words, options);
        throw IpArguments.unknownCommand("neigh", command);
    }

    private List<Neighbour> neighbours() {
        return running.onRouter(_ -> running.router().neighbours().neighbours());
    }

    private Answer show(Words words, IpOptions options) {
        Interface device = null;
        int state = -1;
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "dev" -> device = IpArguments.device(running, IpArguments.next(words));
                case "nud" -> state = state(IpArguments.next(words));
                default -> throw IpArguments.garbage("to", word);
            }
        }
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        var text = new StringBuilder();
        for (Neighbour each : neighbours()) {
            if (device != null && each.interfaceIndex() != device.index()) continue;
            // As iproute2: multicast and the like are not shown unless asked for.
            boolean isShown = state < 0 ? each.state() != NeighbourState.NOARP : each.state() == state;
            if (!isShown || !options.wants(each.address().family())) continue;
            if (words.isJson()) describe(array.addObject(), each, device == null);
            else append(text, each, device == null);
        }
        return words.isJson() ? Answer.json(array) : Answer.text(text);
    }

    private void append(StringBuilder text, Neighbour each, boolean hasDevice) {
        text.append(each.address()).append(' ');
        if (hasDevice) text.append("dev ").append(name(each)).append(' ');
        if (each.hasMac()) text.append("lladdr ").append(Addresses.mac(each.mac())).append(' ');
        if (each.isRouter()) text.append("router ");
        text.append(NeighbourState.name(each.state())).append(" \n");
    }

    private void describe(ObjectNode node, Neighbour each, boolean hasDevice) {
        node.put("dst", each.address().toString());
        if (hasDevice) node.put("dev", name(each));
        if (each.hasMac()) node.put("lladdr", Addresses.mac(each.mac()));
        if (each.isRouter()) node.putNull("router");
        node.putArray("state").add(NeighbourState.name(each.state()));
    }

    private String name(Neighbour each) {
        return running.router().interfaces().get(each.interfaceIndex()).name();
    }

    private Answer set(String action, Words words, IpOptions options) {
        IpAddress address = null;
        String device = null;
        String mac = null;
        int state = NeighbourState.PERMANENT;
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "dev" -> device = IpArguments.next(words);
                case "lladdr" -> mac = IpArguments.next(words);
                case "nud" -> state = state(IpArguments.next(words));
                default -> {
                    if (word.equals("to")) word = IpArguments.next(words);
                    if (address != null) throw IpArguments.garbage("to", word);
                    address = IpArguments.address(word, options, 0);
                }
            }
        }
        if (address == null || device == null) {
            throw new Refusal(WRONG_SYNTAX, "Device and destination are required arguments.");
        }
        Interface target = IpArguments.device(running, device);
        if (mac == null) throw new Refusal(KERNEL_REFUSED, "RTNETLINK answers: Invalid argument\n"
            + "\"lladdr MAC\" is missing");
        change(action, target, address, parsedMac(mac), state);
        return Answer.DONE;
    }

    private void change(String action, Interface target, IpAddress address, long mac,
                        int state) {
        NeighbourResult result = running.onRouter(nowNs -> {
            var table = running.router().neighbours();
            return action.equals("add") ? table.add(target.index(), address, mac, state, nowNs)
                : table.replace(target.index(), address, mac, state, nowNs);
        });
        if (result != NeighbourResult.DONE) throw new Refusal(KERNEL_REFUSED, result.meaning());
        running.publish(new ControlEvent.NeighbourChange(action, address.toString(), target.name(),
            Addresses.mac(mac), NeighbourState.name(state)));
    }

    private static long parsedMac(String text) {
        try {
            return Addresses.parseMac(text);
        } catch (IllegalArgumentException e) {
            throw new Refusal(IpArguments.WRONG, "\"" + text + "\" is invalid lladdr.");
        }
    }

    private static int state(String word) {
        return STATES.stream().filter(each -> NeighbourState.name(each).toLowerCase(Locale.ROOT).equals(word))
            .findFirst().orElseThrow(() ->
                new Refusal(WRONG_SYNTAX, "Error: argument \"" + word + "\" is wrong: nud state is bad"));
    }

    private Answer delete(Words words, IpOptions options) {
        IpAddress address = null;
        String device = null;
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "dev" -> device = IpArguments.next(words);
                case "lladdr", "nud" -> IpArguments.next(words);   // iproute2 takes and ignores them
                default -> {
                    if (address != null) throw IpArguments.garbage("to", word);
                    address = IpArguments.address(word, options, 0);
                }
            }
        }
        if (address == null || device == null) {
            throw new Refusal(WRONG_SYNTAX, "Device and destination are required arguments.");
        }
        Interface target = IpArguments.device(running, device);
        var gone = address;
        NeighbourResult result = running.onRouter(nowNs ->
            running.router().neighbours().remove(target.index(), gone, nowNs));
        if (result != NeighbourResult.DONE) throw new Refusal(KERNEL_REFUSED, result.meaning());
        running.publish(new ControlEvent.NeighbourChange("del", gone.toString(), target.name(), "", ""));
        return Answer.DONE;
    }

    /// Permanent neighbours stay, as with iproute2.
    private Answer flush(Words words, IpOptions options) {
        if (!words.take("dev")) throw new Refusal(IpArguments.WRONG, "Flush requires arguments.");
        Interface device = IpArguments.device(running, IpArguments.next(words));
        words.end("ip neigh flush dev PORT");
        running.onRouter(nowNs -> {
            var table = running.router().neighbours();
            for (Neighbour each : table.neighbours()) {
                boolean isKept = each.state() == NeighbourState.PERMANENT || each.state() == NeighbourState.NOARP;
                if (isKept || each.interfaceIndex() != device.index()) continue;
                if (options.wants(each.address().family())) table.remove(device.index(), each.address(), nowNs);
            }
            return null;
        });
        return Answer.DONE;
    }
}
