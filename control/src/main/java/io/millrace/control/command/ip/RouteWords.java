package io.millrace.control.command.ip;

import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.route.Route;
import io.millrace.dataplane.route.RouteType;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;

import java.util.Locale;
import java.util.Optional;

/// A route as the words of `ip route add` and `del` say it; what they do not say is absent.
record RouteWords(IpPrefix to, Optional<RouteType> type, Optional<IpAddress> via, Optional<Interface> device,
                  Optional<Integer> metric, Optional<IpAddress> source) {

    static RouteWords read(Words words, IpOptions options, RunningDataplane running) {
        String target = null;
        String via = null;
        String source = null;
        Optional<RouteType> type = Optional.empty();
        Optional<Interface> device = Optional.empty();
        Optional<Integer> metric = Optional.empty();
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "unicast", "unreachable", "blackhole", "prohibit" ->
                    type = Optional.of(RouteType.valueOf(word.toUpperCase(Locale.ROOT)));
                case "via" -> {
                    via = IpArguments.next(words);
                    if (via.equals("inet") || via.equals("inet6")) via = IpArguments.next(words);
                }
                case "dev", "oif" -> device = Optional.of(IpArguments.device(running, IpArguments.next(words)));
                case "metric", "priority", "preference" ->
                    metric = Optional.of(IpArguments.number("metric", IpArguments.next(words), -1));
                case "src" -> source = IpArguments.next(words);
                case "proto", "protocol", "scope", "table" -> refuseUnlessUsual(word, IpArguments.next(words));
                default -> {
                    if (word.equals("to")) word = IpArguments.next(words);
                    if (target != null) throw IpArguments.garbage("to", word);
                    target = word;
                }
            }
        }
        if (target == null) throw new Refusal(IpArguments.WRONG_SYNTAX, "Usage: ip route { add | del | replace } "
            + "[ TYPE ] PREFIX [ via ADDRESS ] [ dev PORT ] [ metric NUMBER ] [ src ADDRESS ]");
        Optional<IpAddress> gateway = Optional.ofNullable(via).map(text -> IpArguments.address(text, options, 0));
        IpPrefix to = IpArguments.network(target, options, gateway.map(IpAddress::family).orElse(0));
        int family = to.address().family();
        return new RouteWords(to, type, gateway, device, metric,
            Optional.ofNullable(source).map(text -> IpArguments.address(text, options, family)));
    }

    /// What every route of table main has anyway may be said; what would make it another route is refused.
    private static void refuseUnlessUsual(String key, String value) {
        boolean isUsual = switch (key) {
            case "table" -> value.equals("main") || value.equals("254");
            case "scope" -> value.equals("global") || value.equals("link");
            default -> value.equals("boot") || value.equals("static");
        };
        if (!isUsual) {
            throw new Refusal(IpArguments.KERNEL_REFUSED, "RTNETLINK answers: Operation not supported\n\"" + key + " "
                + value + "\" is not available");
        }
    }


    /// The route to add.
    Route route() {
        RouteType wanted = type.orElse(RouteType.UNICAST);
        Route route = wanted == RouteType.UNICAST
            ? Route.unicast(to, device.map(Interface::index).orElse(Route.NO_INTERFACE), via.orElse(null))
            : Route.refusing(to, wanted);
        if (metric.isPresent()) route = route.withMetric(metric.get());
        return source.isPresent() ? route.withSource(source.get()) : route;
    }

    /// True if a route has everything that the words say.
    boolean fits(Route route) {
        return type.map(each -> each == route.type()).orElse(true)
            && via.map(each -> each.equals(route.via())).orElse(true)
            && device.map(each -> each.index() == route.interfaceIndex()).orElse(true)
            && metric.map(each -> each == route.metric()).orElse(true)
            && source.map(each -> each.equals(route.source())).orElse(true);
    }
}
