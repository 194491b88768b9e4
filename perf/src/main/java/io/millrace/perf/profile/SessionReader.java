package io.millrace.perf.profile;

import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.driver.gen.random.WeightedChoice;
import io.millrace.nic.driver.gen.session.CaptureDialogues;
import io.millrace.nic.driver.gen.session.Dialogue;
import io.millrace.nic.driver.gen.session.SessionFaults;
import io.millrace.nic.driver.gen.session.SessionLoad;
import io.millrace.nic.driver.gen.session.SessionProtocol;
import io.millrace.nic.driver.gen.session.SessionSide;
import io.millrace.nic.driver.gen.session.SessionSpec;
import io.millrace.nic.driver.gen.session.SessionTalk;
import io.millrace.nic.driver.gen.stream.FieldValues;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.document.DocumentNode;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads sessions: TCP connections or UDP exchanges between generated clients and servers.
///
/// ```
/// web:
///   protocol: tcp
///   clients: { port: lan, mac: 02:00:00:00:00:99, gateway: 02:00:00:00:00:01, addresses: 10.0.0.0/16 }
///   servers: { port: wan, mac: 02:00:00:00:00:fe, gateway: 02:00:00:00:00:02, addresses: 203.0.113.9, service: 80 }
///   rate: 10k/s
///   concurrency: 100000
///   request: { from: 100, to: 500 }
///   response: { zipf: [1000, 50000], exponent: 1.2 }
/// ```
final class SessionReader {

    private static final String[] KEYS = {"protocol", "clients", "servers", "rate", "concurrency", "count", "start",
        "duration", "hold", "request", "response", "dialogues", "end", "segment", "timeout", "loss", "reordering",
        "seed"};
    private static final int PORT_MAX = 65_535;
    private static final int CLIENT_PORT_FIRST = 1024;
    private static final int CONCURRENCY_USUAL = 1 << 16;
    private static final int SIZE_MAX = 1 << 30;
    private static final String RATE_ALLOWED = "sessions a second, as in 500/s or 10k/s, or max";
    private static final String RANGE_ALLOWED = "an address, [FIRST, LAST], or a prefix";

    private final String name;
    private final DocumentNode node;
    private final long seed;

    SessionReader(String name, DocumentNode node, long seed) {
        this.name = name;
        this.node = node;
        this.seed = seed;
    }

    SessionSpec read() {
        var members = new Members(node, KEYS);
        SessionProtocol protocol = members.value("protocol", each ->
            SessionProtocol.valueOf(each.asOneOf("tcp", "udp").toUpperCase(Locale.ROOT)), SessionProtocol.TCP);
        Optional<SessionSide> clients = members.required("clients", SessionReader::clients);
        Optional<SessionSide> servers = members.required("servers", SessionReader::servers);
        Optional<Double> rate = members.required("rate", SessionReader::rate);
        int concurrency = members.value("concurrency", each -> each.asInt(1, SessionLoad.CONCURRENCY_MAX),
            CONCURRENCY_USUAL);
        long count = members.value("count", each -> each.asLong(1, Long.MAX_VALUE), SessionLoad.ENDLESS);
        long startNs = members.value("start", StreamReader::duration, 0L);
        long durationNs = members.value("duration", StreamReader::duration, SessionLoad.ENDLESS);
        long holdNs = members.value("hold", StreamReader::duration, 0L);
        int segmentBytes = members.value("segment", each ->
            each.asInt(SessionTalk.SEGMENT_BYTES_MIN, SessionTalk.SEGMENT_BYTES_MAX), SessionTalk.SEGMENT_BYTES_USUAL);
        boolean resets = members.value("end", each -> each.asOneOf("close", "reset"), "close").equals("reset");
        if (resets && protocol == SessionProtocol.UDP) {
            members.attempt(() -> {
                throw node.required("end").keyError("\"end: reset\" has no meaning with protocol: udp");
            });
        }
        long timeoutNs = members.value("timeout", StreamReader::duration, SessionFaults.TIMEOUT_NS_USUAL);
        double loss = members.value("loss", Numbers::share, 0.0);
        double reordering = members.value("reordering", Numbers::share, 0.0);
        long ownSeed = members.value("seed", each -> each.asLong(Long.MIN_VALUE, Long.MAX_VALUE), seed);
        Optional<SessionTalk> talk = members.attempt(() -> talk(protocol, resets, segmentBytes));
        members.throwIfAny();
        return Members.meaningful(node, () -> new SessionSpec(name, protocol, clients.orElseThrow(),
            servers.orElseThrow(), new SessionLoad(rate.orElseThrow(), concurrency, count, startNs, durationNs, holdNs),
            talk.orElseThrow(), new SessionFaults(loss, reordering, timeoutNs), ownSeed));
    }

    private SessionTalk talk(SessionProtocol protocol, boolean resets, int segmentBytes) {
        boolean isTcp = protocol == SessionProtocol.TCP;
        int least = isTcp ? SessionTalk.TCP_REQUEST_BYTES_MIN : SessionTalk.UDP_REQUEST_BYTES_MIN;
        int leastAnswer = isTcp ? 0 : SessionTalk.UDP_RESPONSE_BYTES_MIN;
        if (node.has("dialogues")) {
            for (String sizes : List.of("request", "response")) {
                if (node.has(sizes)) {
                    throw node.required(sizes).keyError("\"" + sizes + "\" has no meaning with dialogues");
                }
            }
            List<Dialogue> dialogues = dialogues(node.required("dialogues"), protocol, segmentBytes);
            return new SessionTalk(new FieldValues.Uniform(least, least),
                new FieldValues.Uniform(leastAnswer, leastAnswer), dialogues, resets, segmentBytes);
        }
        FieldValues request = sizes(node.required("request"), least, isTcp ? SIZE_MAX : segmentBytes);
        FieldValues response = sizes(node.required("response"), leastAnswer,
            isTcp ? SIZE_MAX : SessionTalk.UDP_RESPONSE_BYTES_MAX);
        return new SessionTalk(request, response, List.of(), resets, segmentBytes);
    }

    private static List<Dialogue> dialogues(DocumentNode file, SessionProtocol protocol, int bytesMax) {
        try {
            List<DocumentNode> files = file.isArray() ? file.elements() : List.of(file);
            List<Dialogue> all = CaptureDialogues.read(files.stream().map(each -> each.as(Path::of)).toList(), protocol,
                bytesMax);
            if (!all.isEmpty()) return all;
        } catch (CaptureException e) {
            throw file.error(e.getMessage(), "a capture");
        }
        throw file.error("no " + (protocol == SessionProtocol.TCP ? "TCP connection with data"
            : "UDP request with an answer of at most " + bytesMax + " bytes a datagram") + " in this capture");
    }

    /// `100`, `{ from: 10, to: 100 }`, `{ list: [10, 100] }` in turn, `{ zipf: [10, 100], exponent: 1.2 }`.
    private static FieldValues sizes(DocumentNode sizes, int min, int max) {
        if (!sizes.isObject()) {
            int size = sizes.asInt(min, max);
            return new FieldValues.Uniform(size, size);
        }
        sizes.object("from", "to", "list", "zipf", "exponent");
        if (sizes.has("list")) {
            List<DocumentNode> elements = sizes.required("list").elements();
            if (elements.isEmpty()) throw sizes.required("list").error("an empty list");
            return new FieldValues.Listed(elements.stream().mapToLong(each -> each.asInt(min, max)).toArray());
        }
        if (sizes.has("zipf")) {
            List<DocumentNode> ends = sizes.required("zipf").elements();
            if (ends.size() != 2) throw sizes.required("zipf").error("a range has two ends", "[FIRST, LAST]");
            int first = ends.get(0).asInt(min, max);
            int last = ends.get(1).asInt(first, Math.min(max, first + WeightedChoice.CHOICES_MAX - 1));
            return new FieldValues.Zipf(first, last,
                sizes.get("exponent").map(each -> Numbers.decimal(each, 0.01, 10)).orElse(1.0));
        }
        int from = sizes.required("from").asInt(min, max);
        return new FieldValues.Uniform(from, sizes.required("to").asInt(from, max));
    }

    static double rate(DocumentNode rate) {
        String text = rate.asString();
        if (text.equals("max")) return SessionLoad.UNLIMITED;
        double perSecond = Numbers.withUnit(text, "/s");
        if (perSecond <= 0 || perSecond > SessionLoad.UNLIMITED) {
            throw rate.error("\"" + text + "\" is no rate of sessions", RATE_ALLOWED);
        }
        return perSecond;
    }

    private static SessionSide clients(DocumentNode side) {
        var members = new Members(side, "port", "mac", "gateway", "addresses", "source-ports");
        String port = members.value("port", DocumentNode::asString, "");
        Optional<Long> mac = members.required("mac", each -> each.as(Addresses::parseMac));
        Optional<Long> gateway = members.required("gateway", each -> each.as(Addresses::parseMac));
        Optional<int[]> addresses = members.required("addresses", SessionReader::addresses);
        int[] ports = members.value("source-ports", SessionReader::ports, new int[] {CLIENT_PORT_FIRST, PORT_MAX});
        members.throwIfAny();
        return new SessionSide(port, mac.orElseThrow(), gateway.orElseThrow(), addresses.orElseThrow()[0],
            addresses.orElseThrow()[1], ports[0], ports[1]);
    }

    private static SessionSide servers(DocumentNode side) {
        var members = new Members(side, "port", "mac", "gateway", "addresses", "service", "listen");
        String port = members.value("port", DocumentNode::asString, "");
        Optional<Long> mac = members.required("mac", each -> each.as(Addresses::parseMac));
        Optional<Long> gateway = members.required("gateway", each -> each.as(Addresses::parseMac));
        Optional<int[]> addresses = members.required("addresses", SessionReader::addresses);
        Optional<Integer> service = members.required("service", each -> each.asInt(1, PORT_MAX));
        int listen = members.value("listen", each -> each.asInt(1, PORT_MAX), service.orElse(1));
        members.throwIfAny();
        return new SessionSide(port, mac.orElseThrow(), gateway.orElseThrow(), addresses.orElseThrow()[0],
            addresses.orElseThrow()[1], service.orElseThrow(), listen);
    }

    private static int[] ports(DocumentNode range) {
        List<DocumentNode> ends = range.elements();
        if (ends.size() != 2) throw range.error("a range has two ends", "[FIRST, LAST]");
        int first = ends.get(0).asInt(1, PORT_MAX);
        return new int[] {first, ends.get(1).asInt(first, PORT_MAX)};
    }

    /// First address, and how many there are.
    private static int[] addresses(DocumentNode range) {
        if (range.isArray()) {
            if (range.elements().size() != 2) throw range.error("a range has two ends", RANGE_ALLOWED);
            int first = range.elements().get(0).as(Addresses::parseIpv4);
            int last = range.elements().get(1).as(Addresses::parseIpv4);
            if (Integer.compareUnsigned(first, last) > 0) {
                throw range.elements().get(1).error("the range ends before it begins");
            }
            return new int[] {first, counted(range, (last & 0xffff_ffffL) - (first & 0xffff_ffffL) + 1)};
        }
        if (!range.asString().contains("/")) return new int[] {range.as(Addresses::parseIpv4), 1};
        IpPrefix prefix = range.as(IpPrefix::parseNetwork);
        if (!prefix.address().isIpv4()) throw range.error("sessions have IPv4 addresses", RANGE_ALLOWED);
        return new int[] {prefix.address().ipv4(), counted(range, 1L << 32 - prefix.length())};
    }

    private static int counted(DocumentNode range, long count) {
        if (count > Integer.MAX_VALUE) throw range.error("too many addresses", "at most 2^31 - 1");
        return (int) count;
    }
}
