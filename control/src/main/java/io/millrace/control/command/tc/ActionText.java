package io.millrace.control.command.tc;

import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.ChecksumTarget;
import io.millrace.flow.flower.CtAction;
import io.millrace.flow.flower.CtNat;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.PeditKey;
import io.millrace.flow.flower.block.HardwareCounts;
import io.millrace.flow.flower.engine.ActionCounters;
import io.millrace.packet.address.IpAddress;

import java.util.Locale;
import java.util.stream.Collectors;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One action as `tc` prints it, behind `action order N: `.
final class ActionText {

    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final StringBuilder text;
    private final ObjectNode node;
    private final TcPorts ports;
    private final StringBuilder behindTimes = new StringBuilder();

    ActionText(StringBuilder text, ObjectNode node, TcPorts ports) {
        this.text = text;
        this.node = node;
        this.ports = ports;
    }

    void add(FlowerAction action, int index) {
        switch (action) {
            case FlowerAction.Gact gact -> gact(gact, index);
            case FlowerAction.Mirred mirred -> mirred(mirred, index);
            case FlowerAction.Vlan vlan -> vlan(vlan, index);
            case FlowerAction.Csum csum -> csum(csum, index);
            case FlowerAction.Pedit pedit -> pedit(pedit, index);
            case FlowerAction.Police police -> police(police, index);
            case FlowerAction.Ct ct -> ct(ct, index);
        }
    }

    private ObjectNode kind(String kind) {
        return node.put("kind", kind);
    }

    private void control(String front, ActionControl control, String member, ObjectNode target) {
        text.append(front).append(control);
        ObjectNode object = target.putObject(member);
        boolean isGoto = control.kind() == ActionControl.Kind.GOTO_CHAIN;
        object.put("type", isGoto ? "goto" : control.kind().word());
        if (isGoto) object.put("chain", control.chain());
    }

    private void index(String front, int index) {
        text.append(front).append("index ").append(index).append(" ref 1 bind 1");
        node.put("index", index).put("ref", 1).put("bind", 1);
    }

    private void gact(FlowerAction.Gact gact, int index) {
        kind("gact");
        text.append("gact ");
        control("action ", gact.control(), "control_action", node);
        ObjectNode chance = node.putObject("prob").put("random_type", "none");
        text.append("\n\t random type none");
        control(" ", ActionControl.PASS, "control_action", chance);
        text.append(" val 0\n");
        chance.put("val", 0);
        index("\t ", index);
    }

    private void mirred(FlowerAction.Mirred mirred, int index) {
        String what = mirred.isRedirect() ? "Redirect" : "Mirror";
        String port = ports.name(mirred.port());
        kind("mirred").put("mirred_action", what.toLowerCase(Locale.ROOT)).put("direction", "egress")
            .put("to_dev", port);
        text.append("mirred (Egress ").append(what).append(" to device ").append(port).append(')');
        control(" ", mirred.control(), "control_action", node);
        index("\n \t", index);
    }

    private void vlan(FlowerAction.Vlan vlan, int index) {
        String change = vlan.change().name().toLowerCase(Locale.ROOT);
        kind("vlan").put("vlan_action", change);
        text.append("vlan  ").append(change);
        if (vlan.change() != FlowerAction.VlanChange.POP) {
            String protocol = TcProtocols.name(vlan.tagProtocol());
            text.append(" id ").append(vlan.id()).append(" protocol ").append(protocol);
            node.put("id", vlan.id()).put("protocol", protocol);
            boolean hasPriority = vlan.priority() != FlowerAction.Vlan.KEPT
                || vlan.change() == FlowerAction.VlanChange.PUSH;
            if (hasPriority) {
                int priority = Math.max(0, vlan.priority());
                text.append(" priority ").append(priority);
                node.put("priority", priority);
            }
        }
        control(" ", vlan.control(), "control_action", node);
        index("\n\t ", index);
    }

    private void csum(FlowerAction.Csum csum, int index) {
        String targets = csum.targets().stream().sorted().map(ChecksumTarget::word).collect(Collectors.joining(", "));
        kind("csum").put("csum", targets);
        text.append("csum (").append(targets).append(") ");
        control("action ", csum.control(), "control_action", node);
        index("\n\t", index);
    }

    private void pedit(FlowerAction.Pedit pedit, int index) {
        kind("pedit");
        text.append(" pedit ");
        control("action ", pedit.control(), "control_action", node);
        text.append(" keys ").append(pedit.keys().size());
        node.put("nkeys", pedit.keys().size());
        index("\n \t ", index);
        ArrayNode keys = node.putArray("keys");
        for (int i = 0; i < pedit.keys().size(); i++) {
            PeditKey key = pedit.keys().get(i);
            boolean isNetwork = key.header() == PeditKey.Header.NETWORK;
            behindTimes.append("\n\t key #").append(i).append("  at ")
                .append(isNetwork ? "" : key.header().word() + (key.offset() < 0 ? "" : "+")).append(key.offset())
                .append(": ").append(key.isAdd() ? "add " : "val ").append(String.format("%08x", key.value()))
                .append(" mask ").append(String.format("%08x", key.mask()));
            keys.addObject().put("htype", key.header().word()).put("offset", key.offset())
                .put("cmd", key.isAdd() ? "add" : "set").put("val", String.format("%08x", key.value()))
                .put("mask", String.format("%08x", key.mask()));
        }
    }

    private void police(FlowerAction.Police police, int index) {
        kind("police").put("index", index).put("rate", police.rateBytes()).put("burst", police.burstBytes())
            .put("mtu", police.mtuBytes());
        text.append(" police 0x").append(Integer.toHexString(index)).append(" rate ")
            .append(TcNumbers.rateText(police.rateBytes())).append(" burst ")
            .append(TcNumbers.sizeText(police.burstBytes())).append(" mtu ")
            .append(TcNumbers.sizeText(police.mtuBytes())).append(' ');
        control("action ", police.control(), "control_action", node);
        if (police.conform() != ActionControl.PASS) control("/", police.conform(), "conform_action", node);
        text.append(" overhead 0b \n\tref 1 bind 1");
        node.put("overhead", 0).put("ref", 1).put("bind", 1);
    }

    private void ct(FlowerAction.Ct ct, int index) {
        kind("ct");
        CtAction what = ct.what();
        text.append("ct");
        if (what.isClear()) {
            text.append(" clear");
            node.put("action", "clear");
        } else {
            String words = (what.isCommit() ? " commit" : "") + (what.isForced() ? " force" : "");
            text.append(words);
            if (what.isCommit()) node.put("action", words.strip());
            if (what.markMask() != 0) {
                String mark = "0x" + Integer.toHexString(what.mark())
                    + (what.markMask() == -1 ? "" : "/0x" + Integer.toHexString(what.markMask()));
                text.append(" mark ").append(mark);
                node.put("mark", mark);
            }
            text.append(" zone ").append(what.zone());
            node.put("zone", what.zone());
            if (what.nat() != null) nat(what.nat());
        }
        control(" ", ct.control(), "control_action", node);
        index("\n\t ", index);
    }

    private void nat(CtNat nat) {
        text.append(" nat");
        if (nat.side() == CtNat.Side.NONE) {
            node.put("nat", "");
            return;
        }
        String side = nat.side() == CtNat.Side.SOURCE ? "src" : "dst";
        var first = new IpAddress(nat.family(), nat.minHigh(), nat.minLow());
        var last = new IpAddress(nat.family(), nat.maxHigh(), nat.maxLow());
        String addresses = first.equals(last) ? first.toString() : first + "-" + last;
        text.append(' ').append(side).append(" addr ").append(addresses);
        node.put("nat", side).put("addr", addresses);
        if (nat.portMin() == 0) return;
        String ports = nat.portMin() == nat.portMax() ? String.valueOf(nat.portMin())
            : nat.portMin() + "-" + nat.portMax();
        text.append(" port ").append(ports);
        node.put("port", ports);
    }

    /// @param hardware what hardware counted, or null where the filter is not there
    void addTimes(ActionCounters counters, HardwareCounts hardware, long nowNs) {
        long lastNs = Math.max(counters.installedNs(), counters.lastUsedNs());   // NEVER is long ago
        if (hardware != null) lastNs = Math.max(lastNs, hardware.lastUsedNs());
        time("installed", "installed", counters.installedNs(), nowNs);
        time("used", "last_used", lastNs, nowNs);
        if (counters.firstUsedNs() != ActionCounters.NEVER) {
            time("firstused", "first_used", counters.firstUsedNs(), nowNs);
        }
    }

    private void time(String word, String member, long sinceNs, long nowNs) {
        long seconds = (nowNs - sinceNs) / NS_PER_SECOND;
        text.append(' ').append(word).append(' ').append(seconds).append(" sec");
        node.put(member, seconds);
    }

    /// The action's line is over.
    void end() {
        text.append(behindTimes).append('\n');
        behindTimes.setLength(0);
    }

    /// @param hardware what hardware counted, or null where the filter is not there
    void addCounters(ActionCounters counters, HardwareCounts hardware) {
        long hardwareBytes = hardware == null ? 0 : hardware.bytes();
        long hardwarePackets = hardware == null ? 0 : hardware.packets();
        long bytes = counters.bytes() + hardwareBytes;
        long packets = counters.packets() + hardwarePackets;
        boolean isDrop = node.path("kind").asString("").equals("gact")
            && node.path("control_action").path("type").asString("").equals("drop");
        long dropped = counters.drops() + (isDrop ? hardwarePackets : 0);
        text.append("\tAction statistics:\n\tSent ").append(bytes).append(" bytes ").append(packets)
            .append(" pkt (dropped ").append(dropped).append(", overlimits ").append(counters.overlimits())
            .append(" requeues 0) \n");
        ObjectNode stats = node.putObject("stats").put("bytes", bytes).put("packets", packets).put("drops", dropped)
            .put("overlimits", counters.overlimits()).put("requeues", 0).put("backlog", 0).put("qlen", 0);
        if (hardware != null) {
            text.append("\tSent software ").append(counters.bytes()).append(" bytes ").append(counters.packets())
                .append(" pkt\n\tSent hardware ").append(hardwareBytes).append(" bytes ").append(hardwarePackets)
                .append(" pkt\n");
            stats.put("sw_bytes", counters.bytes()).put("sw_packets", counters.packets())
                .put("hw_bytes", hardwareBytes).put("hw_packets", hardwarePackets);
        }
        text.append("\tbacklog 0b 0p requeues 0\n");
        if (hardware != null) {
            text.append("\tused_hw_stats delayed\n");
            node.putArray("used_hw_stats").add("delayed");
        }
    }
}
