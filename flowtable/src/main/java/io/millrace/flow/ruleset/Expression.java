package io.millrace.flow.ruleset;

import java.util.EnumSet;
import java.util.List;

/// Something that a rule reads from a packet, its connection or the machine, or computes. [Value] is the constant one.
///
/// An expression that has no value for a packet (a TCP field of a UDP packet, the state of no connection) ends its
/// rule without a match.
public sealed interface Expression {

    DataType type();

    /// Width of the value; 0 where it depends on what it is compared with.
    int bits();

    /// A named field of a header at the packet's outermost headers.
    record Payload(HeaderField field) implements Expression {
        @Override
        public DataType type() {
            return field.type();
        }

        @Override
        public int bits() {
            return field.bits();
        }
    }

    /// `bits` bits, `bitOffset` behind `base`.
    record RawPayload(PayloadBase base, int bitOffset, int bits) implements Expression {
        @Override
        public DataType type() {
            return DataType.INTEGER;
        }
    }

    /// A field of the first IPv6 extension header of its kind.
    record Extension(HeaderField field) implements Expression {
        @Override
        public DataType type() {
            return field.type();
        }

        @Override
        public int bits() {
            return field.bits();
        }
    }

    /// Is there such an IPv6 extension header?
    record ExtensionPresent(Protocol header) implements Expression {
        @Override
        public DataType type() {
            return DataType.BOOLEAN;
        }

        @Override
        public int bits() {
            return 1;
        }
    }

    /// Bits of a TCP option, an SCTP chunk or an IPv4 option: `bits` at `bitOffset` from the first byte of the
    /// `number`th kind. `isPresence` asks only whether it is there.
    record Option(OptionKind kind, int number, String name, String field, DataType type, int bitOffset, int bits,
                  boolean isPresence) implements Expression {
    }

    enum OptionKind { TCP_OPTION, SCTP_CHUNK, IP_OPTION }

    record Meta(MetaKey key) implements Expression {
        @Override
        public DataType type() {
            return key.type();
        }

        @Override
        public int bits() {
            return key.bits();
        }
    }

    /// `direction` is null where the key is asked without one: then that of the packet, or both added up.
    record Ct(CtKey key, Direction direction) implements Expression {
        @Override
        public DataType type() {
            return key.type();
        }

        @Override
        public int bits() {
            return key.bits();
        }
    }

    enum Direction { ORIGINAL, REPLY }

    /// A look into the routing table by some of the packet's fields.
    record Fib(List<FibInput> inputs, FibResult result) implements Expression {
        public Fib {
            inputs = List.copyOf(inputs);
        }

        /// The fields as a set: their order is that of the text.
        public EnumSet<FibInput> inputSet() {
            return EnumSet.copyOf(inputs);
        }

        @Override
        public DataType type() {
            return switch (result) {
                case TYPE -> DataType.FIB_ADDRTYPE;
                case OIF -> DataType.IFACE_INDEX;
                case OIFNAME -> DataType.IFNAME;
                case PRESENT -> DataType.BOOLEAN;
            };
        }

        @Override
        public int bits() {
            return type().bits();
        }
    }

    enum FibInput { SADDR, DADDR, MARK, IIF, OIF }

    /// `PRESENT` is `oif` compared with `exists` or `missing`.
    enum FibResult { TYPE, OIF, OIFNAME, PRESENT }

    /// A property of the packet's route, as after routing.
    record Route(RouteKey key) implements Expression {
        @Override
        public DataType type() {
            return switch (key) {
                case NEXTHOP_IP -> DataType.IPV4_ADDR;
                case NEXTHOP_IP6 -> DataType.IPV6_ADDR;
                case CLASSID -> DataType.REALM;
                case MTU -> DataType.INTEGER;
                case IPSEC -> DataType.BOOLEAN;
            };
        }

        @Override
        public int bits() {
            return key == RouteKey.MTU ? 16 : type().bits();
        }
    }

    /// `MTU` is the largest TCP segment that the route takes, in both directions.
    enum RouteKey { CLASSID, NEXTHOP_IP, NEXTHOP_IP6, MTU, IPSEC }

    /// A property of the local socket; there is none in a forwarder.
    record Socket(String key, DataType type, int bits, int level) implements Expression {
    }

    /// `inc` counts up and `random` draws: a number in `[offset, offset + modulus)`, 32 bits.
    record NumberGenerator(boolean isRandom, long modulus, long offset) implements Expression {
        @Override
        public DataType type() {
            return DataType.INTEGER;
        }

        @Override
        public int bits() {
            return 32;
        }
    }

    /// A hash, `modulus` 0 for all 32 bits. Without `input` it is the symmetric hash of the flow (`symhash`).
    /// `seed` is drawn at load when `hasSeed` is false.
    record Hash(Expression input, long modulus, boolean hasSeed, long seed, long offset) implements Expression {
        @Override
        public DataType type() {
            return DataType.INTEGER;
        }

        @Override
        public int bits() {
            return 32;
        }
    }

    /// Bits of the left operand changed by the right one.
    record Bitwise(BitOperator operator, Expression left, Expression right) implements Expression {
        @Override
        public DataType type() {
            return left.type();
        }

        @Override
        public int bits() {
            return left.bits();
        }
    }

    enum BitOperator {
        AND("&"), OR("|"), XOR("^"), SHIFT_LEFT("<<"), SHIFT_RIGHT(">>");

        private final String text;

        BitOperator(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /// Several values at once, each in whole 32-bit registers.
    record Concat(List<Expression> parts) implements Expression {
        public Concat {
            parts = List.copyOf(parts);
        }

        @Override
        public DataType type() {
            return DataType.INTEGER;
        }

        @Override
        public int bits() {
            int bits = 0;
            for (Expression part : parts) bits += (part.bits() + 31) / 32 * 32;
            return bits;
        }
    }

    /// What a map holds for the key; no hit ends the rule.
    record Mapped(Expression key, SetUse map, DataType type, int bits) implements Expression {
    }

    /// A constant: see [Value].
    sealed interface Constant extends Expression permits Value {
    }
}
