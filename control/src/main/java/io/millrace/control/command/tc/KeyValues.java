package io.millrace.control.command.tc;

import io.millrace.control.live.Refusal;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerField;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.header.EtherType;

import java.math.BigInteger;
import java.util.OptionalLong;

/// Reads the values of keys, with their masks.
final class KeyValues {

    private static final int MAC_BITS = 48;

    /// `N[/MASK]`.
    FieldMatch masked(String word, FlowerField field, String key) {
        String[] parts = parts(word);
        Refusal refusal = TcRefusals.illegal(key);
        long value = TcNumbers.number(parts[0], field.full()).orElseThrow(() -> refusal);
        long mask = parts[1] == null ? field.full()
            : TcNumbers.number(parts[1], field.full()).orElseThrow(() -> refusal);
        return FieldMatch.of(value, mask);
    }

    /// `X[/MASK]`, in hexadecimal with or without `0x`.
    FieldMatch hexMasked(String word, FlowerField field, String key) {
        String[] parts = parts(word);
        Refusal refusal = TcRefusals.illegal(key);
        long value = TcNumbers.hex(parts[0], field.full()).orElseThrow(() -> refusal);
        long mask = parts[1] == null ? field.full()
            : TcNumbers.hex(parts[1], field.full()).orElseThrow(() -> refusal);
        return FieldMatch.of(value, mask);
    }

    private static String[] parts(String word) {
        int slash = word.indexOf('/');
        return slash < 0 ? new String[] {word, null}
            : new String[] {word.substring(0, slash), word.substring(slash + 1)};
    }

    /// `MAC[/MASK]`, the mask as an address or as a number of bits.
    FieldMatch mac(String word, String key) {
        String[] parts = parts(word);
        long value = mac(word, parts[0], key);
        if (parts[1] == null) return FieldMatch.exactly(FlowerField.TARGET_MAC, value);
        OptionalLong bits = TcNumbers.number(parts[1], MAC_BITS);
        if (bits.isPresent() && parts[1].indexOf(':') < 0) {
            long full = FlowerField.TARGET_MAC.full();
            return FieldMatch.of(value, full << MAC_BITS - bits.getAsLong() & full);
        }
        return FieldMatch.of(value, mac(word, parts[1], key));
    }

    private static long mac(String word, String part, String key) {
        try {
            return Addresses.parseMac(part);
        } catch (IllegalArgumentException e) {
            throw TcRefusals.text("\"" + word + "\" is invalid lladdr.\nIllegal \"" + key + "\"");
        }
    }

    /// `PREFIX` of the family of the EtherType: an address, with a length or a mask behind it.
    FieldMatch address(String word, int type) {
        String[] parts = parts(word);
        int family = type == EtherType.IPV6 ? 6 : 4;
        Refusal refusal = TcRefusals.text("Error: inet prefix is expected rather than \"" + word + "\".");
        IpAddress address = address(parts[0], family, refusal);
        if (parts[1] == null) return prefix(address, address.bits());
        OptionalLong length = TcNumbers.number(parts[1], address.bits());
        if (length.isPresent()) return prefix(address, (int) length.getAsLong());
        IpAddress mask = address(parts[1], family, refusal);
        return new FieldMatch(address.high(), address.low(), mask.high(), mask.low());
    }

    private static IpAddress address(String word, int family, Refusal refusal) {
        try {
            IpAddress address = IpAddress.parse(word);
            if (address.family() == family) return address;
        } catch (IllegalArgumentException e) {
            throw refusal;
        }
        throw refusal;
    }

    private static FieldMatch prefix(IpAddress address, int length) {
        BigInteger all = BigInteger.ONE.shiftLeft(address.bits()).subtract(BigInteger.ONE);
        BigInteger mask = all.shiftLeft(address.bits() - length).and(all);
        return new FieldMatch(address.high(), address.low(), mask.shiftRight(64).longValue(), mask.longValue());
    }

    /// `frag/nofirstfrag`.
    FieldMatch fragment(String word, String key) {
        long value = 0;
        long mask = 0;
        for (String flag : word.split("/", -1)) {
            boolean isNot = flag.startsWith("no");
            long bit = switch (isNot ? flag.substring(2) : flag) {
                case "frag" -> FlowerField.FRAGMENT;
                case "firstfrag" -> FlowerField.FIRST_FRAGMENT;
                default -> throw TcRefusals.illegal(key);
            };
            mask |= bit;
            if (!isNot) value |= bit;
        }
        return FieldMatch.of(value, mask);
    }

    FieldMatch arpOperation(String word, String key) {
        return switch (word) {
            case "request" -> FieldMatch.exactly(FlowerField.ARP_OPERATION, 1);
            case "reply" -> FieldMatch.exactly(FlowerField.ARP_OPERATION, 2);
            default -> masked(word, FlowerField.ARP_OPERATION, key);
        };
    }

    /// 32 hexadecimal digits, fewer mean the leading ones.
    FieldMatch label(String word, String key) {
        String[] parts = parts(word);
        BigInteger value = labelNumber(parts[0], key);
        BigInteger mask = parts[1] == null ? BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE)
            : labelNumber(parts[1], key);
        return new FieldMatch(value.shiftRight(64).longValue(), value.longValue(), mask.shiftRight(64).longValue(),
            mask.longValue());
    }

    private static BigInteger labelNumber(String digits, String key) {
        boolean isHex = !digits.isEmpty() && digits.length() <= 32 && digits.length() % 2 == 0
            && digits.chars().allMatch(each -> Character.digit(each, 16) >= 0);
        if (!isHex) throw TcRefusals.illegal(key);
        return new BigInteger(digits + "0".repeat(32 - digits.length()), 16);
    }
}
