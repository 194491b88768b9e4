package io.millrace.control.command.tc;

import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.PeditKey;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.address.IpAddress;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads `pedit [ex] munge HEADER FIELD set|add|clear|invert|preserve …`: each change of a field becomes one or more
/// words of its header.
final class PeditReader {

    private enum Kind { NUMBER, IPV4, IPV6, MAC }

    /// Where a field lies, and which of its bits change.
    private record Field(int at, int bytes, Kind kind, long bits) {

        static Field number(int at, int bytes) {
            return new Field(at, bytes, Kind.NUMBER, (1L << bytes * 8) - 1);
        }
    }

    private static final Map<String, Field> IPV4 = Map.ofEntries(
        Map.entry("src", new Field(12, 4, Kind.IPV4, 0xffff_ffffL)),
        Map.entry("dst", new Field(16, 4, Kind.IPV4, 0xffff_ffffL)),
        Map.entry("tos", Field.number(1, 1)), Map.entry("dsfield", Field.number(1, 1)),
        Map.entry("ihl", new Field(0, 1, Kind.NUMBER, 0x0f)), Map.entry("ttl", Field.number(8, 1)),
        Map.entry("protocol", Field.number(9, 1)), Map.entry("nofrag", new Field(6, 1, Kind.NUMBER, 0x3f)),
        Map.entry("df", new Field(6, 1, Kind.NUMBER, 0x40)), Map.entry("mf", new Field(6, 1, Kind.NUMBER, 0x20)),
        Map.entry("sport", Field.number(20, 2)), Map.entry("dport", Field.number(22, 2)),
        Map.entry("icmp_type", Field.number(20, 1)), Map.entry("icmp_code", Field.number(21, 1)));
    private static final Map<String, Field> IPV6 = Map.of(
        "src", new Field(8, 16, Kind.IPV6, -1L), "dst", new Field(24, 16, Kind.IPV6, -1L),
        "traffic_class", new Field(0, 2, Kind.NUMBER, 0x0ff0), "flow_lbl", new Field(0, 4, Kind.NUMBER, 0xf_ffff),
        "payload_len", Field.number(4, 2), "nexthdr", Field.number(6, 1), "hoplimit", Field.number(7, 1));
    private static final Map<String, Field> TCP =
        Map.of("sport", Field.number(0, 2), "dport", Field.number(2, 2), "flags", Field.number(13, 1));
    private static final Map<String, Field> UDP = Map.of("sport", Field.number(0, 2), "dport", Field.number(2, 2));
    private static final Map<String, Field> ETHERNET = Map.of("dst", new Field(0, 6, Kind.MAC, -1L >>> 16),
        "src", new Field(6, 6, Kind.MAC, -1L >>> 16), "type", Field.number(12, 2));

    private static final String USAGE = "Usage: ... pedit [ex] munge ip|ip6|tcp|udp|eth FIELD set VALUE|add VALUE|"
        + "clear|invert|preserve [retain MASK] [CONTROL]";

    private final Words words;
    private final List<PeditKey> keys = new ArrayList<>();
    private boolean isExtended;

    PeditReader(Words words) {
        this.words = words;
    }

    FlowerAction read() {
        isExtended = words.take("ex");
        if (!words.hasNext()) TcRefusals.next(words);
        while (words.take("munge")) readMunge();
        if (keys.isEmpty()) throw TcRefusals.badAction(USAGE, "pedit");
        return new FlowerAction.Pedit(keys, isExtended, new ControlReader(words).read(ActionControl.PASS));
    }

    private void readMunge() {
        String header = TcRefusals.next(words);
        String name = TcRefusals.next(words);
        Map<String, Field> fields = switch (header) {
            case "ip" -> IPV4;
            case "ip6" -> IPV6;
            case "tcp" -> TCP;
            case "udp" -> UDP;
            case "eth" -> ETHERNET;
            default -> throw bad(header, "headers are ip, ip6, tcp, udp and eth");
        };
        Field field = fields.get(name);
        if (field == null) {
            throw bad(header, "\"" + name + "\" is no field of " + header + "; fields are "
                + String.join(", ", fields.keySet().stream().sorted().toList()));
        }
        boolean isPlain = header.equals("ip") || header.equals("ip6");
        if (!isExtended && !isPlain) {
            throw TcRefusals.badAction("Munge parameters not supported. Use 'pedit ex munge ...'.", "pedit");
        }
        readCommand(header, place(header), field);
    }

    private PeditKey.Header place(String header) {
        if (!isExtended) return PeditKey.Header.NETWORK;
        return switch (header) {
            case "ip" -> PeditKey.Header.IPV4;
            case "ip6" -> PeditKey.Header.IPV6;
            case "tcp" -> PeditKey.Header.TCP;
            case "udp" -> PeditKey.Header.UDP;
            default -> PeditKey.Header.ETHERNET;
        };
    }

    private void readCommand(String header, PeditKey.Header place, Field field) {
        String command = TcRefusals.next(words);
        if (command.equals("add") && !isExtended) {
            throw TcRefusals.badAction("Non extended mode. only 'set' command is supported", "pedit");
        }
        long[] value = switch (command) {
            case "set", "add" -> value(header, field, TcRefusals.next(words));
            case "invert" -> new long[] {-1L, -1L};
            case "clear", "preserve" -> new long[2];
            default -> throw bad(header, "\"" + command + "\"; allowed are set, add, clear, invert and preserve");
        };
        long bits = command.equals("preserve") ? 0 : field.bits();
        if (words.take("retain")) {
            String mask = TcRefusals.next(words);
            if (field.bytes() > 4) {
                throw bad(header, "retain is not supported for fields longer the 32 bits");
            }
            bits = TcNumbers.number(mask, 0xffff_ffffL).orElseThrow(() -> bad(header, "retain \"" + mask + "\""));
        }
        addKeys(place, field, command, value, bits);
    }

    /// The two halves of the value, the second one of anything up to 64 bits.
    private static long[] value(String header, Field field, String word) {
        Refusal refusal = bad(header, "\"" + word + "\" is no value of the field");
        try {
            return switch (field.kind()) {
                case NUMBER -> new long[] {0,
                    TcNumbers.number(word, field.bytes() == 4 ? 0xffff_ffffL : (1L << field.bytes() * 8) - 1)
                        .orElseThrow(() -> refusal)};
                case IPV4 -> new long[] {0, Integer.toUnsignedLong(Addresses.parseIpv4(word))};
                case IPV6 -> {
                    IpAddress address = Addresses.parseIpv6(word);
                    yield new long[] {address.high(), address.low()};
                }
                case MAC -> new long[] {0, Addresses.parseMac(word)};
            };
        } catch (IllegalArgumentException e) {
            throw refusal;
        }
    }

    /// One key for each 32-bit word that the field touches.
    private void addKeys(PeditKey.Header place, Field field, String command, long[] value, long bits) {
        boolean isInverted = command.equals("invert");
        int firstWord = field.at() & ~3;
        int behind = field.at() + field.bytes();
        for (int wordAt = firstWord; wordAt < behind; wordAt += 4) {
            int mask = 0;
            int word = 0;
            for (int i = 0; i < 4; i++) {
                int byteInField = wordAt + i - field.at();
                if (byteInField < 0 || byteInField >= field.bytes()) continue;
                int shift = 24 - i * 8;
                mask |= octet(bits, bits, field.bytes(), byteInField) << shift;
                word |= octet(value[0], value[1], field.bytes(), byteInField) << shift;
            }
            word &= mask;
            // An inverted field keeps its bits in the mask and has all of them turned over by the value.
            keys.add(new PeditKey(place, wordAt, command.equals("add"), word, isInverted ? -1 : ~mask));
        }
    }

    private static int octet(long high, long low, int bytes, int index) {
        int fromEnd = bytes - 1 - index;
        return (int) ((fromEnd >= 8 ? high >>> (fromEnd - 8) * 8 : low >>> fromEnd * 8) & 0xff);
    }

    private static Refusal bad(String header, String why) {
        return TcRefusals.badAction("bad pedit parsing\nBad pedit construct (" + header + "): " + why, "pedit");
    }
}
