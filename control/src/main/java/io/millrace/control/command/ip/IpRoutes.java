package io.millrace.control.command.ip;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Words;
import io.millrace.control.event.ControlEvent;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.route.NextHops;
import io.millrace.dataplane.route.Route;
import io.millrace.dataplane.route.RouteResult;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.dataplane.route.RouteType;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;

import java.util.List;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

import static io.millrace.control.command.ip.IpArguments.KERNEL_REFUSED;

/// `ip route`. Shows IPv4 unless -6 is given, as iproute2 does.
final class IpRoutes implements IpVerb.IpObject {

    private enum Table { MAIN, LOCAL, ALL }

    private final RunningDataplane running;

    IpRoutes(RunningDataplane running) {
        this.running = running;
    }

    @Override
    public List<String> names() {
        return List.of("route");
    }

    @Override
    public List<String> usage() {
        return List.of("ip [-4|-6] route [show [PREFIX] [dev PORT] [table main|local|all]]",
            "ip route { add | replace } [unreachable|blackhole|prohibit] PREFIX [via ADDRESS] [dev PORT] [metric N] "
                + "[src ADDRESS]",
            "ip route del PREFIX [via ADDRESS] [dev PORT] [metric N]", "ip route get ADDRESS");
    }

    @Override
    public Answer run(Words words, IpOptions options) {
        String command = words.hasNext() ? words.next() : "show";
        if (IpArguments.isShow(command)) return show(words, options);
        if ("add".startsWith(command)) return add(words, options, "add");
        if ("replace".startsWith(command)) return add(words, options, "replace");
        if ("delete".startsWith(command)) return delete(words, options);
        if ("get".startsWith(command)) return get(words, options);
        throw IpArguments.unknownCommand("route", command);
    }

    private RouteLines lines() {
        return new RouteLines(running.router().interfaces());
    }

    private Answer show(Words words, IpOptions options) {
        Table table = Table.MAIN;
        Interface device = null;
        IpPrefix only = null;
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "dev" -> device = IpArguments.device(running, IpArguments.next(words));
                case "table" -> table = table(IpArguments.next(words));
                default -> {
                    if (word.equals("exact") || word.equals("to")) word = IpArguments.next(words);
                    if (only != null) throw IpArguments.garbage("to", word);
                    only = IpArguments.network(word, options, 0);
                }
            }
        }
        int family = options.family() != 0 ? options.family() : only == null ? 4 : only.address().family();
        RouteLines lines = lines();
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        var text = new StringBuilder();
        for (Route each : routes()) {
            if (each.to().address().family() != family || only != null && !only.equals(each.to())) continue;
            if (device != null && each.interfaceIndex() != device.index()) continue;
            if (table != Table.ALL && RouteLines.isLocalTable(each) != (table == Table.LOCAL)) continue;
            if (words.isJson()) lines.describe(array.addObject(), each, device == null);
            else text.append(lines.line(each, device == null)).append('\n');
        }
        return words.isJson() ? Answer.json(array) : Answer.text(text);
    }

    private static Table table(String word) {
        return switch (word) {
            case "main", "254" -> Table.MAIN;
            case "local", "255" -> Table.LOCAL;
            case "all", "0" -> Table.ALL;
            default -> throw new Refusal(IpArguments.WRONG_SYNTAX,
                "Error: argument \"" + word + "\" is wrong: table id value is invalid\n");
        };
    }

    private List<Route> routes() {
        return running.onRouter(_ -> running.router().routes().routes());
    }

    private Answer add(Words words, IpOptions options, String action) {
        Route route = RouteWords.read(words, options, running).route();
        RouteResult result = running.onRouter(_ -> {
            RouteTable routes = running.router().routes();
            return action.equals("add") ? routes.add(route) : routes.replace(route);
        });
        if (result != RouteResult.DONE) throw new Refusal(KERNEL_REFUSED, result.meaning());
        running.publish(new ControlEvent.RouteChange(action, lines().line(route, true).strip()));
        return Answer.DONE;
    }

    private Answer delete(Words words, IpOptions options) {
        RouteWords wanted = RouteWords.read(words, options, running);
        RouteResult result = running.onRouter(_ ->
            running.router().routes().remove(wanted.to(), wanted::fits));
        if (result != RouteResult.DONE) throw new Refusal(KERNEL_REFUSED, result.meaning());
        running.publish(new ControlEvent.RouteChange("del", wanted.to().toString()));
        return Answer.DONE;
    }

    private record Found(NextHopView hop, IpAddress source) {}

    private record NextHopView(RouteType type, int egress, IpAddress gateway) {}

    private Answer get(Words words, IpOptions options) {
        IpAddress target = IpArguments.address(IpArguments.next(words), options, 0);
        words.end("ip route get ADDRESS");
        Found found = running.onRouter(_ -> find(target));
        if (found == null) throw new Refusal(KERNEL_REFUSED, "RTNETLINK answers: Network is unreachable");
        switch (found.hop().type()) {
            case UNREACHABLE -> throw new Refusal(KERNEL_REFUSED, "RTNETLINK answers: No route to host");
            case BLACKHOLE -> throw new Refusal(KERNEL_REFUSED, "RTNETLINK answers: Invalid argument");
            case PROHIBIT -> throw new Refusal(KERNEL_REFUSED, "RTNETLINK answers: Permission denied");
            default -> { }
        }
        return words.isJson() ? describe(target, found) : Answer.text(line(target, found));
    }

    private Found find(IpAddress target) {
        RouteTable routes = running.router().routes();
        int number = target.isIpv4() ? routes.lookup4(target.ipv4()) : routes.lookup6(target.high(), target.low());
        if (number == NextHops.NONE) return null;
        NextHops hops = routes.hops();
        IpAddress gateway = switch (hops.gatewayFamily(number)) {
            case 4 -> IpAddress.ofIpv4(hops.gateway4(number));
            case 6 -> IpAddress.ofIpv6(hops.gatewayHigh(number), hops.gatewayLow(number));
            default -> null;
        };
        var view = new NextHopView(hops.type(number), hops.egress(number), gateway);
        if (target.isIpv4()) {
            int source = hops.source4(number);
            return new Found(view, source == 0 ? null : IpAddress.ofIpv4(source));
        }
        if (view.egress() == NextHops.NO_EGRESS) return new Found(view, null);
        int source = routes.source6(number, target.high(), target.low());
        var own = routes.addresses();
        return new Found(view, source < 0 ? null : IpAddress.ofIpv6(own.high(source), own.low(source)));
    }

    private String line(IpAddress target, Found found) {
        var text = new StringBuilder();
        NextHopView hop = found.hop();
        if (hop.type().isHere()) text.append(hop.type()).append(' ');
        text.append(target);
        if (target.isIpv6()) text.append(" from ::");
        if (hop.gateway() != null) {
            text.append(" via ").append(target.isIpv4() && hop.gateway().isIpv6() ? "inet6 " : "")
                .append(hop.gateway());
        }
        if (hop.egress() != NextHops.NO_EGRESS) text.append(" dev ").append(name(hop.egress()));
        if (found.source() != null) text.append(" src ").append(found.source());
        return text.append(" \n").toString();
    }

    private Answer describe(IpAddress target, Found found) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        var node = array.addObject();
        NextHopView hop = found.hop();
        if (hop.type().isHere()) node.put("type", hop.type().toString());
        node.put("dst", target.toString());
        if (hop.gateway() != null) node.put("gateway", hop.gateway().toString());
        if (hop.egress() != NextHops.NO_EGRESS) node.put("dev", name(hop.egress()));
        if (found.source() != null) node.put("prefsrc", found.source().toString());
        return Answer.json(array);
    }

    private String name(int interfaceIndex) {
        Interfaces interfaces = running.router().interfaces();
        return interfaces.get(interfaceIndex).name();
    }
}
