package io.millrace.control.nft;

import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Value;
import io.millrace.flow.ruleset.Verdict;

import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/// Constants as a listing writes them. `isNumeric`: protocols and flags by number.
record ValueText(boolean isNumeric) {

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    String text(Value value) {
        return switch (value) {
            case Value.Number number -> number(number);
            case Value.Text text -> "\"" + text.text().replace("*", "\\*") + (text.isPrefix() ? "*" : "") + "\"";
            // The ends of a range stand as numbers: names have blanks and dashes of their own.
            case Value.Range(Value.Number low, Value.Number high) ->
                new ValueText(true).number(low) + "-" + new ValueText(true).number(high);
            case Value.Prefix(Value.Number base, int length) -> number(base) + "/" + length;
            case Value.Everything _ -> "*";
            case Value.Tuple(List<Value> parts) -> String.join(" . ", parts.stream().map(this::text).toList());
            case Value.Decision(Verdict verdict) -> verdict(verdict);
            case Value.ObjectName(String name) -> "\"" + name + "\"";
        };
    }

    static String verdict(Verdict verdict) {
        return verdict.kind().text() + (verdict.hasChain() ? " " + verdict.chain() : "");
    }

    String number(Value.Number value) {
        BigInteger number = value.number();
        return switch (value.type()) {
            case IPV4_ADDR -> AddressText.ip4(number);
            case IPV6_ADDR -> AddressText.ip6(number);
            case ETHER_ADDR, LL_ADDR -> AddressText.ether(number);
            case MARK -> "0x%08x".formatted(number);
            case TIME -> isNumeric && number.longValue() % 1_000 == 0 ? number.longValue() / 1_000 + "s"
                : TimeText.format(number.longValue());
            case TIMESTAMP -> quoted(MOMENT.format(Instant.ofEpochSecond(number.divide(
                BigInteger.valueOf(1_000_000_000L)).longValue()).atZone(ZoneId.systemDefault())));
            case HOUR -> quoted(hour(number.longValue()));
            case CT_LABEL -> Integer.toString(number.getLowestSetBit());
            case CLASSID -> classId(number.longValue());
            case IFACE_INDEX -> number.toString();
            case DAY, DEVGROUP -> {
                String name = Symbols.name(value.type(), number.longValue());
                yield name == null ? number.toString() : quoted(name);
            }
            default -> value.type().isBitmask() ? String.join(" | ", flags(value)) : symbol(value);
        };
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private static String hour(long seconds) {
        int offset = ZoneId.systemDefault().getRules().getOffset(Instant.EPOCH).getTotalSeconds();
        LocalTime time = LocalTime.ofSecondOfDay(Math.floorMod(seconds + offset, 86_400L));
        return time.format(DateTimeFormatter.ofPattern(time.getSecond() == 0 ? "HH:mm" : "HH:mm:ss"));
    }

    private static String classId(long id) {
        String name = Symbols.name(DataType.CLASSID, id);
        return name != null ? name : "%x:%x".formatted(id >>> 16, id & 0xffff);
    }

    private String symbol(Value.Number value) {
        String name = Symbols.has(value.type()) && !isNumeric ? Symbols.name(value.type(), value.number().longValue())
            : null;
        if (name != null) return name;
        return switch (value.type()) {
            case ETHER_TYPE -> "0x%04x".formatted(value.number());
            case DSCP, ECN, BITMASK -> "0x%02x".formatted(value.number());
            default -> value.number().toString();
        };
    }

    /// The flags that are set, by name in ascending order.
    List<String> flags(Value.Number value) {
        List<String> names = new ArrayList<>();
        BigInteger left = value.number();
        if (!isNumeric) {
            for (var flag : Symbols.flags(value.type()).entrySet()) {
                BigInteger bit = BigInteger.valueOf(flag.getValue());
                if (left.and(bit).signum() == 0) continue;
                names.add(flag.getKey());
                left = left.andNot(bit);
            }
        }
        if (left.signum() != 0 || names.isEmpty()) names.add("0x" + left.toString(16));
        return names;
    }
}
