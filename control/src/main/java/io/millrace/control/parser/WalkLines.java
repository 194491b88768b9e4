package io.millrace.control.parser;

import io.millrace.packet.address.Addresses;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.ParseResult;
import tools.jackson.databind.ObjectMapper;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A walked packet as a line, for people or as a JSON object; and the line that sums all packets up.
///
/// ```
///      7  OKAY  eth ip udp  10.0.0.1:1000 > 10.0.0.2:2000 proto 17
/// {"frame":7,"result":"OKAY","layers":["eth","ip","udp"],"headers":[{"src":"10.0.0.1",…}]}
/// ```
///
/// In JSON, `src` and `dst` are null where a record has no addresses, `vlans` are the ids of its tags, outermost first,
/// and `flags` is the number that the representation defines.
public final class WalkLines {

    private static final int VLAN_ID_MASK = 0xfff;

    private final ParseRecords records;
    private final ObjectMapper mapper = new ObjectMapper();
    private final Map<ParseResult, Long> counts = new EnumMap<>(ParseResult.class);

    public WalkLines(ParseRecords records) {
        this.records = records;
    }

    /// The line for people. Every packet given here or to [#json] counts in the [#summary].
    public String text(long frame, GraphWalk.Walked walked) {
        counts.merge(walked.result(), 1L, Long::sum);
        var line = new StringBuilder(String.format("%7d  %s  %s", frame, walked.result(),
            String.join(" ", walked.layers())));
        for (int at : walked.headers()) append(line, at);
        return line.toString();
    }

    private void append(StringBuilder line, int at) {
        line.append("  ");
        if (records.vlan0(at) != 0) line.append("vlans ").append(vlans(at)).append(' ');
        if (records.family(at) != 0) {
            endpoint(line, source(at), records.sourcePort(at));
            line.append(" > ");
            endpoint(line, target(at), records.targetPort(at));
            line.append(" proto ").append(records.proto(at));
        }
        if (records.keyId(at) != 0) line.append(" key ").append(Integer.toUnsignedString(records.keyId(at)));
        if (records.flags(at) != 0) line.append(" flags 0x").append(Integer.toHexString(records.flags(at)));
    }

    private static void endpoint(StringBuilder line, String address, int port) {
        boolean isV6 = address.indexOf(':') >= 0;
        line.append(port != 0 && isV6 ? "[" + address + "]" : address);
        if (port != 0) line.append(':').append(port);
    }

    /// One object, in one line.
    public String json(long frame, GraphWalk.Walked walked) {
        counts.merge(walked.result(), 1L, Long::sum);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("frame", frame);
        members.put("result", walked.result().name());
        members.put("layers", walked.layers());
        members.put("headers", walked.headers().stream().map(this::header).toList());
        return mapper.writeValueAsString(members);
    }

    private Map<String, Object> header(int at) {
        boolean hasAddresses = records.family(at) != 0;
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("src", hasAddresses ? source(at) : null);
        members.put("dst", hasAddresses ? target(at) : null);
        members.put("sport", records.sourcePort(at));
        members.put("dport", records.targetPort(at));
        members.put("proto", records.proto(at));
        members.put("l3", records.l3(at));
        members.put("l4", records.l4(at));
        members.put("vlans", vlans(at));
        members.put("keyId", Integer.toUnsignedLong(records.keyId(at)));
        members.put("flags", records.flags(at));
        return members;
    }

    /// How many packets ended how.
    public String summary() {
        long packetCount = counts.values().stream().mapToLong(Long::longValue).sum();
        String results = counts.entrySet().stream().map(count -> count.getValue() + " " + count.getKey())
            .collect(Collectors.joining(", "));
        return packetCount + (packetCount == 1 ? " packet" : " packets") + (results.isEmpty() ? "" : ": " + results);
    }

    private List<Integer> vlans(int at) {
        List<Integer> ids = new ArrayList<>();
        if (records.vlan0(at) != 0) ids.add(records.vlan0(at) & VLAN_ID_MASK);
        if (records.vlan1(at) != 0) ids.add(records.vlan1(at) & VLAN_ID_MASK);
        return ids;
    }

    private String source(int at) {
        return address(at, records.sourceHigh(at), records.sourceLow(at));
    }

    private String target(int at) {
        return address(at, records.targetHigh(at), records.targetLow(at));
    }

    private String address(int at, long high, long low) {
        return records.family(at) == 4 ? Addresses.ipv4((int) low) : Addresses.ipv6(high, low);
    }
}
