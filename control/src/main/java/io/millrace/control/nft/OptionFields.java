package io.millrace.control.nft;

import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Expression.Option;
import io.millrace.flow.ruleset.Expression.OptionKind;

import java.util.LinkedHashMap;
import java.util.Map;

/// TCP options, SCTP chunks and IPv4 options by name, with their fields: `name bitOffset bits`.
final class OptionFields {

    private record Kind(int number, Map<String, int[]> fields) {
    }

    private static final Map<OptionKind, Map<String, Kind>> KINDS = Map.of(
        OptionKind.TCP_OPTION, kinds("kind 0 8,length 8 8",
            "eol=0", "nop=1", "maxseg=2:size 16 16", "window=3:count 16 8", "sack-perm=4",
            "sack=5:left 16 32,right 48 32", "sack0=5:left 16 32,right 48 32", "sack1=5:left 80 32,right 112 32",
            "sack2=5:left 144 32,right 176 32", "sack3=5:left 208 32,right 240 32",
            "timestamp=8:tsval 16 32,tsecr 48 32", "md5sig=19", "mptcp=30:subtype 16 4", "fastopen=34"),
        OptionKind.SCTP_CHUNK, kinds("type 0 8,flags 8 8,length 16 16",
            "data=0:tsn 32 32,stream 64 16,ssn 80 16,ppid 96 32",
            "init=1:init-tag 32 32,a-rwnd 64 32,num-outbound-streams 96 16,num-inbound-streams 112 16,"
                + "initial-tsn 128 32",
            "init-ack=2:init-tag 32 32,a-rwnd 64 32,num-outbound-streams 96 16,num-inbound-streams 112 16,"
                + "initial-tsn 128 32",
            "sack=3:cum-tsn-ack 32 32,a-rwnd 64 32,num-gap-ack-blocks 96 16,num-dup-tsns 112 16",
            "heartbeat=4", "heartbeat-ack=5", "abort=6", "shutdown=7:cum-tsn-ack 32 32", "shutdown-ack=8", "error=9",
            "cookie-echo=10", "cookie-ack=11", "ecne=12:lowest-tsn 32 32", "cwr=13:lowest-tsn 32 32",
            "shutdown-complete=14", "asconf-ack=128:seqno 32 32", "forward-tsn=192:new-cum-tsn 32 32",
            "asconf=193:seqno 32 32"),
        OptionKind.IP_OPTION, kinds("type 0 8,length 8 8",
            "rr=7:ptr 16 8,addr 24 32", "lsrr=131:ptr 16 8,addr 24 32", "ssrr=137:ptr 16 8,addr 24 32",
            "ra=148:value 16 16"));

    private static Map<String, Kind> kinds(String common, String... lines) {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        for (String line : lines) {
            String[] halves = line.split(":");
            String[] head = halves[0].split("=");
            Map<String, int[]> fields = new LinkedHashMap<>();
            addFields(fields, common);
            if (halves.length > 1) addFields(fields, halves[1]);
            kinds.put(head[0], new Kind(Integer.parseInt(head[1]), fields));
        }
        return kinds;
    }

    private static void addFields(Map<String, int[]> fields, String list) {
        for (String field : list.split(",")) {
            String[] words = field.split(" ");
            fields.put(words[0], new int[] {Integer.parseInt(words[1]), Integer.parseInt(words[2])});
        }
    }

    /// Is there such an option? A number names a TCP option too.
    static boolean has(OptionKind kind, String name) {
        return number(kind, name) >= 0;
    }

    private static int number(OptionKind kind, String name) {
        Kind found = KINDS.get(kind).get(name);
        if (found != null) return found.number();
        boolean isNumber = kind == OptionKind.TCP_OPTION && name.matches("[0-9]{1,3}") && Integer.parseInt(name) < 256;
        return isNumber ? Integer.parseInt(name) : -1;
    }

    /// The field of an option, or null. Without a field: is the option there?
    static Option option(OptionKind kind, String name, String field) {
        int number = number(kind, name);
        String known = kind == OptionKind.TCP_OPTION ? nameOf(number, name) : name;
        if (field.isEmpty()) return new Option(kind, number, known, "", DataType.BOOLEAN, 0, 8, true);
        Kind found = KINDS.get(kind).get(known);
        int[] at = found == null ? null : found.fields().get(field);
        if (at == null) return null;
        DataType type = field.equals("addr") ? DataType.IPV4_ADDR : DataType.INTEGER;
        return new Option(kind, number, known, field, type, at[0], at[1], false);
    }

    private static String nameOf(int number, String name) {
        if (name.equals("sack0")) return "sack";
        if (!name.matches("[0-9]+")) return name;
        for (var entry : KINDS.get(OptionKind.TCP_OPTION).entrySet()) {
            if (entry.getValue().number() == number) return entry.getKey();
        }
        return name;
    }

    private OptionFields() {}
}
