package io.millrace.control.config;

import io.millrace.dataplane.config.InterfaceRules;
import io.millrace.dataplane.config.NeighbourConfig;
import io.millrace.dataplane.config.RouteConfig;
import io.millrace.dataplane.config.RouteType;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.document.DocumentKeys;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.util.Locale;
import java.util.Optional;

/// Reads the elements of `routes` and `neighbours`.
final class RouteReader {

    private static final DocumentKeys ROUTE_KEYS = DocumentKeys.of("to", "via", "port", "type", "metric");
    private static final DocumentKeys NEIGHBOUR_KEYS = DocumentKeys.of("address", "mac", "port");

    static RouteConfig route(DocumentNode node) {
        var mine = new DocumentProblems();
        mine.attempt(() -> node.object(ROUTE_KEYS));
        Optional<IpPrefix> to = mine.attempt(() -> node.required("to").as(RouteReader::parseNetwork));
        Optional<IpAddress> via =
            node.get("via").flatMap(value -> mine.attempt(() -> value.as(IpAddress::parse)));
        Optional<String> port = node.get("port").flatMap(value -> mine.attempt(value::asString));
        Optional<RouteType> type =
            mine.attempt(() -> node.get("type").map(RouteReader::type).orElse(RouteType.UNICAST));
        Optional<Long> metric = mine.attempt(() ->
            node.get("metric").map(value -> value.asLong(0, RouteConfig.METRIC_MAX)).orElse(0L));
        mine.throwIfAny();
        checkShape(node, to.orElseThrow(), via, type.orElseThrow());
        return new RouteConfig(to.get(), type.get(), via, port, metric.orElseThrow());
    }

    private static void checkShape(DocumentNode node, IpPrefix to, Optional<IpAddress> via, RouteType type) {
        if (type == RouteType.UNICAST && !node.has("via") && !node.has("port")) {
            throw node.error("a route needs a next hop or a port",
                "via: ADDRESS, port: PORT, or type: unreachable | blackhole | prohibit");
        }
        if (type != RouteType.UNICAST) {
            for (String key : new String[] {"via", "port"}) {
                node.get(key).ifPresent(value -> {
                    throw value.keyError("\"" + key + "\" has no meaning with type: " + name(type));
                });
            }
        }
        if (via.isPresent() && via.get().family() != to.address().family()) {
            throw node.required("via").error("an IPv" + via.get().family() + " next hop for an IPv"
                + to.address().family() + " network", "an IPv" + to.address().family() + " address");
        }
    }

    static NeighbourConfig neighbour(DocumentNode node) {
        var mine = new DocumentProblems();
        mine.attempt(() -> node.object(NEIGHBOUR_KEYS));
        Optional<IpAddress> address = mine.attempt(() -> node.required("address").as(IpAddress::parse));
        Optional<Long> mac = mine.attempt(() -> node.required("mac").as(InterfaceRules::parseStationMac));
        Optional<String> port = node.get("port").flatMap(value -> mine.attempt(value::asString));
        mine.throwIfAny();
        return new NeighbourConfig(address.orElseThrow(), mac.orElseThrow(), port);
    }

    private static RouteType type(DocumentNode node) {
        String word = node.asOneOf("unicast", "unreachable", "blackhole", "prohibit");
        return RouteType.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static String name(RouteType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private static IpPrefix parseNetwork(String text) {
        if (text.equals("default")) {
            throw new IllegalArgumentException("\"default\" does not say which family; allowed: 0.0.0.0/0, \"::/0\"");
        }
        return IpPrefix.parseNetwork(text);
    }

    private RouteReader() {}
}
