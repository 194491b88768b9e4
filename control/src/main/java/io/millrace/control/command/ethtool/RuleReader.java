package io.millrace.control.command.ethtool;

import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.nic.sim.steer.ReceiveRule;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.parse.RecordField;
import io.millrace.packet.parse.graph.MatchTable;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;

/// Reads the words behind `ethtool -N DEV`: `flow-type TYPE [FIELD VALUE [m MASK]]… [action N] [context N] [loc N]`,
/// and for a raw table of the parse graph `flow-type raw table NAME [KEY VALUE [m MASK]]…`.
///
/// A mask is as users write it: bits of 1 are ignored.
final class RuleReader {

    /// No `loc` was given.
    static final int NO_LOCATION = -1;

    private static final BigInteger LOW = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    /// Words of ethtool about which the records of a parser say nothing.
    private static final Set<String> ABSENT = Set.of("src", "dst", "tos", "tclass", "user-def", "dst-mac", "vf", "queue");

    /// What was read.
    ///
    /// @param table    the raw table; null: the table for ntuple
    /// @param location in the table, or [#NO_LOCATION]
    record Draft(MatchTable table, int location, int family, RuleKey key, int context, int queue) {

        ReceiveRule at(int place) {
            return new ReceiveRule(place, family, key.values, key.masks, context, queue);
        }
    }

    private final Words words;
    private final List<MatchTable> tables;
    private final RuleKey key = new RuleKey();
    private RuleFlow flow;
    private MatchTable table;
    private int location = NO_LOCATION;
    private int context = ReceiveRule.NO_CONTEXT;
    private int queue;

    /// @param tables of the graph that the device runs
    RuleReader(Words words, List<MatchTable> tables) {
        this.words = words;
        this.tables = tables;
    }

    /// What stands behind `flow-type`.
    Draft read() {
        String type = word();
        if (type.equals("raw")) {
            if (!words.take("table")) throw EthtoolVerb.badCommand();
            table = rawTable(word());
        } else {
            flow = RuleFlow.labelled(type);
            if (flow == null) throw EthtoolVerb.badCommand();
            if (flow.proto() != RuleFlow.ANY) key.put(RecordField.PROTO, flow.proto(), 0xff);
        }
        while (words.hasNext()) option(words.next());
        return new Draft(table, location, table == null ? flow.family() : 0, key, context, queue);
    }

    private MatchTable rawTable(String name) {
        List<MatchTable> raw = tables.stream().filter(each -> each.target() == MatchTable.Target.RAW).toList();
        for (MatchTable each : raw) {
            if (each.name().equals(name)) return each;
        }
        if (raw.isEmpty()) throw new Refusal(1, "no table for raw");
        throw new Refusal(1, "no raw table \"" + name + "\"; the graph has "
            + String.join(", ", raw.stream().map(MatchTable::name).toList()));
    }

    private void option(String word) {
        switch (word) {
            case "action" -> queue = action(word());
            case "context" -> context = number(word(), Integer.MAX_VALUE);
            case "loc" -> location = number(word(), Integer.MAX_VALUE);
            default -> field(word);
        }
    }

    private static int action(String word) {
        if (word.equals("-1")) return ReceiveRule.DROP;
        if (word.equals("-2")) throw absent("wake on LAN");
        return number(word, Integer.MAX_VALUE);
    }

    private void field(String word) {
        if (table != null) {
            rawField(word);
            return;
        }
        if (ABSENT.contains(word)) throw absent(word);
        if (!flow.has(word)) throw EthtoolVerb.badCommand();
        switch (word) {
            case "src-ip" -> address(RecordField.SOURCE);
            case "dst-ip" -> address(RecordField.TARGET);
            case "src-port" -> number(RecordField.SOURCE_PORT);
            case "dst-port" -> number(RecordField.TARGET_PORT);
            case "l4proto" -> number(RecordField.PROTO);
            case "spi" -> number(RecordField.KEY_ID);
            case "vlan" -> part(0);
            case "vlan-etype" -> part(16);
            default -> etherType();
        }
    }

    private void rawField(String word) {
        RecordField field = RecordField.labelled(word);
        if (field == null || !table.keys().contains(field)) {
            throw new Refusal(1, "table " + table.name() + " has no key \"" + word + "\"; it has "
                + String.join(", ", table.keys().stream().map(RecordField::label).toList()));
        }
        if (field.isAddress()) address(field);
        else number(field);
    }

    private void number(RecordField field) {
        long most = field.mask() >>> field.shift();
        long value = big(word(), most);
        key.put(field, value, ~mask(most));
    }

    /// Half of the outermost tag: TPID and TCI.
    private void part(int shift) {
        long value = big(word(), 0xffff);
        key.put(RecordField.VLAN_0, value << shift, (~mask(0xffff) & 0xffff) << shift);
    }

    /// The records have no EtherType, but they say IPv4 or IPv6.
    private void etherType() {
        long value = big(word(), 0xffff);
        boolean isIp = value == 0x0800 || value == 0x86dd;
        if (!isIp || mask(0xffff) != 0) throw absent("proto other than 0x0800 and 0x86dd");
        key.put(RecordField.FAMILY, value == 0x0800 ? 4 : 6, 0xff);
    }

    private void address(RecordField field) {
        IpAddress value = ip(word());
        IpAddress mask = words.take("m") ? ip(word()) : null;
        boolean isWrongFamily = table == null && value.family() != flow.family();
        if (isWrongFamily || mask != null && mask.family() != value.family()) throw EthtoolVerb.badCommand();
        // A rule about IPv4 has but 32 bits to compare; a raw table compares the whole field.
        long highMask = value.isIpv6() || table != null ? -1L : 0;
        long lowMask = value.isIpv6() || table != null ? -1L : 0xffff_ffffL;
        if (mask != null) {
            highMask &= ~mask.high();
            lowMask &= ~mask.low();
        }
        key.put(field, value.high(), value.low(), highMask, lowMask);
    }

    private static IpAddress ip(String word) {
        try {
            return IpAddress.parse(word);
        } catch (IllegalArgumentException e) {
            throw EthtoolVerb.badCommand();
        }
    }

    /// The mask behind a value; 0 if there is none.
    private long mask(long most) {
        return words.take("m") ? big(word(), most) : 0;
    }

    private String word() {
        if (!words.hasNext()) throw EthtoolVerb.badCommand();
        return words.next();
    }

    private static int number(String word, int most) {
        return (int) big(word, most);
    }

    private static long big(String word, long most) {
        try {
            boolean isHex = word.startsWith("0x") || word.startsWith("0X");
            var value = isHex ? new BigInteger(word.substring(2), 16) : new BigInteger(word);
            boolean isOutside = value.signum() < 0 || value.compareTo(BigInteger.valueOf(most).and(LOW)) > 0;
            if (isOutside || word.contains("+")) throw EthtoolVerb.badCommand();
            return value.longValue();
        } catch (NumberFormatException e) {
            throw EthtoolVerb.badCommand();
        }
    }

    private static Refusal absent(String what) {
        return new Refusal(1, "rmgr: Cannot insert RX class rule: Operation not supported\n"
            + "Cannot insert classification rule: the device's records say nothing of " + what);
    }
}
