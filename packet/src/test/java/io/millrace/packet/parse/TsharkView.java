package io.millrace.packet.parse;

import io.millrace.testkit.TsharkRow;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.IntFunction;

/// A packet's records told in the columns of tshark, so that both can be compared.
///
/// tshark goes on above layer 4, and into what ICMP errors quote; there its columns have more values than a parse graph
/// has records. So a column agrees if ours are tshark's first, and all of them unless tshark went on.
final class TsharkView {

    /// Keys of tunnels and of security associations. A record has one; tshark has a column for each kind.
    private static final List<String> KEY_COLUMNS =
        List.of("gre.key", "vxlan.vni", "geneve.vni", "gtp.teid", "esp.spi", "ah.spi");
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;
    private static final int VLAN_ID_MASK = 0xfff;

    private final TsharkRow row;
    private final List<String> layers = new ArrayList<>();
    private boolean goesOn;

    /// @param known the layers of the graph
    TsharkView(TsharkRow row, Set<String> known) {
        this.row = row;
        for (String protocol : row.protocols()) {
            if (protocol.equals("ethertype")) continue;
            if (!known.contains(protocol)) goesOn = true;
            if (goesOn) break;
            boolean isNamedTwice = protocol.equals("igmp") && layers.contains("igmp");   // tshark: igmp and its version
            if (!isNamedTwice) layers.add(protocol);
            goesOn = protocol.equals("icmp") || protocol.equals("icmpv6");
        }
    }

    /// What differs, by column: "tshark's | ours".
    Map<String, String> differences(TwoParsers parsers, int outcome) {
        Map<String, String> found = new LinkedHashMap<>();
        String ours = String.join(":", parsers.layers());
        if (!ours.equals(String.join(":", layers))) found.put("layers", String.join(":", layers) + " | " + ours);
        ParseRecords records = parsers.records();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < ParseOutcome.recordCount(outcome); i++) places.add(parsers.recordAt(i));
        IntPredicate isV4 = at -> records.family(at) == 4;
        IntPredicate isV6 = at -> records.family(at) == 6;
        text(found, "ip.src", values(places, isV4, at -> v4(records.sourceLow(at))));
        text(found, "ip.dst", values(places, isV4, at -> v4(records.targetLow(at))));
        text(found, "ip.proto", values(places, isV4, at -> String.valueOf(records.proto(at))));
        text(found, "ipv6.src", values(places, isV6, at -> v6(records.sourceHigh(at), records.sourceLow(at))));
        text(found, "ipv6.dst", values(places, isV6, at -> v6(records.targetHigh(at), records.targetLow(at))));
        ports(found, records, places, "tcp", TCP);
        ports(found, records, places, "udp", UDP);
        ports(found, records, places, "sctp", SCTP);
        numbers(found, "pppoe.session_id",
            values(places, at -> records.session(at) != 0, at -> (long) records.session(at)));
        vlans(found, records, places);
        keys(found, records, places);
        return found;
    }

    private void ports(Map<String, String> found, ParseRecords records, List<Integer> places, String name, int proto) {
        IntPredicate isThere = at -> records.proto(at) == proto && records.payload(at) != 0;
        numbers(found, name + ".srcport", values(places, isThere, at -> (long) records.sourcePort(at)));
        numbers(found, name + ".dstport", values(places, isThere, at -> (long) records.targetPort(at)));
    }

    private void vlans(Map<String, String> found, ParseRecords records, List<Integer> places) {
        List<Long> ids = new ArrayList<>();
        for (int at : places) {
            if (records.vlan0(at) != 0) ids.add((long) records.vlan0(at) & VLAN_ID_MASK);
            if (records.vlan1(at) != 0) ids.add((long) records.vlan1(at) & VLAN_ID_MASK);
        }
        numbers(found, "vlan.id", ids);
    }

    private void keys(Map<String, String> found, ParseRecords records, List<Integer> places) {
        List<Long> ours = values(places, at -> records.keyId(at) != 0, at -> Integer.toUnsignedLong(records.keyId(at)));
        List<Long> expected = new ArrayList<>();
        for (String column : KEY_COLUMNS) row.numbers(column).stream().filter(key -> key != 0).forEach(expected::add);
        List<Long> labels = row.numbers("mpls.label");
        if (!labels.isEmpty()) expected.add(labels.getLast());
        Collections.sort(ours);
        Collections.sort(expected);
        boolean agrees = goesOn ? expected.containsAll(ours) : expected.equals(ours);
        if (!agrees) found.put("keys", expected + " | " + ours);
    }

    private void text(Map<String, String> found, String column, List<String> ours) {
        List<String> expected = row.values(column);
        if (column.startsWith("ipv6.")) expected = expected.stream().map(TsharkView::bytesOf).toList();
        compare(found, column, expected, ours);
    }

    private void numbers(Map<String, String> found, String column, List<Long> ours) {
        compare(found, column, row.numbers(column), ours);
    }

    private <T> void compare(Map<String, String> found, String column, List<T> expected, List<T> ours) {
        boolean areFirst = ours.size() <= expected.size() && expected.subList(0, ours.size()).equals(ours);
        if (!areFirst || !goesOn && ours.size() < expected.size()) found.put(column, expected + " | " + ours);
    }

    private static <T> List<T> values(List<Integer> places, IntPredicate isThere, IntFunction<T> value) {
        List<T> values = new ArrayList<>();
        for (int at : places) {
            if (isThere.test(at)) values.add(value.apply(at));
        }
        return values;
    }

    private static String v4(long address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address & 0xff);
    }

    private static String v6(long high, long low) {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }

    /// An IPv6 address as 32 hex digits. Java reads a mapped address as IPv4.
    private static String bytesOf(String address) {
        try {
            String digits = HexFormat.of().formatHex(InetAddress.getByName(address).getAddress());
            return digits.length() == 8 ? "00000000000000000000ffff" + digits : digits;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }
}
