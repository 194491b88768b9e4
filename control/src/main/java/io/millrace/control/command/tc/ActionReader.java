package io.millrace.control.command.tc;

import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.ChecksumTarget;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.packet.header.EtherType;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Reads the actions of a filter: everything from the first `action` on, as in `tc`.
final class ActionReader {

    /// Actions of Linux that nothing here carries out, and why.
    private static final Map<String, String> ABSENT = Map.ofEntries(
        Map.entry("tunnel_key", "sets tunnel metadata, and there are no tunnel interfaces"),
        Map.entry("skbedit", "packets have no queue mapping or priority here"),
        Map.entry("mpls", "is not carried out here"), Map.entry("sample", "is not carried out here"),
        Map.entry("simple", "is not carried out here"), Map.entry("skbmod", "is not carried out here"),
        Map.entry("nat", "is not carried out here; nft translates addresses"),
        Map.entry("bpf", "is not carried out here"), Map.entry("connmark", "is not carried out here"),
        Map.entry("ctinfo", "is not carried out here"), Map.entry("gate", "is not carried out here"),
        Map.entry("ife", "is not carried out here"));

    private static final Map<String, ChecksumTarget> CHECKSUMS = Map.ofEntries(
        Map.entry("iph", ChecksumTarget.IPV4_HEADER), Map.entry("ip4h", ChecksumTarget.IPV4_HEADER),
        Map.entry("ipv4h", ChecksumTarget.IPV4_HEADER), Map.entry("ip", ChecksumTarget.IPV4_HEADER),
        Map.entry("icmp", ChecksumTarget.ICMP), Map.entry("igmp", ChecksumTarget.IGMP),
        Map.entry("tcp", ChecksumTarget.TCP), Map.entry("udp", ChecksumTarget.UDP),
        Map.entry("udplite", ChecksumTarget.UDP_LITE), Map.entry("sctp", ChecksumTarget.SCTP));
    private static final Set<String> SWEETS = Set.of("and", "or", "+");
    private static final int VLAN_ID_MASK = 0xfff;

    private final Words words;
    private final TcPorts ports;
    private final ControlReader controls;

    ActionReader(Words words, TcPorts ports) {
        this.words = words;
        this.ports = ports;
        this.controls = new ControlReader(words);
    }

    List<FlowerAction> read() {
        if (!words.hasNext()) TcRefusals.next(words);
        var actions = new ArrayList<FlowerAction>();
        while (words.hasNext()) {
            if (words.take("action") || words.take("no_percpu")) continue;
            actions.add(readOne(words.next()));
        }
        return actions;
    }

    private FlowerAction readOne(String kind) {
        FlowerAction action = switch (kind) {
            case "gact" -> gact(TcRefusals.next(words));
            case "mirred" -> mirred();
            case "vlan" -> vlan();
            case "pedit" -> new PeditReader(words).read();
            case "csum" -> csum();
            case "police" -> new PoliceReader(words).read();
            case "ct" -> new CtReader(words).read();
            default -> {
                if (ABSENT.containsKey(kind)) throw TcRefusals.text("action \"" + kind + "\": " + ABSENT.get(kind));
                yield gact(kind);
            }
        };
        refuseOptions(kind);
        return action;
    }

    private void refuseOptions(String kind) {
        if (!words.hasNext()) return;
        String why = switch (words.peek()) {
            case "index" -> "filters do not share actions";
            case "hw_stats" -> "hardware statistics are always kept";
            case "cookie" -> "actions keep no cookie";
            case "random" -> "actions take no chances";
            default -> null;
        };
        if (why != null) {
            throw TcRefusals.text("action \"" + kind + "\": \"" + words.peek() + "\" is not supported: " + why);
        }
    }

    private FlowerAction gact(String word) {
        ActionControl control = ControlReader.plain(word);
        if (control != null) return new FlowerAction.Gact(control);
        if (!word.equals("goto")) {
            throw TcRefusals.usage("Bad action type " + word + "\n" + ControlReader.ALLOWED
                + ", and the actions mirred, vlan, pedit, csum, police and ct");
        }
        var chain = new ArrayList<String>(List.of("goto"));
        while (words.hasNext() && chain.size() < 3) chain.add(words.next());
        return new FlowerAction.Gact(new ControlReader(new Words(chain, false)).read(ActionControl.PASS));
    }

    private FlowerAction mirred() {
        String direction = TcRefusals.next(words);
        if (direction.equals("ingress")) {
            throw TcRefusals.badAction("mirred ingress is not supported: packets are given to ports that send them; "
                + "allowed is egress", "mirred");
        }
        if (!direction.equals("egress")) {
            throw TcRefusals.badAction("mirred option not supported " + direction, "mirred");
        }
        String what = TcRefusals.next(words);
        boolean isRedirect = what.equals("redirect");
        if (!isRedirect && !what.equals("mirror")) {
            throw TcRefusals.badAction("mirred egress: \"" + what + "\" is unknown; allowed are redirect and mirror",
                "mirred");
        }
        String option = TcRefusals.next(words);
        if (!option.equals("dev")) {
            throw TcRefusals.badAction("mirred: \"" + option + "\" instead of \"dev DEVICENAME\"", "mirred");
        }
        String name = TcRefusals.next(words);
        int port;
        try {
            port = ports.index(name);
        } catch (Refusal e) {
            throw TcRefusals.badAction(e.getMessage(), "mirred");
        }
        if (isRedirect) return new FlowerAction.Mirred(true, port, ActionControl.STOLEN);
        return new FlowerAction.Mirred(false, port, controls.read(ActionControl.PIPE));
    }

    private FlowerAction vlan() {
        String word = TcRefusals.next(words);
        FlowerAction.VlanChange change = switch (word) {
            case "pop" -> FlowerAction.VlanChange.POP;
            case "push" -> FlowerAction.VlanChange.PUSH;
            case "modify" -> FlowerAction.VlanChange.MODIFY;
            case "pop_eth", "push_eth" -> throw TcRefusals.badAction("vlan " + word
                + " is not supported: frames keep their Ethernet header", "vlan");
            default -> throw TcRefusals.usage("Bad action type " + word + "\nvlan: allowed are push, pop and modify");
        };
        long id = -1;
        long priority = FlowerAction.Vlan.KEPT;
        int protocol = change == FlowerAction.VlanChange.POP ? 0 : EtherType.VLAN;
        while (words.hasNext() && Set.of("id", "priority", "protocol").contains(words.peek())) {
            String option = words.next();
            if (change == FlowerAction.VlanChange.POP) throw TcRefusals.argument(option, "only valid for push/modify");
            String value = TcRefusals.next(words);
            switch (option) {
                case "id" -> id = option(value, 0xffff, "id is invalid");
                case "priority" -> priority = option(value, 7, "prio is invalid");
                default -> protocol = tagProtocol(value);
            }
        }
        if (change != FlowerAction.VlanChange.POP && id < 0) {
            throw TcRefusals.text("id needs to be set for " + word
                + "\nUsage: vlan " + word + " [ protocol 802.1Q|802.1AD ] id VLANID [ priority 0-7 ] [CONTROL]");
        }
        ActionControl control = controls.read(ActionControl.PIPE);
        if (id > VLAN_ID_MASK) throw TcRefusals.filter("VLAN ids end at 4095");
        return new FlowerAction.Vlan(change, protocol, (int) Math.max(0, id), (int) priority, control);
    }

    private static long option(String value, long max, String why) {
        return TcNumbers.number(value, max).orElseThrow(() -> TcRefusals.argument(value, why));
    }

    private static int tagProtocol(String value) {
        int type = TcProtocols.number(value).orElseThrow(() -> TcRefusals.argument(value, "protocol is invalid"));
        if (type == EtherType.VLAN || type == EtherType.VLAN_SERVICE) return type;
        throw TcRefusals.badAction("protocol not supported; allowed are 802.1Q and 802.1AD", "vlan");
    }

    private FlowerAction csum() {
        if (!words.hasNext()) TcRefusals.next(words);
        Set<ChecksumTarget> targets = EnumSet.noneOf(ChecksumTarget.class);
        while (words.hasNext()) {
            String word = words.peek().toLowerCase(Locale.ROOT);
            if (CHECKSUMS.containsKey(word)) {
                targets.add(CHECKSUMS.get(word));
            } else if (!SWEETS.contains(word)) {
                break;
            }
            words.next();
        }
        if (targets.isEmpty()) {
            throw TcRefusals.badAction("Illegal csum construct, empty <UPDATE> list; allowed are ip4h, icmp, igmp, "
                + "tcp, udp, udplite and sctp", "csum");
        }
        return new FlowerAction.Csum(targets, controls.read(ActionControl.PASS));
    }
}
