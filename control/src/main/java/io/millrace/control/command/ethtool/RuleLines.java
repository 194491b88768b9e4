package io.millrace.control.command.ethtool;

import io.millrace.nic.sim.steer.ReceiveRule;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.parse.RecordField;
import io.millrace.packet.parse.graph.MatchTable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A receive rule as `ethtool -n` shows it: masks with the bits of 1 ignored.
final class RuleLines {

    private static final long IPV4_BITS = 0xffff_ffffL;

    private final ReceiveRule rule;
    private final MatchTable table;
    private final int userQueue;
    private final StringBuilder text = new StringBuilder();

    /// @param table     the raw table that the rule lies in; null: the table for ntuple
    /// @param userQueue the queue as users number it
    RuleLines(ReceiveRule rule, MatchTable table, int userQueue) {
        this.rule = rule;
        this.table = table;
        this.userQueue = userQueue;
    }

    private RuleFlow flow() {
        boolean asksProto = bits(rule.masks(), RecordField.PROTO) == 0xff;
        return RuleFlow.of(rule.family(), asksProto ? (int) bits(rule.values(), RecordField.PROTO) : RuleFlow.ANY);
    }

    String text() {
        line("Filter: " + rule.location());
        if (table == null) flowLines();
        else tableLines();
        if (rule.context() != ReceiveRule.NO_CONTEXT) line("\tRSS Context ID: " + rule.context());
        line(rule.queue() == ReceiveRule.DROP ? "\tAction: Drop" : "\tAction: Direct to queue " + userQueue);
        return text.append('\n').toString();
    }

    private void flowLines() {
        RuleFlow flow = flow();
        line("\tRule Type: " + flow.title());
        if (flow.family() == 0) {
            long family = bits(rule.values(), RecordField.FAMILY);
            line("\tEthertype: 0x" + (family == 4 ? "0800" : family == 6 ? "86DD" : "0") + " mask: 0x"
                + (bits(rule.masks(), RecordField.FAMILY) == 0 ? "FFFF" : "0"));
        } else {
            addresses("Src IP addr", RecordField.SOURCE, flow.family());
            addresses("Dest IP addr", RecordField.TARGET, flow.family());
            line(flow.family() == 4 ? "\tTOS: 0x0 mask: 0xff" : "\tTraffic Class: 0x0 mask: 0xff");
        }
        if (flow.has("src-port")) {
            decimal("Src port", RecordField.SOURCE_PORT);
            decimal("Dest port", RecordField.TARGET_PORT);
        }
        if (flow.has("spi")) decimal("SPI", RecordField.KEY_ID);
        if (flow.has("l4proto")) decimal("Protocol", RecordField.PROTO);
        if (bits(rule.masks(), RecordField.VLAN_0) != 0) {
            tag("VLAN EtherType", 16);
            tag("VLAN", 0);
        }
    }

    private void tableLines() {
        line("\tRule Type: Raw table " + table.name());
        for (RecordField key : table.keys()) {
            if (key.isAddress()) {
                line("\t" + key.label() + ": " + address(rule.values(), key, 6) + " mask: " + ignored(key, 6));
            } else {
                decimal(key.label(), key);
            }
        }
    }

    private void decimal(String name, RecordField field) {
        long most = field.mask() >>> field.shift();
        line("\t" + name + ": " + bits(rule.values(), field) + " mask: 0x"
            + Long.toHexString(~bits(rule.masks(), field) & most));
    }

    private void tag(String name, int shift) {
        long value = bits(rule.values(), RecordField.VLAN_0) >>> shift & 0xffff;
        long mask = ~(bits(rule.masks(), RecordField.VLAN_0) >>> shift) & 0xffff;
        line("\t" + name + ": 0x" + Long.toHexString(value) + " mask: 0x" + Long.toHexString(mask));
    }

    private void addresses(String name, RecordField field, int family) {
        line("\t" + name + ": " + address(rule.values(), field, family) + " mask: " + ignored(field, family));
    }

    private static String address(long[] words, RecordField field, int family) {
        return family == 4 ? Addresses.ipv4((int) words[field.word() + 1])
            : Addresses.ipv6(words[field.word()], words[field.word() + 1]);
    }

    private String ignored(RecordField field, int family) {
        long[] masks = rule.masks();
        return family == 4 ? Addresses.ipv4((int) (~masks[field.word() + 1] & IPV4_BITS))
            : Addresses.ipv6(~masks[field.word()], ~masks[field.word() + 1]);
    }

    private static long bits(long[] words, RecordField field) {
        return RuleKey.value(words, field);
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    ObjectNode json() {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("location", rule.location());
        if (table == null) node.put("flow-type", flow().label());
        else node.put("table", table.name());
        ObjectNode match = node.putObject("match");
        for (RecordField field : RecordField.values()) {
            boolean isAsked = field.isAddress() ? (rule.masks()[field.word()] | rule.masks()[field.word() + 1]) != 0
                : bits(rule.masks(), field) != 0;
            if (!isAsked) continue;
            ObjectNode asked = match.putObject(field.label());
            if (field.isAddress()) {
                int family = rule.family() == 4 ? 4 : 6;
                asked.put("value", address(rule.values(), field, family)).put("ignored", ignored(field, family));
            } else {
                asked.put("value", bits(rule.values(), field))
                    .put("ignored", ~bits(rule.masks(), field) & field.mask() >>> field.shift());
            }
        }
        if (rule.context() != ReceiveRule.NO_CONTEXT) node.put("context", rule.context());
        if (rule.queue() == ReceiveRule.DROP) node.put("action", "drop");
        else node.put("queue", userQueue);
        return node;
    }
}
