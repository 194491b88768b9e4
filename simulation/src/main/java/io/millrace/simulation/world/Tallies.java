package io.millrace.simulation.world;

import io.millrace.simulation.frame.FrameWriter;
import io.millrace.simulation.frame.SeenFrame;
import io.millrace.simulation.journal.Part;
import io.millrace.simulation.traffic.Conversation;

import java.util.HashMap;
import java.util.Map;

/// Packets of each conversation with ports, as [FlowAccounts#key] names them: decided about, come out, and which of
/// them no worker has seen.
final class Tallies {

    private final Map<Long, Long> sent = new HashMap<>();
    private final Map<Long, Long> forwarded = new HashMap<>();
    private final Map<Long, Long> hits = new HashMap<>();

    void sent(Part part) { add(sent, part); }
    void hit(Part part)  { add(hits, part); }

    /// Segments of a handshake are left out: a SYN that is repeated does not count for its connection (Linux does not
    /// refresh, and so not account, it).
    void forwarded(Part part) {
        boolean isHandshake = part.frame().protocol() == FrameWriter.TCP
            && (part.frame().tcpFlags() & FrameWriter.SYN) != 0;
        if (!isHandshake) add(forwarded, part);
    }

    private static void add(Map<Long, Long> counts, Part part) {
        SeenFrame frame = part.frame();
        if (!FlowAccounts.hasKey(frame.protocol()) || frame.offset() != 0) return;
        // Under translation a server knows its client by another port.
        int port = ((Conversation) part.datagram().conversation()).clientPort();
        counts.merge(FlowAccounts.key(frame.protocol(), port), 1L, Long::sum);
    }

    Map<Long, Long> sent()       { return sent; }
    Map<Long, Long> forwarded()  { return forwarded; }
    Map<Long, Long> hits()       { return hits; }
}
