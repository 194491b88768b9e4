package io.millrace.control.trace;

import io.millrace.control.live.Refusal;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.header.EtherType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A filter expression as tcpdump writes them, small: `udp and (port 53 or not src net 10.0.0.0/8)`.
///
/// ```
/// expression = term { "or" term }            term = factor { "and" factor }
/// factor     = "not" factor | "(" expression ")" | primitive
/// primitive  = "ip" | "ip6" | "arp" | "tcp" | "udp" | "sctp" | "icmp" | "icmp6" | "vlan" [ID] | "proto" NUMBER
///            | ["src"|"dst"] "host" ADDRESS | ["src"|"dst"] "net" PREFIX | ["src"|"dst"] "port" NUMBER
/// ```
public final class FrameFilter {

    /// Every packet.
    public static final FrameFilter ALL = new FrameFilter(fields -> true);

    /// Deeper nesting than any person writes.
    private static final int DEPTH_MAX = 50;
    private static final Map<String, Integer> PROTOCOLS =
        Map.of("tcp", 6, "udp", 17, "sctp", 132, "icmp", 1, "icmp6", 58);
    private static final String ALLOWED = "ip, ip6, arp, tcp, udp, sctp, icmp, icmp6, vlan [ID], proto NUMBER, "
        + "[src|dst] host ADDRESS, [src|dst] net PREFIX, [src|dst] port NUMBER, not, and, or, ( )";

    private interface Test {
        boolean holds(FrameFields fields);
    }

    private final Test test;

    private FrameFilter(Test test) {
        this.test = test;
    }

    boolean matches(FrameFields fields) {
        return test.holds(fields);
    }

    /// Reads words, in which brackets may stand without blanks. Throws a [Refusal] that says what is allowed.
    public static FrameFilter parse(List<String> words) {
        var tokens = new ArrayList<String>();
        for (String word : words) {
            tokens.addAll(List.of(word.replace("(", " ( ").replace(")", " ) ").strip().split("\\s+")));
        }
        tokens.removeIf(String::isEmpty);
        var reading = new Reading(tokens);
        Test test = reading.expression(0);
        if (reading.hasNext()) throw reading.refused("\"" + reading.peek() + "\" is too much");
        return new FrameFilter(test);
    }

    private static final class Reading {

        private final List<String> tokens;
        private int next;

        private Reading(List<String> tokens) {
            this.tokens = tokens;
        }

        private boolean hasNext() {
            return next < tokens.size();
        }

        private String peek() {
            return tokens.get(next);
        }

        private boolean take(String word) {
            if (!hasNext() || !peek().equals(word)) return false;
            next++;
            return true;
        }

        private String next(String what) {
            if (!hasNext()) throw refused(what + " is missing at the end");
            return tokens.get(next++);
        }

        private Refusal refused(String why) {
            return new Refusal(1, "filter: " + why + "; allowed: " + ALLOWED);
        }

        private Test expression(int depth) {
            Test left = term(depth);
            while (take("or") || take("||")) {
                Test before = left;
                Test right = term(depth);
                left = fields -> before.holds(fields) || right.holds(fields);
            }
            return left;
        }

        private Test term(int depth) {
            Test left = factor(depth);
            while (take("and") || take("&&")) {
                Test before = left;
                Test right = factor(depth);
                left = fields -> before.holds(fields) && right.holds(fields);
            }
            return left;
        }

        private Test factor(int depth) {
            if (depth > DEPTH_MAX) throw refused("more than " + DEPTH_MAX + " brackets in each other");
            if (take("not") || take("!")) {
                Test inner = factor(depth + 1);
                return fields -> !inner.holds(fields);
            }
            if (take("(")) {
                Test inner = expression(depth + 1);
                if (!take(")")) throw refused("\")\" is missing");
                return inner;
            }
            return primitive(next("an expression"));
        }

        private Test primitive(String word) {
            Integer protocol = PROTOCOLS.get(word);
            if (protocol != null) return fields -> fields.protocol == protocol;
            return switch (word) {
                case "ip" -> fields -> fields.family == 4;
                case "ip6" -> fields -> fields.family == 6;
                case "arp" -> fields -> fields.etherType == EtherType.ARP;
                case "vlan" -> vlan();
                case "proto" -> {
                    int number = number("a protocol", 255);
                    yield fields -> fields.protocol == number;
                }
                case "src", "dst" -> endpoint(next("host, net or port"), word.equals("src"), word.equals("dst"));
                case "host", "net", "port" -> endpoint(word, true, true);
                default -> throw refused("\"" + word + "\" is unknown");
            };
        }

        private Test vlan() {
            boolean hasId = hasNext() && peek().matches("[0-9]+");
            if (!hasId) return fields -> fields.vlan != FrameFields.NONE;
            int id = number("a VLAN id", 4095);
            return fields -> fields.vlan == id;
        }

        private Test endpoint(String kind, boolean isSource, boolean isTarget) {
            return switch (kind) {
                case "host" -> network(host(next("an address")), isSource, isTarget);
                case "net" -> network(network(next("a network")), isSource, isTarget);
                case "port" -> {
                    int port = number("a port", 65_535);
                    yield fields -> isSource && fields.sourcePort == port || isTarget && fields.targetPort == port;
                }
                default -> throw refused("\"" + kind + "\" is unknown");
            };
        }

        private int number(String what, int max) {
            String word = next(what);
            if (word.matches("[0-9]{1,5}") && Integer.parseInt(word) <= max) return Integer.parseInt(word);
            throw refused("\"" + word + "\" is no number from 0 to " + max);
        }

        private IpPrefix host(String word) {
            try {
                IpAddress address = IpAddress.parse(word);
                return new IpPrefix(address, address.bits());
            } catch (IllegalArgumentException e) {
                throw refused(e.getMessage());
            }
        }

        private IpPrefix network(String word) {
            try {
                return IpPrefix.parseNetwork(word);
            } catch (IllegalArgumentException e) {
                throw refused(e.getMessage());
            }
        }

        private static Test network(IpPrefix network, boolean isSource, boolean isTarget) {
            int family = network.address().family();
            long maskHigh = family == 4 ? 0 : network.maskHigh();
            long maskLow = network.maskLow();
            long high = network.address().high() & maskHigh;
            long low = network.address().low() & maskLow;
            return fields -> fields.family == family
                && (isSource && (fields.sourceHigh & maskHigh) == high && (fields.sourceLow & maskLow) == low
                || isTarget && (fields.targetHigh & maskHigh) == high && (fields.targetLow & maskLow) == low);
        }
    }
}
