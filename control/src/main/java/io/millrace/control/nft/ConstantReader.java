package io.millrace.control.nft;

import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.Value;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/// One word as a constant of the type that its place asks for.
final class ConstantReader {

    private static final int IFNAME_LENGTH_MAX = 15;
    private static final int HELPER_LENGTH_MAX = 15;

    static Value read(String word, FieldType field, Span place) {
        String text = word.startsWith("\"") ? word.substring(1, word.length() - 1) : word;
        DataType type = field.type();
        return switch (type) {
            case IFNAME -> name(text, field, place);
            case STRING -> helper(text, field, place);
            case IFACE_INDEX, REALM -> text.matches("[0-9]+|0x[0-9a-fA-F]+") ? integer(text, field, place)
                : new Value.Text(type, field.bits(), text, false);
            case IPV4_ADDR, IPV6_ADDR, ETHER_ADDR, LL_ADDR -> address(text, field, place);
            case INET_SERVICE -> service(text, field, place);
            case INET_PROTO -> protocol(text, field, place);
            case TIME -> time(text, field, place);
            case TIMESTAMP -> timestamp(text, field, place);
            case HOUR -> hour(text, field, place);
            case DAY -> day(text, field, place);
            case CLASSID -> classId(text, field, place);
            case UID -> account(text, field, place, Path.of("/etc/passwd"), "User does not exist");
            case GID -> account(text, field, place, Path.of("/etc/group"), "Group does not exist");
            case CT_LABEL -> label(text, field, place);
            default -> symbol(text, field, place);
        };
    }

    private static Value name(String text, FieldType field, Span place) {
        if (text.isEmpty()) throw new NftException("Empty string is not allowed", place);
        boolean isPrefix = text.endsWith("*") && !text.endsWith("\\*");
        String name = isPrefix ? text.substring(0, text.length() - 1) : text.replace("\\*", "*");
        if (name.length() > IFNAME_LENGTH_MAX) throw new NftException("String exceeds maximum length of 15", place);
        if (isPrefix && name.isEmpty()) throw new NftException("All-wildcard strings are not supported", place);
        return new Value.Text(DataType.IFNAME, field.bits(), name, isPrefix);
    }

    private static Value helper(String text, FieldType field, Span place) {
        if (text.isEmpty()) throw new NftException("Empty string is not allowed", place);
        if (text.length() > HELPER_LENGTH_MAX) throw new NftException("String exceeds maximum length of 16", place);
        return new Value.Text(DataType.STRING, field.bits(), text, false);
    }

    private static Value.Number integer(String text, FieldType field, Span place) {
        BigInteger number = numberOrNull(text);
        if (number == null) {
            throw new NftException("Could not parse " + Symbols.description(field.type()), place);
        }
        return inRange(number, field, place);
    }

    static BigInteger numberOrNull(String text) {
        if (text.matches("[0-9]+")) return new BigInteger(text);
        return text.matches("0x[0-9a-fA-F]+") ? new BigInteger(text.substring(2), 16) : null;
    }

    static Value.Number inRange(BigInteger number, FieldType field, Span place) {
        int bits = field.bits() == 0 ? 32 : field.bits();
        BigInteger max = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
        if (number.compareTo(max) > 0) {
            throw new NftException("Value " + number + " exceeds valid range 0-" + max, place);
        }
        return new Value.Number(field.type(), bits, number);
    }

    private static Value.Number address(String text, FieldType field, Span place) {
        BigInteger plain = numberOrNull(text);
        if (plain != null) return inRange(plain, field, place);
        BigInteger address = switch (field.type()) {
            case IPV4_ADDR -> AddressText.parseIp4(text);
            case IPV6_ADDR -> AddressText.parseIp6(text);
            default -> AddressText.parseEther(text);
        };
        if (address != null) return new Value.Number(field.type(), field.bits(), address);
        if (field.type() == DataType.ETHER_ADDR || field.type() == DataType.LL_ADDR) {
            throw new NftException("Could not parse Ethernet address", place);
        }
        boolean isOther = AddressText.parseIp4(text) != null || AddressText.parseIp6(text) != null;
        throw new NftException("Could not resolve hostname: " + (isOther
            ? "Address family for hostname not supported" : "Name or service not known"), place);
    }

    private static Value.Number service(String text, FieldType field, Span place) {
        BigInteger number = numberOrNull(text);
        if (number != null) {
            if (number.bitLength() > 16) throw new NftException("Service out of range", place);
            return new Value.Number(field.type(), 16, number);
        }
        Integer port = Services.port(text);
        if (port == null) {
            throw new NftException("Could not resolve service: Servname not supported for ai_socktype", place);
        }
        return Value.Number.of(field.type(), 16, port);
    }

    private static Value.Number protocol(String text, FieldType field, Span place) {
        BigInteger number = numberOrNull(text);
        if (number != null) {
            if (number.bitLength() > 8) throw new NftException("Protocol out of range", place);
            return new Value.Number(field.type(), 8, number);
        }
        Long protocol = Symbols.number(DataType.INET_PROTO, text);
        if (protocol == null) throw new NftException("Could not resolve protocol name", place);
        return Value.Number.of(field.type(), 8, protocol);
    }

    private static Value.Number time(String text, FieldType field, Span place) {
        long ms = TimeText.parseMs(text);
        if (ms < 0) throw new NftException("Could not parse time", place);
        return new Value.Number(field.type(), field.bits(), BigInteger.valueOf(ms));
    }

    private static Value.Number timestamp(String text, FieldType field, Span place) {
        BigInteger seconds = numberOrNull(text);
        if (seconds == null) {
            try {
                String full = text.length() == "2000-01-01".length() ? text + " 00:00:00" : text;
                var form = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
                seconds = BigInteger.valueOf(LocalDateTime.parse(full, form)
                    .atZone(ZoneId.systemDefault()).toEpochSecond());
            } catch (DateTimeException e) {
                throw new NftException("Can't parse " + text, place);
            }
        }
        return new Value.Number(field.type(), field.bits(), seconds.multiply(BigInteger.valueOf(1_000_000_000L)));
    }

    /// Seconds of the day in UTC: that is what the kernel compares.
    private static Value.Number hour(String text, FieldType field, Span place) {
        BigInteger seconds = numberOrNull(text);
        if (seconds == null) {
            try {
                int offset = ZoneId.systemDefault().getRules().getOffset(java.time.Instant.EPOCH).getTotalSeconds();
                seconds = BigInteger.valueOf(Math.floorMod(LocalTime.parse(text).toSecondOfDay() - offset, 86_400));
            } catch (DateTimeException e) {
                throw new NftException("Can't parse " + text, place);
            }
        }
        return inRange(seconds, field, place);
    }

    private static Value.Number day(String text, FieldType field, Span place) {
        for (var entry : Symbols.flags(DataType.DAY).entrySet()) {
            if (text.length() >= 3 && entry.getKey().regionMatches(true, 0, text, 0, text.length())) {
                return Value.Number.of(field.type(), field.bits(), entry.getValue());
            }
        }
        Value.Number number = integer(text, field, place);
        if (number.asLong() > 6) throw new NftException("Day is out of range 0-6", place);
        return number;
    }

    private static Value.Number classId(String text, FieldType field, Span place) {
        Long named = Symbols.number(DataType.CLASSID, text);
        if (named != null) return Value.Number.of(field.type(), field.bits(), named);
        int colon = text.indexOf(':');
        if (colon < 0) return integer(text, field, place);
        long major = Long.parseLong(text.substring(0, colon), 16);
        return Value.Number.of(field.type(), field.bits(), major << 16 | Long.parseLong(text.substring(colon + 1), 16));
    }

    private static Value.Number account(String text, FieldType field, Span place, Path file, String unknown) {
        BigInteger number = numberOrNull(text);
        if (number != null) return inRange(number, field, place);
        try {
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.split(":");
                if (parts.length > 2 && parts[0].equals(text)) {
                    return Value.Number.of(field.type(), field.bits(), Long.parseLong(parts[2]));
                }
            }
        } catch (IOException e) {
            throw new NftException(unknown + " (" + file + " cannot be read)", place);
        }
        throw new NftException(unknown, place);
    }

    /// A label is one bit of 128.
    private static Value.Number label(String text, FieldType field, Span place) {
        BigInteger number = numberOrNull(text);
        if (number == null) throw new NftException("could not parse conntrack label", place);
        if (number.bitLength() > 7) {
            throw new NftException("Value " + number + " exceeds valid range 0-127", place);
        }
        return new Value.Number(field.type(), field.bits(), BigInteger.ONE.shiftLeft(number.intValue()));
    }

    private static Value.Number symbol(String text, FieldType field, Span place) {
        Long number = Symbols.number(field.type(), text);
        if (number != null) return Value.Number.of(field.type(), field.bits(), number);
        return integer(text, field, place);
    }

    private ConstantReader() {}
}
