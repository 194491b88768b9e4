package io.millrace.control.command.tc;

import io.millrace.flow.flower.FlowerFilter;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// EtherTypes by iproute2's names.
final class TcProtocols {

    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
        Map.entry("all", FlowerFilter.ALL), Map.entry("ip", 0x0800), Map.entry("ipv4", 0x0800),
        Map.entry("arp", 0x0806), Map.entry("rarp", 0x8035), Map.entry("ipv6", 0x86dd), Map.entry("802.1q", 0x8100),
        Map.entry("802.1ad", 0x88a8), Map.entry("mpls_uc", 0x8847), Map.entry("mpls_mc", 0x8848),
        Map.entry("ppp_disc", 0x8863), Map.entry("ppp_ses", 0x8864), Map.entry("cfm", 0x8902),
        Map.entry("tipc", 0x88ca), Map.entry("aoe", 0x88a2), Map.entry("loop", 0x0060), Map.entry("lldp", 0x88cc));

    private static final Map<Integer, String> NAMES = Map.ofEntries(
        Map.entry(FlowerFilter.ALL, "all"), Map.entry(0x0800, "ip"), Map.entry(0x0806, "arp"),
        Map.entry(0x8035, "rarp"), Map.entry(0x86dd, "ipv6"), Map.entry(0x8100, "802.1Q"),
        Map.entry(0x88a8, "802.1ad"), Map.entry(0x8847, "mpls_uc"), Map.entry(0x8848, "mpls_mc"),
        Map.entry(0x8863, "ppp_disc"), Map.entry(0x8864, "ppp_ses"), Map.entry(0x8902, "cfm"),
        Map.entry(0x88ca, "tipc"), Map.entry(0x88a2, "aoe"), Map.entry(0x0060, "loop"), Map.entry(0x88cc, "lldp"));

    static final Map<String, Integer> PPP = Map.of("ip", 0x21, "ipv6", 0x57, "mpls_uc", 0x281, "mpls_mc", 0x283);

    static OptionalInt number(String word) {
        Integer known = NUMBERS.get(word.toLowerCase(Locale.ROOT));
        if (known != null) return OptionalInt.of(known);
        OptionalLong number = TcNumbers.number(word, 0xffff);
        return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
    }

    static String name(int type) {
        return NAMES.getOrDefault(type, "[" + type + "]");
    }

    private TcProtocols() {}
}
