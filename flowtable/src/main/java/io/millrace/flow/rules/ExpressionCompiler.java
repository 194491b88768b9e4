package io.millrace.flow.rules;

import io.millrace.flow.ruleset.CtKey;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.MetaKey;
import io.millrace.flow.ruleset.PayloadBase;
import io.millrace.flow.ruleset.Table;
import io.millrace.flow.ruleset.Value;
import io.millrace.flow.track.machine.Direction;

import java.math.BigInteger;
import java.util.Locale;

/// Writes the instructions that bring an expression's value into registers. Registers are taken one after another and
/// all given back when the rule's statement ends.
final class ExpressionCompiler {

    private final Compilation compilation;
    private final CodeWriter code;
    private final Table table;
    private final SetCompiler sets;
    private int used;

    ExpressionCompiler(Compilation compilation, Table table, SetCompiler sets) {
        this.compilation = compilation;
        this.code = compilation.code;
        this.table = table;
        this.sets = sets;
    }

    /// For the next statement.
    void begin() {
        used = 0;
    }

    int take(int words) throws NotExecutable {
        int register = used;
        used += words;
        if (used > Words.MAX) throw new NotExecutable("expression of more than " + Words.MAX * 4 + " bytes");
        return register;
    }

    /// Words of the expression's value.
    int words(Expression expression) throws NotExecutable {
        if (expression instanceof Expression.Ct(CtKey key, _) && key.bits() == 0) return addressWords();
        if (expression instanceof Value.Range range) return Words.count(range.low().bits());
        return Math.max(1, Words.count(expression.bits()));
    }

    private int addressWords() throws NotExecutable {
        return switch (table.family()) {
            case IP -> 1;
            case IP6 -> 4;
            default -> throw new NotExecutable("ct saddr and daddr without an address family");
        };
    }

    /// Loads the value into as many registers as it has words, and returns the first.
    int load(Expression expression) throws NotExecutable {
        return load(expression, words(expression));
    }

    /// Loads the value into `words` registers, filled up with zeros in front.
    int load(Expression expression, int words) throws NotExecutable {
        int register = take(words);
        loadInto(register, expression, words);
        return register;
    }

    private void loadInto(int register, Expression expression, int words) throws NotExecutable {
        int own = expression instanceof Value ? words : words(expression);
        if (own > words) throw new NotExecutable("value of " + own * 4 + " bytes where " + words * 4 + " fit");
        if (own < words && expression instanceof Expression.Concat) {
            throw new NotExecutable("concatenation of " + own * 4 + " bytes where the key has " + words * 4);
        }
        for (int i = 0; i < words - own; i++) code.add(Opcode.LOAD, register + i, 0);
        int at = register + words - own;
        switch (expression) {
            case Value value -> constant(at, value, own);
            case Expression.Payload payload -> bits(at, payload.field().base(), payload.field().bitOffset(),
                payload.field().bits());
            case Expression.RawPayload raw -> bits(at, raw.base(), raw.bitOffset(), raw.bits());
            case Expression.Meta meta -> meta(at, meta.key());
            case Expression.Ct ct -> connection(at, ct);
            case Expression.Fib fib -> fib(at, fib);
            case Expression.NumberGenerator numbers -> generator(at, numbers);
            case Expression.Bitwise bitwise -> bitwise(at, bitwise, own);
            case Expression.Concat concat -> {
                int next = at;
                for (Expression part : concat.parts()) {
                    loadInto(next, part, words(part));
                    next += words(part);
                }
            }
            case Expression.Mapped mapped -> map(sets.use(mapped.map()), at, mapped, own);
            case Expression.Socket _ -> code.add(Opcode.SKIP).fail();
            case Expression.Extension extension -> options(at, true, extension.field().protocol().number(),
                extension.field().bitOffset(), extension.field().bits());
            case Expression.ExtensionPresent present ->
                code.add(Opcode.LOAD_PRESENCE, at, 1, present.header().number()).fail();
            case Expression.Option option -> option(at, option);
            case Expression.Route(Expression.RouteKey key) -> {
                if (key != Expression.RouteKey.MTU) {
                    throw new NotExecutable("rt " + key.name().toLowerCase(Locale.ROOT));
                }
                code.add(Opcode.LOAD_SEGMENT_MAX, at).fail();
            }
            case Expression.Hash hash -> throw new NotExecutable(hash.input() == null ? "symhash" : "jhash");
        }
    }

    private void constant(int at, Value value, int words) throws NotExecutable {
        if (value instanceof Value.Tuple tuple) {
            int next = at;
            for (Value part : tuple.parts()) {
                int partWords = words(part);
                constant(next, part, partWords);
                next += partWords;
            }
            return;
        }
        Constants.Span span = Constants.span(value, compilation.interfaces, words);
        if (!span.isOne()) throw new NotExecutable("an interval where one value is needed: " + value);
        number(at, span.low(), words);
    }

    private void number(int at, BigInteger number, int words) {
        int[] split = Words.of(number, words);
        for (int i = 0; i < words; i++) code.add(Opcode.LOAD, at + i, split[i]);
    }

    /// Both ends of an interval, or a value twice: the registers of the lowest, those of the highest behind them.
    int loadEnds(Expression expression, int words) throws NotExecutable {
        int low = take(words);
        int high = take(words);
        if (expression instanceof Value value) {
            Constants.Span span = Constants.span(value, compilation.interfaces, words);
            number(low, span.low(), words);
            number(high, span.high(), words);
            return low;
        }
        if (expression instanceof Expression.Mapped mapped) {
            SetCompiler.CompiledSet set = sets.use(mapped.map());
            map(set, low, mapped, set.hasEnds() ? 2 * words : words);
            if (set.hasEnds()) return low;
        } else {
            loadInto(low, expression, words);
        }
        for (int i = 0; i < words; i++) code.add(Opcode.COPY, high + i, low + i);
        return low;
    }

    private void bits(int at, PayloadBase base, int bitOffset, int bits) {
        int offset = bitOffset;
        int first = bits % 32 == 0 ? 32 : bits % 32;
        for (int register = at, width = first; offset < bitOffset + bits; register++, width = 32) {
            word(register, base.ordinal(), offset, width);
            offset += width;
        }
    }

    private void word(int register, int base, int bitOffset, int width) {
        int byteOffset = bitOffset / 8;
        int byteCount = (bitOffset + width + 7) / 8 - byteOffset;
        int shift = 8 * byteCount - (bitOffset % 8 + width);
        boolean isWhole = shift == 0 && width == 8 * byteCount;
        if (isWhole && byteCount != 3) {
            int opcode = byteCount == 1 ? Opcode.LOAD_U8 : byteCount == 2 ? Opcode.LOAD_U16 : Opcode.LOAD_U32;
            code.add(opcode, register, base, byteOffset).fail();
        } else {
            code.add(Opcode.LOAD_BITS, register, base, byteOffset, byteCount, shift, (int) ((1L << width) - 1)).fail();
        }
    }

    private void option(int at, Expression.Option option) throws NotExecutable {
        if (option.kind() != Expression.OptionKind.TCP_OPTION) {
            throw new NotExecutable(option.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " "
                + option.name());
        }
        if (option.isPresence()) {
            code.add(Opcode.LOAD_PRESENCE, at, 0, option.number()).fail();
        } else {
            options(at, false, option.number(), option.bitOffset(), option.bits());
        }
    }

    private void options(int at, boolean isExtension, int number, int bitOffset, int bits) {
        int offset = bitOffset;
        int first = bits % 32 == 0 ? 32 : bits % 32;
        for (int register = at, width = first; offset < bitOffset + bits; register++, offset += width, width = 32) {
            int byteCount = (offset + width + 7) / 8 - offset / 8;
            int shift = 8 * byteCount - (offset % 8 + width);
            code.add(Opcode.LOAD_OPTION, register, isExtension ? 1 : 0, number, offset / 8, byteCount, shift,
                (int) ((1L << width) - 1)).fail();
        }
    }

    private void meta(int at, MetaKey key) throws NotExecutable {
        if (key.needsHost()) {
            // No forwarded packet has it: the rule ends here.
            code.add(Opcode.SKIP).fail();
        } else if (key == MetaKey.IIFNAME || key == MetaKey.OIFNAME) {
            code.add(Opcode.LOAD_NAME, at, key == MetaKey.OIFNAME ? 1 : 0);
        } else if (key == MetaKey.RANDOM) {
            code.add(Opcode.LOAD_RANDOM, at, 0, 0);
        } else if (key == MetaKey.NFPROTO && table.family() == Family.NETDEV) {
            code.add(Opcode.LOAD, at, PacketFact.NFPROTO_NETDEV);
        } else {
            int fact = PacketFact.read(key);
            if (fact == PacketFact.NONE) throw new NotExecutable("meta " + key.text());
            code.add(Opcode.LOAD_FACT, at, fact).fail();
        }
    }

    private void connection(int at, Expression.Ct ct) throws NotExecutable {
        if (!ConnectionFact.isReadable(ct.key())) throw new NotExecutable("ct " + ct.key().text());
        CtKey key = switch (ct.key()) {
            case SOURCE -> addressWords() == 1 ? CtKey.SOURCE_IP : CtKey.SOURCE_IP6;
            case TARGET -> addressWords() == 1 ? CtKey.TARGET_IP : CtKey.TARGET_IP6;
            default -> ct.key();
        };
        int direction = ct.direction() == null ? ConnectionFact.ANY : direction(ct.direction());
        if (direction == ConnectionFact.ANY && key.needsDirection()) {
            throw new NotExecutable("ct " + key.text() + " without a direction");
        }
        code.add(Opcode.LOAD_CONNECTION, at, key.ordinal(), direction).fail();
    }

    static int direction(Expression.Direction direction) {
        return direction == Expression.Direction.ORIGINAL ? Direction.ORIGINAL : Direction.REPLY;
    }

    private void fib(int at, Expression.Fib fib) throws NotExecutable {
        int inputs = 0;
        for (Expression.FibInput input : fib.inputs()) {
            if (input == Expression.FibInput.MARK) throw new NotExecutable("fib … mark: there is one routing table");
            inputs |= 1 << input.ordinal();
        }
        code.add(Opcode.LOAD_FIB, at, inputs, fib.result().ordinal()).fail();
    }

    private void generator(int at, Expression.NumberGenerator numbers) {
        if (numbers.isRandom()) {
            code.add(Opcode.LOAD_RANDOM, at, (int) numbers.modulus(), (int) numbers.offset());
        } else {
            int cell = compilation.count();
            code.add(Opcode.LOAD_COUNT, at, (int) numbers.modulus(), (int) numbers.offset(), cell);
        }
    }

    private void bitwise(int at, Expression.Bitwise bitwise, int words) throws NotExecutable {
        loadInto(at, bitwise.left(), words);
        boolean isShift = bitwise.operator() == Expression.BitOperator.SHIFT_LEFT
            || bitwise.operator() == Expression.BitOperator.SHIFT_RIGHT;
        if (isShift) {
            shift(at, bitwise, words);
            return;
        }
        int right = load(bitwise.right(), words);
        int opcode = switch (bitwise.operator()) {
            case AND -> Opcode.AND;
            case OR -> Opcode.OR;
            default -> Opcode.XOR;
        };
        for (int i = 0; i < words; i++) code.add(opcode, at + i, at + i, right + i);
    }

    private void shift(int at, Expression.Bitwise bitwise, int words) throws NotExecutable {
        boolean isNumber = bitwise.right() instanceof Value.Number;
        if (words != 1 || !isNumber) throw new NotExecutable("shift of more than 32 bits, or by no constant");
        long count = ((Value.Number) bitwise.right()).asLong();
        if (count > 31) throw new NotExecutable("shift by " + count);
        int opcode = bitwise.operator() == Expression.BitOperator.SHIFT_LEFT ? Opcode.SHIFT_LEFT : Opcode.SHIFT_RIGHT;
        code.add(opcode, at, at, (int) count);
        int bits = bitwise.bits();
        boolean isNarrow = opcode == Opcode.SHIFT_LEFT && bits > 0 && bits < 32
            && bitwise.type() != DataType.MARK;
        if (!isNarrow) return;
        int mask = take(1);
        code.add(Opcode.LOAD, mask, (1 << bits) - 1).add(Opcode.AND, at, at, mask);
    }

    private void map(SetCompiler.CompiledSet set, int at, Expression.Mapped mapped, int words) throws NotExecutable {
        if (set.dataWords() != words) {
            throw new NotExecutable("map of " + set.dataWords() * 4 + " bytes where " + words * 4 + " are needed");
        }
        int key = load(mapped.key(), set.keyWords());
        code.add(Opcode.MAP, set.number(), key, at).fail();
    }
}
