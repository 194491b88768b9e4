package io.millrace.control.config;

/// Where the metrics are served: `127.0.0.1:9900`, or `9900` for loopback.
///
/// @param host an address or a name; not resolved here
public record MetricsAddress(String host, int port) {

    private static final String LOOPBACK = "127.0.0.1";

    /// Throws an `IllegalArgumentException` that says what is allowed.
    public static MetricsAddress parse(String text) {
        int colonAt = text.lastIndexOf(':');
        String host = colonAt < 0 ? LOOPBACK : text.substring(0, colonAt);
        if (host.startsWith("[") && host.endsWith("]")) host = host.substring(1, host.length() - 1);
        String port = text.substring(colonAt + 1);
        boolean isNumber = port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= 65_535;
        if (host.isEmpty() || !isNumber) {
            throw new IllegalArgumentException("\"" + text + "\" is no place to serve metrics; allowed: ADDRESS:PORT or "
                + "PORT, as in 127.0.0.1:9900");
        }
        return new MetricsAddress(host, Integer.parseInt(port));
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
