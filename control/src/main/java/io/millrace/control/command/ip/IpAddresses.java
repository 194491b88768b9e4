package io.millrace.control.command.ip;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Words;
import io.millrace.control.event.ControlEvent;
import io.millrace.control.live.InterfaceEdit;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.config.InterfaceConfig;
import io.millrace.dataplane.iface.Interface;
import io.millrace.packet.address.IpPrefix;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import static io.millrace.control.command.ip.IpArguments.KERNEL_REFUSED;

/// `ip address`.
final class IpAddresses implements IpVerb.IpObject {

    private static final long FOREVER = 0xffff_ffffL;

    private final RunningDataplane running;
    private final LinkLines lines;

    IpAddresses(RunningDataplane running) {
        this.running = running;
        this.lines = new LinkLines(running);
    }

    @Override
    public List<String> names() {
        return List.of("address");
    }

    @Override
    public List<String> usage() {
        return List.of("ip [-4|-6] [-br] addr [show [dev] PORT]", "ip addr { add | del } ADDRESS/LENGTH dev PORT",
            "ip [-4|-6] addr flush dev PORT");
    }

    @Override
    public Answer run(Words words, IpOptions options) {
        String command = words.hasNext() ? words.next() : "show";
        if (IpArguments.isShow(command)) return show(words, options);
        if ("add".startsWith(command)) return add(words, options, false);
        if ("replace".startsWith(command) || "change".startsWith(command)) return add(words, options, true);
        if ("delete".startsWith(command)) return delete(words, options);
        if ("flush".startsWith(command)) return flush(words, options);
        throw IpArguments.unknownCommand("address", command);
    }

    private Answer show(Words words, IpOptions options) {
        List<Interface> shown = IpArguments.shown(words, running);
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        var text = new StringBuilder();
        for (Interface each : shown) {
            if (words.isJson()) describe(array.addObject(), each, options);
            else append(text, each, options);
        }
        return words.isJson() ? Answer.json(array) : Answer.text(text);
    }

    private void append(StringBuilder text, Interface each, IpOptions options) {
        List<IpPrefix> addresses = inOrder(each, options);
        if (options.isBrief()) {
            var row = new StringBuilder();
            addresses.forEach(address -> row.append(withLength(address)).append(' '));
            lines.appendBrief(text, each, row.toString());
            return;
        }
        lines.append(text, each, "");
        for (IpPrefix address : addresses) {
            boolean isIpv4 = address.address().isIpv4();
            text.append(isIpv4 ? "    inet " : "    inet6 ").append(withLength(address)).append(" scope ")
                .append(scope(address)).append(' ');
            if (isIpv4) text.append(isSecondary(each, address) ? "secondary " : "").append(each.name());
            text.append("\n       valid_lft forever preferred_lft forever\n");
        }
        if (options.hasStatistics()) lines.appendStatistics(text, each);
    }

    private void describe(ObjectNode node, Interface each, IpOptions options) {
        lines.describe(node, each, false);
        ArrayNode list = node.putArray("addr_info");
        for (IpPrefix address : inOrder(each, options)) {
            boolean isIpv4 = address.address().isIpv4();
            ObjectNode info = list.addObject().put("family", isIpv4 ? "inet" : "inet6")
                .put("local", address.address().toString()).put("prefixlen", address.length())
                .put("scope", scope(address));
            if (isSecondary(each, address)) info.put("secondary", true);
            if (isIpv4) info.put("label", each.name());
            info.put("valid_life_time", FOREVER).put("preferred_life_time", FOREVER);
        }
    }

    /// IPv4 first; among IPv6 addresses those of the greatest scope, as Linux lists them.
    private static List<IpPrefix> inOrder(Interface each, IpOptions options) {
        var addresses = new ArrayList<IpPrefix>();
        for (int rank = 0; rank < 3; rank++) {
            for (IpPrefix address : each.addresses()) {
                if (rank(address) == rank && options.wants(address.address().family())) addresses.add(address);
            }
        }
        return addresses;
    }

    private static int rank(IpPrefix address) {
        if (address.address().isIpv4()) return 0;
        return address.address().isLinkLocal() ? 2 : 1;
    }

    private static String withLength(IpPrefix address) {
        return address.address() + "/" + address.length();
    }

    private static String scope(IpPrefix address) {
        return address.address().isLinkLocal() && address.address().isIpv6() ? "link" : "global";
    }

    private static boolean isSecondary(Interface each, IpPrefix address) {
        if (address.address().isIpv6()) return false;
        for (IpPrefix earlier : each.addresses()) {
            if (earlier.equals(address)) return false;
            if (earlier.address().isIpv4() && earlier.network().equals(address.network())) return true;
        }
        return false;
    }

    private record Target(IpPrefix address, Interface device) {}

    private Target target(Words words, IpOptions options) {
        IpPrefix address = null;
        String device = null;
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "dev" -> device = IpArguments.next(words);
                case "brd", "broadcast" -> {
                    if (!words.take("+")) {
                        throw new Refusal(IpArguments.WRONG, "only \"brd +\" is available: the broadcast address "
                            + "follows from the network");
                    }
                }
                default -> {
                    if (address != null) throw IpArguments.garbage("local", word);
                    if (word.equals("local")) word = IpArguments.next(words);
                    address = IpArguments.prefix(word, options);
                }
            }
        }
        if (device == null) {
            throw new Refusal(IpArguments.WRONG, "Not enough information: \"dev\" argument is required.");
        }
        Interface found = IpArguments.device(running, device);
        if (address == null) throw new Refusal(KERNEL_REFUSED, "RTNETLINK answers: Invalid argument");
        return new Target(address, found);
    }

    private Answer add(Words words, IpOptions options, boolean replaces) {
        Target target = target(words, options);
        IpPrefix address = target.address();
        if (target.device().owns(address.address())) {
            if (replaces && configured(target.device()).contains(address)) return Answer.DONE;
            throw new Refusal(KERNEL_REFUSED, address.address().isIpv4()
                ? "Error: ipv4: Address already assigned." : "Error: ipv6: address already assigned.");
        }
        new InterfaceEdit(running).addresses(target.device().name(), addresses -> {
            var more = new ArrayList<>(addresses);
            more.add(address);
            return more;
        });
        publish("add", target);
        return Answer.DONE;
    }

    private Answer delete(Words words, IpOptions options) {
        Target target = target(words, options);
        IpPrefix address = target.address();
        if (!configured(target.device()).contains(address)) {
            throw new Refusal(KERNEL_REFUSED, address.address().isIpv4()
                ? "Error: ipv4: Address not found." : "Error: ipv6: address not found.");
        }
        new InterfaceEdit(running).addresses(target.device().name(),
            addresses -> addresses.stream().filter(each -> !each.equals(address)).toList());
        publish("del", target);
        return Answer.DONE;
    }

    private Answer flush(Words words, IpOptions options) {
        words.take("dev");
        Interface device = IpArguments.shownDevice(running,
            words.next(IpArguments.WRONG, "Flush requires arguments."));
        new InterfaceEdit(running).addresses(device.name(), addresses ->
            addresses.stream().filter(each -> !options.wants(each.address().family())).toList());
        running.publish(new ControlEvent.InterfaceChange("flush", device.name(), "addresses"));
        return Answer.DONE;
    }

    private List<IpPrefix> configured(Interface device) {
        InterfaceConfig config = running.config().topology().find(device.name()).orElseThrow();
        return config.addresses();
    }

    private void publish(String action, Target target) {
        running.publish(new ControlEvent.InterfaceChange(action, target.device().name(),
            "address " + withLength(target.address())));
    }
}
