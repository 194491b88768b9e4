package io.millrace.control.command.conntrack;

import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.flow.track.ConnectionStatus;
import io.millrace.flow.track.ConnectionText;
import io.millrace.flow.track.EventKind;
import io.millrace.flow.track.machine.Direction;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.header.IpProtocol;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A command line of `conntrack`: one command, then what narrows it down, in any order.
final class ConntrackOptions {

    enum Command {
        LIST("-L", "--dump"), GET("-G", "--get"), DELETE("-D", "--delete"), FLUSH("-F", "--flush"),
        EVENT("-E", "--event"), STATISTICS("-S", "--stats"), COUNT("-C", "--count");

        private final String letter;
        private final String word;

        Command(String letter, String word) {
            this.letter = letter;
            this.word = word;
        }
    }

    static final String NAME = "conntrack v1.4.7 (conntrack-tools): ";

    private static final int WRONG = 2;
    private static final String COMMANDS = "-L, -G, -D, -F, -E, -S, -C";
    private static final String FILTERS = "-s -d -r -q (ADDRESS[/LENGTH]), -p PROTOCOL, --sport, --dport, "
        + "--reply-port-src, --reply-port-dst, --icmp-type, --icmp-code, --icmp-id, --state STATE, -m MARK[/MASK], "
        + "-w ZONE, -u STATUS, -n, -g, -j, -f ipv4|ipv6, -e EVENTS, -o extended,id,timestamp, -z";
    private static final Map<String, Integer> PROTOCOLS = new TreeMap<>(Map.of("tcp", IpProtocol.TCP, "udp",
        IpProtocol.UDP, "udplite", IpProtocol.UDP_LITE, "sctp", IpProtocol.SCTP, "dccp", IpProtocol.DCCP, "icmp",
        IpProtocol.ICMP, "icmpv6", IpProtocol.ICMPV6, "gre", IpProtocol.GRE));
    private static final Map<String, Integer> STATUSES = new TreeMap<>(Map.of("SEEN_REPLY",
        ConnectionStatus.SEEN_REPLY, "ASSURED", ConnectionStatus.ASSURED, "EXPECTED", ConnectionStatus.EXPECTED,
        "FIXED_TIMEOUT", ConnectionStatus.FIXED_TIMEOUT, "OFFLOAD", ConnectionStatus.OFFLOAD, "HW_OFFLOAD",
        ConnectionStatus.HARDWARE_OFFLOAD));

    final ConnectionFilter filter = new ConnectionFilter();
    final Set<EventKind> events = EnumSet.allOf(EventKind.class);
    private final Words words;
    private Command command;
    private boolean isExtended;
    private boolean hasId;
    private boolean hasTime;
    private boolean isZeroing;

    private ConntrackOptions(Words words) {
        this.words = words;
    }

    static ConntrackOptions read(Words words) {
        var options = new ConntrackOptions(words);
        while (words.hasNext()) options.take(words.next());
        if (options.command == null) throw wrong("no command; allowed: " + COMMANDS);
        return options;
    }

    Command command()             { return command; }
    boolean hasTime()             { return hasTime; }
    boolean isZeroing()           { return isZeroing; }
    ConnectionText.Extras extras() { return new ConnectionText.Extras(isExtended, hasId); }

    static Refusal wrong(String what) {
        return new Refusal(WRONG, NAME + what);
    }

    private void take(String option) {
        for (Command each : Command.values()) {
            if (!option.equals(each.letter) && !option.equals(each.word)) continue;
            if (command != null) throw wrong("only one command: " + command.letter + " and " + each.letter);
            command = each;
            table();
            return;
        }
        if (!takeTuple(option)) takeOther(option);
    }

    /// The name of a table may follow a command.
    private void table() {
        if (words.take("conntrack") || !words.hasNext() || words.peek().startsWith("-")) return;
        throw wrong("table \"" + words.peek() + "\" is not in this version; allowed: conntrack");
    }

    private boolean takeTuple(String option) {
        ConnectionFilter.Side original = filter.side(Direction.ORIGINAL);
        ConnectionFilter.Side reply = filter.side(Direction.REPLY);
        switch (option) {
            case "-s", "--src", "--orig-src" -> original.source = address(option);
            case "-d", "--dst", "--orig-dst" -> original.target = address(option);
            case "-r", "--reply-src" -> reply.source = address(option);
            case "-q", "--reply-dst" -> reply.target = address(option);
            case "--sport", "--orig-port-src" -> original.sourcePort = number(option, 65_535);
            case "--dport", "--orig-port-dst" -> original.targetPort = number(option, 65_535);
            case "--reply-port-src" -> reply.sourcePort = number(option, 65_535);
            case "--reply-port-dst" -> reply.targetPort = number(option, 65_535);
            case "--icmp-type", "--icmpv6-type" -> original.icmpType = number(option, 255);
            case "--icmp-code", "--icmpv6-code" -> original.icmpCode = number(option, 255);
            case "--icmp-id", "--icmpv6-id" -> original.icmpId = number(option, 65_535);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void takeOther(String option) {
        switch (option) {
            case "-p", "--proto" -> filter.protocol(protocol(value(option)));
            case "-f", "--family" -> filter.family(family(value(option)));
            case "--state" -> filter.tcpState(value(option).toUpperCase(Locale.ROOT));
            case "-m", "--mark" -> mark(value(option));
            case "-w", "--zone" -> filter.zone(number(option, 65_535));
            case "-u", "--status" -> filter.status(status(value(option)));
            case "-n", "--src-nat" -> filter.anyStatus(ConnectionStatus.SOURCE_NAT);
            case "-g", "--dst-nat" -> filter.anyStatus(ConnectionStatus.TARGET_NAT);
            case "-j", "--any-nat" -> filter.anyStatus(ConnectionStatus.NAT);
            case "-z", "--zero" -> isZeroing = true;
            case "-e", "--event-mask" -> events(value(option));
            case "-o", "--output" -> output(value(option));
            case "-I", "--create", "-U", "--update", "-A", "--add" ->
                throw wrong(option + " is not in this version; allowed: " + COMMANDS);
            default -> throw wrong("unknown option \"" + option + "\"; allowed: " + COMMANDS + "; " + FILTERS);
        }
    }

    private String value(String option) {
        return words.next(WRONG, NAME + "option " + option + " needs a value");
    }

    private int number(String option, int max) {
        String text = value(option);
        boolean isNumber = text.matches("[0-9]{1,9}") && Integer.parseInt(text) <= max;
        if (!isNumber) throw wrong(option + " \"" + text + "\"; allowed: 0 to " + max);
        return Integer.parseInt(text);
    }

    private IpPrefix address(String option) {
        String text = value(option);
        try {
            IpPrefix prefix = IpPrefix.parse(text);
            return prefix.network();
        } catch (IllegalArgumentException e) {
            throw wrong(option + " \"" + text + "\" is no address; allowed: ADDRESS or ADDRESS/LENGTH");
        }
    }

    private static int protocol(String text) {
        Integer known = PROTOCOLS.get(text.toLowerCase(Locale.ROOT));
        if (known != null) return known;
        boolean isNumber = text.matches("[0-9]{1,3}") && Integer.parseInt(text) <= 255;
        if (isNumber) return Integer.parseInt(text);
        throw wrong("-p \"" + text + "\" is not known; allowed: " + String.join(", ", PROTOCOLS.keySet())
            + ", 0 to 255");
    }

    private static int family(String text) {
        return switch (text) {
            case "ipv4" -> 4;
            case "ipv6" -> 6;
            default -> throw wrong("-f \"" + text + "\"; allowed: ipv4, ipv6");
        };
    }

    private static int status(String text) {
        int bits = 0;
        for (String each : text.split(",")) {
            Integer bit = STATUSES.get(each.toUpperCase(Locale.ROOT));
            if (bit == null) throw wrong("-u \"" + each + "\"; allowed: " + String.join(", ", STATUSES.keySet()));
            bits |= bit;
        }
        return bits;
    }

    private void mark(String text) {
        try {
            String[] parts = text.split("/", 2);
            filter.mark(unsigned(parts[0]), parts.length == 1 ? -1 : unsigned(parts[1]));
        } catch (NumberFormatException e) {
            throw wrong("-m \"" + text + "\"; allowed: MARK or MARK/MASK, 0 to 4294967295 or 0x0 to 0xffffffff");
        }
    }

    private static int unsigned(String text) {
        return text.startsWith("0x") ? Integer.parseUnsignedInt(text.substring(2), 16)
            : Integer.parseUnsignedInt(text);
    }

    private void events(String text) {
        events.clear();
        for (String each : text.split(",")) {
            switch (each.toUpperCase(Locale.ROOT)) {
                case "ALL" -> events.addAll(EnumSet.allOf(EventKind.class));
                case "NEW" -> events.add(EventKind.NEW);
                case "UPDATES", "UPDATE" -> events.add(EventKind.UPDATE);
                case "DESTROY" -> events.add(EventKind.DESTROY);
                default -> throw wrong("-e \"" + each + "\"; allowed: ALL, NEW, UPDATES, DESTROY");
            }
        }
    }

    private void output(String text) {
        for (String each : text.split(",")) {
            switch (each) {
                case "extended" -> isExtended = true;
                case "id" -> hasId = true;
                case "timestamp", "ktimestamp" -> hasTime = true;
                default -> throw wrong("-o \"" + each + "\"; allowed: extended, id, timestamp");
            }
        }
    }
}
