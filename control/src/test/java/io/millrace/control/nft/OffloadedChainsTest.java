package io.millrace.control.nft;

import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.nft.NotOffloadable;
import io.millrace.flow.flower.nft.OffloadedChains;
import io.millrace.flow.flower.nft.OffloadedRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class OffloadedChainsTest {

    private static final Map<String, Integer> PORTS = Map.of("lan", 0, "wan", 1);

    private static Map<String, List<FlowerFilter>> translate(String text) throws NotOffloadable {
        NftLoader.Outcome outcome = Rulesets.load(text);
        assertThat(outcome.isFine()).as(outcome.isFine() ? "" : outcome.errorText()).isTrue();
        Map<String, List<FlowerFilter>> filters = new HashMap<>();
        OffloadedChains.translate(outcome.ruleset(), PORTS).forEach((device, rules) ->
            filters.put(device, rules.stream().map(OffloadedRule::filter).toList()));
        return filters;
    }

    private static String chain(String header, String rules) {
        return "table netdev t {\n chain c {\n  type filter hook ingress device lan " + header + " flags offload;\n  "
            + rules.replace("; ", "\n  ") + "\n }\n}\n";
    }

    /// One filter in short: priority.handle protocol fields actions.
    private static String text(FlowerFilter filter) {
        var fields = new StringBuilder();
        filter.match().fields().forEach((field, match) -> {
            if (field.tcName().isEmpty()) return;
            fields.append(' ').append(field.tcName()).append('=').append(Long.toHexString(match.low()));
            if (!match.isExact(field)) fields.append('/').append(Long.toHexString(match.maskLow()));
        });
        return filter.chain() + ":" + filter.priority() + "." + filter.handle() + " "
            + Integer.toHexString(filter.protocol()) + fields + " "
            + String.join(" ", filter.actions().stream().map(each -> each.kind() + "-" + each.control()).toList());
    }

    @Test
    void keepsTheOrderAndGroupsWhatLooksAtTheSameBits() throws NotOffloadable {
        List<FlowerFilter> filters = translate(chain("priority 1; policy accept;", "ip saddr 10.0.0.1 drop; "
            + "ip saddr 10.0.0.2 counter drop; ip daddr 10.1.0.0/16 ip protocol tcp tcp dport 80 accept; "
            + "ip saddr 10.0.0.3 drop; ip saddr 10.0.0.3 counter; meta protocol ip6 ip6 daddr fd00::1 fwd to wan; "
            + "ether daddr 02:00:00:00:00:01 dup to wan")).get("lan");
        assertThat(filters.stream().map(OffloadedChainsTest::text)).containsExactly(
            "0:1.1 800 eth_type=800 src_ip=a000001/ffffffff gact-drop",
            "0:1.2 800 eth_type=800 src_ip=a000002/ffffffff gact-drop",
            "0:2.1 800 eth_type=800 ip_proto=6 dst_ip=a010000/ffff0000 dst_port=50 gact-pass",
            "0:3.1 800 eth_type=800 src_ip=a000003/ffffffff gact-drop",
            "0:4.1 800 eth_type=800 src_ip=a000003/ffffffff gact-continue",
            "0:5.1 86dd eth_type=86dd dst_ip=1 mirred-stolen",
            "0:6.1 3 dst_mac=20000000001 mirred-pipe gact-continue");
        assertThat(filters).allMatch(each -> each.flags().skipsSoftware());
    }

    @Test
    void goesFromChainToChainInTheOrderOfPriorities() throws NotOffloadable {
        String text = chain("priority 9; policy accept;", "ip saddr 10.0.0.9 drop")
            + chain("priority 2; policy accept;", "ip saddr 10.0.0.2 accept").replace("netdev t", "netdev u");
        assertThat(translate(text).get("lan").stream().map(OffloadedChainsTest::text)).containsExactly(
            "0:1.1 800 eth_type=800 src_ip=a000002/ffffffff gact-goto chain 1", "0:2.1 3 gact-goto chain 1",
            "1:1.1 800 eth_type=800 src_ip=a000009/ffffffff gact-drop");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ip ttl 5 drop | eth_type=800 ip_ttl=5",
        "ip dscp 10 drop | eth_type=800 ip_tos=28/fc",
        "meta protocol ip tcp flags & 0x12 == 0x2 drop | eth_type=800 ip_proto=6 tcp_flags=2/12",
        "meta protocol ip icmp type echo-request drop | eth_type=800 ip_proto=1 icmp_type=8",
        "arp operation request drop | eth_type=806 arp_op=1",
        "ether type 0x0800 udp sport 53 drop | eth_type=800 ip_proto=11 src_port=35",
        "vlan id 5 drop | vlan_id=5",
        "iifname lan drop | indev=1"})
    void saysHeaderFieldsInKeys(String rule, String keys) throws NotOffloadable {
        String said = text(translate(chain("priority 1; policy accept;", rule)).get("lan").getFirst());
        assertThat(said.substring(said.indexOf(' ', 6) + 1)).isEqualTo(keys.strip() + " gact-drop");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ip saddr 10.0.0.1-10.0.0.9 drop | 0 | one value, a prefix",
        "ip saddr != 10.0.0.1 drop | 0 | by equality",
        "meta protocol ip tcp dport { 80, 443 } drop | 0 | cannot do this",
        "ip saddr 10.0.0.1 limit rate 5/second drop | 1 | cannot do this",
        "ip saddr 10.0.0.1 log drop | 1 | cannot do this",
        "ip length 40 drop | 0 | do not match ip length",
        "meta mark 5 drop | 0 | do not match meta mark",
        "tcp dport 80 drop | 0 | without the protocol"})
    void refusesAtTheRuleWhatFlowerCannotSay(String rule, int fine, String why) {
        String rules = "ip saddr 10.9.9.9 drop; " + rule;
        NotOffloadable refusal = catchThrowableOfType(NotOffloadable.class,
            () -> translate(chain("priority 1; policy accept;", rules)));
        assertThat(refusal).hasMessage("Could not process rule: Operation not supported");
        assertThat(refusal.rule()).isSameAs(refusal.chain().rules().get(1));
        assertThat(refusal.why()).contains(why.strip());
        assertThat(refusal.chain().name()).isEqualTo("c");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"priority 1; policy drop; | policy", "priority 0; policy accept; | priority",
        "priority -5; policy accept; | priority"})
    void refusesChainsThatLinuxDoesNotOffload(String header, String why) {
        NotOffloadable refusal =
            catchThrowableOfType(NotOffloadable.class, () -> translate(chain(header.strip(), "accept")));
        assertThat(refusal.rule()).isNull();
        assertThat(refusal.why()).contains(why.strip());
    }
}
