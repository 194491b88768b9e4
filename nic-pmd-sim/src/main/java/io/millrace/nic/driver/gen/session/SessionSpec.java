package io.millrace.nic.driver.gen.session;

import io.millrace.nic.driver.gen.stream.FieldValues;
import io.millrace.packet.memory.Check;

/// What a profile asks of TCP connections over IPv4: each one request and one response, then the end.
///
/// @param clientMac       of the clients, and `clientGateway` where their frames are addressed to; servers likewise
/// @param clientFirst     first address of the clients, of which there are `clientCount`
/// @param clientPortFirst clients use ports from here up to 65,535
/// @param connectTo       first address that clients connect to, of `serverCount`
/// @param serverPort      port they connect to
/// @param perSecond       connections opened, while fewer than `concurrencyMax` are open
/// @param countMax        connections in all
/// @param request         bytes of it, at least [#REQUEST_BYTES_MIN]: they begin with the sizes asked for
/// @param response        bytes of it
/// @param holdNs          idle time before the end
/// @param resets          true if clients end with RST instead of FIN
/// @param timeoutNs       before the first repetition of a segment that is not acknowledged; doubles each time
/// @param loss            share of the segments that are never sent
public record SessionSpec(String name, long clientMac, long clientGateway, long serverMac, long serverGateway,
                          int clientFirst, int clientCount, int clientPortFirst, int connectTo, int serverCount,
                          int serverPort, double perSecond, int concurrencyMax, long countMax, FieldValues request,
                          FieldValues response, long holdNs, boolean resets, long timeoutNs, double loss,
                          int segmentBytes, long seed) {

    /// Where the request says how long it is and how long the response shall be.
    public static final int REQUEST_BYTES_MIN = 8;
    public static final int SEGMENT_BYTES_USUAL = 1460;
    public static final int SEGMENT_BYTES_MAX = 1460;
    public static final int CONCURRENCY_MAX = 1 << 24;

    private static final long MESSAGE_BYTES_MAX = 1L << 30;

    public SessionSpec {
        Check.that(clientCount >= 1, "clients must be 1 or more", clientCount);
        Check.that(serverCount >= 1, "servers must be 1 or more", serverCount);
        Check.that(clientPortFirst >= 1 && clientPortFirst <= 65_535, "client ports begin at 1 to 65535",
            clientPortFirst);
        Check.that(serverPort >= 1 && serverPort <= 65_535, "the server's port is 1 to 65535", serverPort);
        Check.that(perSecond > 0, "connections per second must be positive");
        Check.that(concurrencyMax >= 1 && concurrencyMax <= CONCURRENCY_MAX,
            "concurrency must be 1 to " + CONCURRENCY_MAX, concurrencyMax);
        Check.that(request.value(0) >= REQUEST_BYTES_MIN, "requests have " + REQUEST_BYTES_MIN + " bytes at least",
            request.value(0));
        checkSize(request);
        checkSize(response);
        Check.that(holdNs >= 0 && timeoutNs > 0, "times must not be negative, nor the timeout 0");
        Check.that(loss >= 0 && loss < 1, "loss must be below 1");
        Check.that(segmentBytes >= 64 && segmentBytes <= SEGMENT_BYTES_MAX,
            "segments carry 64 to " + SEGMENT_BYTES_MAX + " bytes", segmentBytes);
    }

    private static void checkSize(FieldValues sizes) {
        Check.that(sizes.value(sizes.count() - 1) <= MESSAGE_BYTES_MAX, "messages have at most 2^30 bytes",
            sizes.value(sizes.count() - 1));
        Check.that(sizes.value(0) >= 0, "sizes must not be negative", sizes.value(0));
    }

    /// Client addresses times ports, times servers: as many connections can be open at once.
    long tupleCount() {
        return (long) clientCount * (65_536 - clientPortFirst) * serverCount;
    }
}
