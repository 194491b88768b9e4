package io.millrace.control.metrics;

import io.millrace.control.config.MetricsAddress;
import io.millrace.dataplane.config.ConfigException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;

/// `/metrics` for Prometheus, in its text format 0.0.4, served by the JDK's own HTTP server on a thread of its own.
public final class MetricsPage implements AutoCloseable {

    private static final int BACKLOG = 16;
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final RunCounters counters;

    /// Throws a [ConfigException] where the address cannot be had.
    public MetricsPage(MetricsAddress address, RunCounters counters) {
        this.counters = counters;
        try {
            var socketAddress = new InetSocketAddress(address.host(), address.port());
            if (socketAddress.isUnresolved()) throw new IOException("no host is named " + address.host());
            this.server = HttpServer.create(socketAddress, BACKLOG);
        } catch (IOException e) {
            throw new ConfigException("metrics: " + address + " cannot be served: " + e.getMessage());
        }
        server.createContext("/metrics", this::answer);
        server.start();
    }

    /// The port that was taken: another than asked for if that was 0.
    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean isRead = exchange.getRequestMethod().equals("GET");
            byte[] body = (isRead ? text(counters) : "only GET is served\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
            exchange.sendResponseHeaders(isRead ? 200 : 405, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    static String text(RunCounters counters) {
        var text = new StringBuilder();
        EnumSet.allOf(CounterKind.class).forEach(kind -> {
            text.append("# HELP ").append(kind.metric()).append(' ').append(kind.help()).append('\n')
                .append("# TYPE ").append(kind.metric()).append(' ').append(kind.type()).append('\n');
            for (RunCounters.Counted each : counters.all()) {
                if (each.kind() != kind) continue;
                text.append(kind.metric());
                if (!kind.label().isEmpty()) {
                    text.append('{').append(kind.label()).append("=\"").append(escaped(each.of())).append("\"}");
                }
                text.append(' ').append(kind.inMetricUnit(each.value().getAsLong())).append('\n');
            }
        });
        return text.toString();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
