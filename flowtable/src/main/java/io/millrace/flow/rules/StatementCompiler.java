package io.millrace.flow.rules;

import io.millrace.flow.nat.NatRange;
import io.millrace.flow.rules.RulesetProgram.ProgramFlowtable;
import io.millrace.flow.rules.RulesetProgram.StateKey;
import io.millrace.flow.ruleset.CtKey;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Flowtable;
import io.millrace.flow.ruleset.PayloadBase;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.SetUse;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Statement.NatFlag;
import io.millrace.flow.ruleset.Table;
import io.millrace.flow.ruleset.Value;
import io.millrace.flow.ruleset.Verdict;
import io.millrace.flow.track.Tracked;

/// Writes the statements of a table's rules.
final class StatementCompiler {

    private static final int NOT_GIVEN = -1;
    private static final int IPV6_WORDS = 4;
    private static final long NS_PER_MS = 1_000_000;
    private static final Value FIRST_QUEUE = Value.Number.of(DataType.INTEGER, 16, 0);

    private final Compilation compilation;
    private final CodeWriter code;
    private final Table table;
    private final SetCompiler sets;
    private final ExpressionCompiler expressions;
    private final MatchCompiler matches;

    StatementCompiler(Compilation compilation, Table table) {
        this.compilation = compilation;
        this.code = compilation.code;
        this.table = table;
        this.sets = new SetCompiler(compilation, table);
        this.expressions = new ExpressionCompiler(compilation, table, sets);
        this.matches = new MatchCompiler(compilation, expressions, sets);
    }

    void write(Rule rule) throws NotExecutable {
        for (int i = 0; i < rule.statements().size(); i++) {
            expressions.begin();
            write(rule.statements().get(i), rule, i);
        }
        code.endRule();
    }

    private void write(Statement statement, Rule rule, int index) throws NotExecutable {
        switch (statement) {
            case Statement.Match match -> matches.write(match);
            case Statement.Lookup lookup -> matches.lookup(lookup.key(), lookup.isInverted(), lookup.set());
            case Statement.Decide decide -> decide(decide.verdict());
            case Statement.DecideByMap decide -> decideByMap(decide);
            case Statement.Counter _, Statement.Quota _, Statement.Limit _ -> {
                var key = new StateKey(table.handle(), "rule " + rule.handle(), index);
                code.add(Opcode.STATEFUL, Cells.kindOf(statement), compilation.cell(key, statement)).fail();
            }
            case Statement.ConnectionCount _ -> {
                var key = new StateKey(table.handle(), "rule " + rule.handle(), index);
                code.add(Opcode.COUNT_CONNECTIONS, compilation.cell(key, statement)).fail();
            }
            case Statement.UseObject use -> object(use);
            case Statement.Log log -> {
                code.add(Opcode.LOG, compilation.logs.size());
                compilation.logs.add(log);
            }
            case Statement.Reject reject -> code.add(Opcode.REJECT, reject.kind().ordinal(), reject.code());
            case Statement.Nat nat -> nat(nat);
            case Statement.SetPayload set -> setPayload(set);
            case Statement.SetMeta set -> setMeta(set);
            case Statement.SetCt set -> setConnection(set);
            case Statement.NoTrack _ -> code.add(Opcode.NO_TRACK);
            case Statement.Duplicate copy -> send(Opcode.DUPLICATE, copy.address(), copy.device());
            case Statement.Forward forward -> send(Opcode.FORWARD, forward.address(), forward.device());
            case Statement.Offload offload -> offload(offload);
            case Statement.Queue queue -> queue(queue);
            case Statement.UpdateSet update -> update(update);
            case Statement.SetOption set -> setOption(set);
            // There is no local socket to find: the rule ends, as in Linux.
            case Statement.TransparentProxy _ -> code.add(Opcode.SKIP).fail();
            case Statement.Last _, Statement.ResetOption _, Statement.Synproxy _ ->
                throw new NotExecutable(StatementNames.of(statement));
        }
    }

    private void decide(Verdict verdict) {
        switch (verdict.kind()) {
            case ACCEPT -> code.add(Opcode.ACCEPT);
            case DROP -> code.add(Opcode.DROP);
            case CONTINUE -> { }
            case RETURN -> code.add(Opcode.RETURN);
            case JUMP -> code.add(Opcode.JUMP, compilation.chain(table, verdict.chain()));
            case GOTO -> code.add(Opcode.GO_TO, compilation.chain(table, verdict.chain()));
        }
    }

    private void decideByMap(Statement.DecideByMap decide) throws NotExecutable {
        SetCompiler.CompiledSet set = sets.use(decide.map());
        int key = expressions.load(decide.key(), set.keyWords());
        code.add(Opcode.DECIDE_BY_MAP, set.number(), key).fail();
    }

    private void object(Statement.UseObject use) throws NotExecutable {
        int kind = Compilation.cellKind(use.kind());
        switch (use.name()) {
            case Value.ObjectName(String name) ->
                code.add(Opcode.STATEFUL, kind, compilation.objectCell(table, use.kind(), name)).fail();
            case Value.Text text ->
                code.add(Opcode.STATEFUL, kind, compilation.objectCell(table, use.kind(), text.text())).fail();
            case Expression.Mapped mapped -> {
                SetCompiler.CompiledSet set = sets.use(mapped.map());
                int key = expressions.load(mapped.key(), set.keyWords());
                int cell = expressions.take(1);
                code.add(Opcode.MAP, set.number(), key, cell).fail();
                code.add(Opcode.STATEFUL_AT, kind, cell).fail();
            }
            default -> throw new NotExecutable(use.kind().text() + " by an expression");
        }
    }

    private void nat(Statement.Nat nat) throws NotExecutable {
        int flags = nat.isPrefix() ? NatRange.PREFIX : 0;
        for (NatFlag flag : nat.flags()) {
            flags |= switch (flag) {
                case RANDOM -> NatRange.RANDOM;
                case FULLY_RANDOM -> NatRange.FULLY_RANDOM;
                case PERSISTENT -> NatRange.PERSISTENT;
            };
        }
        int words = 0;
        int low = NOT_GIVEN;
        int high = NOT_GIVEN;
        int portLow = NOT_GIVEN;
        int portHigh = NOT_GIVEN;
        if (nat.address() != null) {
            Family family = nat.family() == null ? table.family() : nat.family();
            words = family == Family.IP6 ? IPV6_WORDS : 1;
            boolean hasPort = expressions.words(nat.address()) > words;
            low = expressions.loadEnds(nat.address(), hasPort ? words + 1 : words);
            high = low + (hasPort ? words + 1 : words);
            if (hasPort) {
                portLow = low + words;
                portHigh = high + words;
            }
        }
        if (nat.port() != null) {
            portLow = expressions.loadEnds(nat.port(), 1);
            portHigh = portLow + 1;
        }
        code.add(Opcode.NAT, nat.kind().ordinal(), flags, low, high, words, portLow, portHigh);
    }

    private void setPayload(Statement.SetPayload set) throws NotExecutable {
        PayloadBase base;
        int bitOffset;
        int bits;
        switch (set.field()) {
            case Expression.Payload(var field) -> {
                base = field.base();
                bitOffset = field.bitOffset();
                bits = field.bits();
            }
            case Expression.RawPayload raw -> {
                base = raw.base();
                bitOffset = raw.bitOffset();
                bits = raw.bits();
            }
            default -> throw new NotExecutable("setting what is no header field");
        }
        int register = expressions.load(set.value(), Words.count(bits));
        int offset = bitOffset;
        int first = bits % 32 == 0 ? 32 : bits % 32;
        for (int width = first; offset < bitOffset + bits; width = 32) {
            int byteCount = (offset + width + 7) / 8 - offset / 8;
            int shift = 8 * byteCount - (offset % 8 + width);
            code.add(Opcode.SET_BITS, register++, base.ordinal(), offset / 8, byteCount, shift, width).fail();
            offset += width;
        }
    }

    private void setOption(Statement.SetOption set) throws NotExecutable {
        if (!(set.option() instanceof Expression.Option option)
            || option.kind() != Expression.OptionKind.TCP_OPTION || option.isPresence()) {
            throw new NotExecutable("setting what is no TCP option");
        }
        boolean isWhole = option.bitOffset() % 8 == 0 && (option.bits() == 16 || option.bits() == 32);
        if (!isWhole) throw new NotExecutable("tcp option " + option.name() + " " + option.field() + " set");
        int register = expressions.load(set.value(), 1);
        code.add(Opcode.SET_OPTION, register, option.number(), option.bitOffset() / 8, option.bits() / 8).fail();
    }

    private void setMeta(Statement.SetMeta set) throws NotExecutable {
        int fact = PacketFact.written(set.key());
        if (fact == PacketFact.NONE) throw new NotExecutable("meta " + set.key().text() + " set");
        code.add(Opcode.SET_FACT, fact, expressions.load(set.value(), 1));
    }

    private void setConnection(Statement.SetCt set) throws NotExecutable {
        if (!ConnectionFact.isWritable(set.key())) throw new NotExecutable("ct " + set.key().text() + " set");
        int directions = Tracked.ZONE_BOTH;
        if (set.direction() != null) directions = 1 << ExpressionCompiler.direction(set.direction());
        int register = expressions.load(set.value(), set.key() == CtKey.LABEL ? IPV6_WORDS : 1);
        code.add(Opcode.SET_CONNECTION, set.key().ordinal(), register, directions);
    }

    private void send(int opcode, Expression address, Expression device) throws NotExecutable {
        int addressAt = NOT_GIVEN;
        int words = 0;
        if (address != null) {
            words = expressions.words(address);
            addressAt = expressions.load(address, words);
        }
        int deviceAt = device == null ? NOT_GIVEN : expressions.load(device, 1);
        code.add(opcode, addressAt, words, deviceAt);
    }

    private void offload(Statement.Offload offload) throws NotExecutable {
        Flowtable flowtable = table.flowtables().get(offload.flowtable());
        if (flowtable == null) throw new NotExecutable("flowtable " + offload.flowtable() + " does not exist");
        var wanted = new ProgramFlowtable(table.family(), table.name(), flowtable);
        int number = compilation.flowtables.indexOf(wanted);
        if (number < 0) {
            number = compilation.flowtables.size();
            compilation.flowtables.add(wanted);
        }
        code.add(Opcode.OFFLOAD, number);
    }

    private void queue(Statement.Queue queue) throws NotExecutable {
        if (queue.isFanout() || queue.number() instanceof Value.Range) {
            throw new NotExecutable("queue to several queues");
        }
        int register = expressions.load(queue.number() == null ? FIRST_QUEUE : queue.number(), 1);
        if (queue.isBypass()) {
            code.add(Opcode.ACCEPT);
        } else {
            code.add(Opcode.QUEUE, register);
        }
    }

    private void update(Statement.UpdateSet update) throws NotExecutable {
        if (!(update.set() instanceof SetUse.Named)) throw new NotExecutable("meter");
        SetCompiler.CompiledSet set = sets.use(update.set());
        if (!set.isExact() || set.hasEnds()) throw new NotExecutable("changing a set that holds intervals");
        int key = expressions.load(update.key(), set.keyWords());
        int data = update.data() == null ? NOT_GIVEN : expressions.load(update.data(), set.dataWords());
        long timeoutNs = Math.multiplyExact(update.timeoutMs(), NS_PER_MS);
        code.add(Opcode.UPDATE, update.operation().ordinal(), set.number(), key, data, (int) (timeoutNs >>> 32),
            (int) timeoutNs).fail();
    }
}
