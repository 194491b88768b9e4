package io.millrace.nic.driver.gen.session;

import io.millrace.nic.driver.gen.stream.FieldValues;
import io.millrace.packet.memory.Check;

import java.util.List;

/// What the two ends of a session say: one request and one response of drawn sizes, or one of the dialogues given.
///
/// @param request      bytes of it. A request begins with both sizes, so that a server needs to know nothing
/// @param response     bytes of it
/// @param dialogues    taken at random instead of the sizes; empty without
/// @param resets       true if TCP clients end with RST instead of FIN
/// @param segmentBytes payload of a packet at most
public record SessionTalk(FieldValues request, FieldValues response, List<Dialogue> dialogues, boolean resets,
                          int segmentBytes) {

    /// Where a request says how long it is and how long the response shall be; over UDP also from which byte on.
    public static final int TCP_REQUEST_BYTES_MIN = 8;
    public static final int UDP_REQUEST_BYTES_MIN = 12;
    /// A datagram begins with its place in the response.
    public static final int UDP_RESPONSE_BYTES_MIN = 4;
    public static final int UDP_RESPONSE_BYTES_MAX = 1 << 16;
    public static final int SEGMENT_BYTES_USUAL = 1460;
    public static final int SEGMENT_BYTES_MIN = 64;
    public static final int SEGMENT_BYTES_MAX = 1460;

    private static final long MESSAGE_BYTES_MAX = 1L << 30;

    public SessionTalk {
        dialogues = List.copyOf(dialogues);
        Check.that(dialogues.size() <= Dialogue.COUNT_MAX, "dialogues must be at most " + Dialogue.COUNT_MAX,
            dialogues.size());
        Check.that(segmentBytes >= SEGMENT_BYTES_MIN && segmentBytes <= SEGMENT_BYTES_MAX,
            "segments carry " + SEGMENT_BYTES_MIN + " to " + SEGMENT_BYTES_MAX + " bytes", segmentBytes);
    }

    public static SessionTalk sizes(FieldValues request, FieldValues response) {
        return new SessionTalk(request, response, List.of(), false, SEGMENT_BYTES_USUAL);
    }

    void check(SessionProtocol protocol) {
        boolean isTcp = protocol == SessionProtocol.TCP;
        long requestMax = isTcp ? MESSAGE_BYTES_MAX : segmentBytes;
        check("requests", request, isTcp ? TCP_REQUEST_BYTES_MIN : UDP_REQUEST_BYTES_MIN, requestMax);
        check("responses", response, isTcp ? 0 : UDP_RESPONSE_BYTES_MIN,
            isTcp ? MESSAGE_BYTES_MAX : UDP_RESPONSE_BYTES_MAX);
        for (Dialogue dialogue : dialogues) {
            Check.that(dialogue.protocol() == protocol, "the dialogues must be of the same protocol");
        }
    }

    private static void check(String name, FieldValues sizes, long min, long max) {
        long least = Long.MAX_VALUE;
        long most = 0;
        boolean isList = sizes instanceof FieldValues.Listed;
        for (long i = 0; i < sizes.count(); i += isList ? 1 : Math.max(1, sizes.count() - 1)) {
            least = Math.min(least, sizes.value(i));
            most = Math.max(most, sizes.value(i));
        }
        Check.that(least >= min, name + " have " + min + " bytes at least", least);
        Check.that(most <= max, name + " have " + max + " bytes at most", most);
    }
}
