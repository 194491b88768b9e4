package io.millrace.control.command.tc;

import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerFlags;
import io.millrace.flow.flower.FlowerMatch;
import io.millrace.flow.flower.FlowerRefusal;
import io.millrace.flow.flower.KeyRules;

import java.util.ArrayList;
import java.util.List;

/// Reads what stands behind `flower`: keys, flags, actions.
final class FlowerReader {

    static final String USAGE = """
        Usage: ... flower [ MATCH-LIST ] [ verbose ] [ skip_sw | skip_hw ] [ action ACTION-SPEC ] [ classid CLASSID ]
        Where: MATCH := { indev DEV | num_of_vlans N | vlan_id ID | vlan_prio PRIO | vlan_ethtype TYPE |
        \tcvlan_id ID | cvlan_prio PRIO | cvlan_ethtype TYPE | pppoe_sid SID | ppp_proto TYPE |
        \tdst_mac MAC[/MASK] | src_mac MAC[/MASK] | ip_proto PROTO | ip_tos N[/MASK] | ip_ttl N[/MASK] |
        \tmpls_label N | mpls_tc N | mpls_bos N | mpls_ttl N | mpls lse depth D … | dst_ip PREFIX | src_ip PREFIX |
        \tdst_port N[/MASK]|MIN-MAX | src_port N[/MASK]|MIN-MAX | tcp_flags N[/MASK] | type N | code N |
        \tarp_sip PREFIX | arp_tip PREFIX | arp_op OP | arp_sha MAC | arp_tha MAC | l2tpv3_sid N | spi N |
        \tip_flags FLAGS | ct_state STATE | ct_zone N[/MASK] | ct_mark N[/MASK] | ct_label N[/MASK] | l2_miss N |
        \tcfm mdl N | cfm op N }""";

    /// Keys that need a tunnel interface, and there is none.
    private static final List<String> TUNNEL_KEYS = List.of("enc_dst_ip", "enc_src_ip", "enc_key_id", "enc_dst_port",
        "enc_tos", "enc_ttl", "enc_flags", "geneve_opts", "vxlan_opts", "erspan_opts", "gtp_opts", "pfcp_opts");

    private final Words words;
    private final ActionReader actions;
    private final KeyReader keys;
    private final List<FlowerAction> read = new ArrayList<>();
    private boolean skipsHardware;
    private boolean skipsSoftware;
    private boolean isVerbose;
    private int classId;

    /// @param protocol of the filter, 0 where none was given
    FlowerReader(Words words, int protocol, TcPorts ports) {
        this.words = words;
        this.actions = new ActionReader(words, ports);
        this.keys = new KeyReader(words, protocol, ports);
    }

    FlowerReader read() {
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "skip_hw" -> skipsHardware = true;
                case "skip_sw" -> skipsSoftware = true;
                case "verbose" -> isVerbose = true;
                case "action", "actions" -> read.addAll(actions.read());
                case "classid", "flowid" -> classId = classId(TcRefusals.next(words), word);
                case "help" -> throw TcRefusals.text(USAGE);
                default -> readKey(word);
            }
        }
        return this;
    }

    private void readKey(String word) {
        if (TUNNEL_KEYS.contains(word)) {
            throw TcRefusals.text("flower key \"" + word + "\": matches tunnel metadata, and there are no tunnel "
                + "interfaces; keys of outer headers are allowed");
        }
        if (word.equals("hw_tc")) {
            throw TcRefusals.text("flower option \"hw_tc\": ports have no traffic classes");
        }
        if (!keys.read(word)) throw TcRefusals.text("What is \"" + word + "\"?\n" + USAGE);
    }

    private static int classId(String word, String option) {
        String[] parts = word.split(":", -1);
        Refusal refusal = TcRefusals.illegal(option);
        if (parts.length != 2) throw refusal;
        long major = TcNumbers.hex(parts[0].isEmpty() ? "0" : parts[0], 0xffff).orElseThrow(() -> refusal);
        long minor = TcNumbers.hex(parts[1].isEmpty() ? "0" : parts[1], 0xffff).orElseThrow(() -> refusal);
        return (int) (major << 16 | minor);
    }

    FlowerMatch match(int protocol) {
        try {
            return KeyRules.match(protocol, keys.fields(), keys.sourcePorts(), keys.targetPorts());
        } catch (FlowerRefusal e) {
            throw TcRefusals.filter(e);
        }
    }

    List<FlowerAction> actions() { return read; }
    int classId()                { return classId; }

    FlowerFlags flags() {
        return new FlowerFlags(skipsHardware, skipsSoftware, isVerbose);
    }
}
