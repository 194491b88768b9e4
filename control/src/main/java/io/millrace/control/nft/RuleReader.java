package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.CtKey;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.MetaKey;
import io.millrace.flow.ruleset.ObjectKind;
import io.millrace.flow.ruleset.PayloadBase;
import io.millrace.flow.ruleset.Protocol;
import io.millrace.flow.ruleset.SetUse;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Value;
import io.millrace.flow.ruleset.Verdict;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;

/// Reads one rule: its statements, and before them the matches that they imply.
final class RuleReader {

    /// A rule as read, and where its statements stand.
    record ReadRule(List<Statement> statements, String comment, Map<Statement, Span> places,
                    Map<Statement, Span> targets) {
    }

    private final Reading reading;
    private final ProtocolContext protocols;
    private final ExpressionReader expressions;
    private final ValueSource values;
    private final List<Statement> statements = new ArrayList<>();
    private final Map<Statement, Span> places = new IdentityHashMap<>();
    private final Map<Statement, Span> targets = new IdentityHashMap<>();
    private boolean hasTransport;

    private RuleReader(Reading reading) {
        this.reading = reading;
        protocols = new ProtocolContext(reading.family());
        expressions = new ExpressionReader(reading, new ExpressionReader.Needs() {
            @Override
            public void header(Protocol protocol, Span place) {
                need(protocol, place);
            }

            @Override
            public int transport() {
                return protocols.transport();
            }
        });
        values = new ValueSource(reading, expressions);
    }

    private void need(Protocol protocol, Span place) {
        hasTransport |= protocol == Protocol.TH || !protocol.isExtensionHeader()
            && protocol.base() == PayloadBase.TRANSPORT;
        for (Statement match : protocols.before(protocol, place)) {
            places.put(match, place);
            statements.add(match);
        }
    }

    static ReadRule read(Reading reading, NftParser.BodyContext context) {
        var reader = new RuleReader(reading);
        NftParser.StatementContext terminal = null;
        for (NftParser.StatementContext statement : context.statement()) {
            if (terminal != null) {
                throw new NftException("Statement after terminal statement has no effect", reading.place(statement),
                    reading.place(terminal));
            }
            Statement read = reader.statement(statement);
            reader.add(read, reading.place(statement));
            if (isTerminal(read)) terminal = statement;
        }
        String comment = context.COMMENT() == null ? "" : Words.unquoted(context.QUOTED().getText());
        return new ReadRule(reader.statements, comment, reader.places, reader.targets);
    }

    private void add(Statement statement, Span place) {
        statements.add(statement);
        places.put(statement, place);
        protocols.learn(statement);
        hasTransport |= protocols.transport() >= 0
            || statement instanceof Statement.Lookup lookup && lookup.key().type() == DataType.INET_PROTO;
    }

    /// What an answer needs is asked before all else.
    private void addFirst(Statement match, Span place) {
        statements.addFirst(match);
        places.put(match, place);
        protocols.learn(match);
    }

    private static boolean isTerminal(Statement statement) {
        return switch (statement) {
            case Statement.Decide _, Statement.Reject _, Statement.Nat _, Statement.Queue _ -> true;
            default -> false;
        };
    }

    private Statement statement(NftParser.StatementContext context) {
        if (context.verdict() != null) return decide(context.verdict());
        if (context.stateful() != null) return new StatefulReader(reading).read(context.stateful());
        if (context.NAME() != null) return useObject(context);
        if (context.match() != null) return match(context.match());
        if (context.VMAP() != null) return decideByMap(context);
        if (context.nat() != null) return nat(context.nat());
        if (context.REJECT() != null) return reject(context);
        if (context.LOG() != null) return new LogReader(reading).read(context);
        if (context.QUEUE() != null) return queue(context);
        if (context.AT() != null && context.FLOW() == null || context.METER() != null) return updateSet(context);
        if (context.SYNPROXY() != null) return SynproxyOptions.read(context.synproxyOption());
        if (context.NOTRACK() != null) return new Statement.NoTrack();
        if (context.FLOW() != null) return flow(context);
        if (context.DUP() != null || context.FWD() != null) return copy(context);
        if (context.TPROXY() != null) return transparentProxy(context);
        if (context.unsupported() != null) throw unsupported(context.unsupported());
        return assignment(context);
    }

    private NftException unsupported(ParserRuleContext context) {
        return reading.error("not supported: " + context.getStart().getText(), context.getChild(0));
    }

    private Statement decide(NftParser.VerdictContext context) {
        Verdict verdict = SetReader.verdict(reading, context);
        Statement statement = new Statement.Decide(verdict.hasChain() ? new Verdict(verdict.kind(), verdict.chain())
            : verdict);
        if (verdict.hasChain()) targets.put(statement, reading.place(context.jumpTarget()));
        return statement;
    }

    private Statement useObject(NftParser.StatementContext context) {
        ObjectKind kind = context.COUNTER() != null ? ObjectKind.COUNTER : context.QUOTA() != null ? ObjectKind.QUOTA
            : context.LIMIT() != null ? ObjectKind.LIMIT : ObjectKind.SYNPROXY;
        return useObject(kind, context.nameOrMap());
    }

    private Statement useObject(ObjectKind kind, NftParser.NameOrMapContext context) {
        if (context.expression() == null) {
            Statement use = new Statement.UseObject(kind, new Value.ObjectName(new Words(reading).text(context)));
            targets.put(use, reading.place(context));
            return use;
        }
        Expression key = expressions.read(context.expression(), null);
        SetUse map = values.mapUse(context.mapUse(), key, List.of(), kind);
        return new Statement.UseObject(kind, new Expression.Mapped(key, map, DataType.STRING, 0));
    }

    private Statement match(NftParser.MatchContext context) {
        return new MatchReader(reading, expressions).read(context);
    }

    private Statement decideByMap(NftParser.StatementContext context) {
        Expression key = expressions.read(context.expression(), null);
        return new Statement.DecideByMap(key,
            values.mapUse(context.mapUse(), key, List.of(FieldType.of(DataType.VERDICT)), null));
    }

    private Statement nat(NftParser.NatContext context) {
        Statement.NatKind kind = Statement.NatKind.valueOf(context.getStart().getText().toUpperCase(
            Locale.ROOT));
        boolean isTranslation = kind == Statement.NatKind.SNAT || kind == Statement.NatKind.DNAT;
        Family family = natFamily(context.natFamily(), isTranslation, context);
        Expression address = null;
        Expression port = null;
        if (context.natTarget() != null) {
            List<NftParser.StatementValueContext> parts = context.natTarget().statementValue();
            boolean isPortAlone = parts.size() == 1 && (context.natTarget().COLON() != null || !isTranslation);
            if (!isPortAlone) address = values.natAddress(parts.getFirst(), family);
            if (isPortAlone || parts.size() == 2) {
                port = values.read(parts.getLast(), List.of(FieldType.of(DataType.INET_SERVICE)));
            }
        }
        boolean mapsPort = port != null;
        if (mapsPort && !hasTransport) {
            throw reading.error("transport protocol mapping is only valid after transport protocol match", context);
        }
        Set<Statement.NatFlag> flags = EnumSet.noneOf(Statement.NatFlag.class);
        if (context.natFlags() != null) {
            for (NftParser.NatFlagContext flag : context.natFlags().natFlag()) {
                flags.add(Statement.NatFlag.valueOf(flag.getText().replace('-', '_').toUpperCase(
                    Locale.ROOT)));
            }
        }
        return new Statement.Nat(kind, isTranslation ? family : null, address, port, flags, context.PREFIX() != null);
    }

    private Family natFamily(NftParser.NatFamilyContext context, boolean isTranslation,
                                                      NftParser.NatContext nat) {
        if (context != null) {
            return context.IP() != null ? Family.IP : Family.IP6;
        }
        if (reading.family() != Family.INET) return reading.family();
        if (protocols.network() == Protocol.IP) return Family.IP;
        if (protocols.network() == Protocol.IP6) return Family.IP6;
        boolean hasAddress = nat.natTarget() != null && isTranslation
            && !(nat.natTarget().COLON() != null && nat.natTarget().statementValue().size() == 1);
        if (hasAddress) {
            throw reading.error("ip or ip6 must be specified with address for inet tables.", nat.getChild(0));
        }
        return reading.family();
    }

    private Statement reject(NftParser.StatementContext context) {
        return new RejectReader(reading, protocols, match -> addFirst(match, reading.place(context)))
            .read(context.rejectWith(), context);
    }

    private Statement queue(NftParser.StatementContext context) {
        Expression number = Value.Number.of(DataType.INTEGER, 16, 0);
        boolean isBypass = false;
        boolean isFanout = false;
        for (NftParser.QueueOptionContext option : context.queueOption()) {
            if (option.statementValue() != null) {
                number = values.read(option.statementValue(), List.of(new FieldType(DataType.INTEGER, 16)));
            }
            for (NftParser.QueueFlagContext flag : option.queueFlag()) {
                isBypass |= flag.BYPASS() != null;
                isFanout |= flag.FANOUT() != null;
            }
        }
        if (isFanout && !(number instanceof Value)) {
            throw reading.error("fanout requires a range to be specified", context);
        }
        return new Statement.Queue(number, isBypass, isFanout);
    }

    private Statement updateSet(NftParser.StatementContext context) {
        Statement.SetOperation operation = context.DELETE() != null ? Statement.SetOperation.DELETE
            : context.UPDATE() != null || context.METER() != null ? Statement.SetOperation.UPDATE
            : Statement.SetOperation.ADD;
        Expression key = expressions.read(context.expression(), null);
        long timeoutMs = 0;
        List<Statement> stateful = new ArrayList<>();
        for (NftParser.ElementOptionContext option : context.elementOption()) {
            if (option.TIMEOUT() != null) timeoutMs = new Words(reading).timeMs(option.time());
            if (option.stateful() != null) stateful.add(new StatefulReader(reading).read(option.stateful()));
        }
        String name = context.name().getText();
        if (context.METER() != null) {
            return new Statement.UpdateSet(Statement.SetOperation.ADD, meter(context, name, key), key, null, timeoutMs,
                stateful);
        }
        ElementSet set = reading.set(name, context.name());
        Expression data = context.statementValue(0) == null ? null
            : values.read(context.statementValue(0), set.data());
        return new Statement.UpdateSet(operation, new SetUse.Named(name), key, data, timeoutMs, stateful);
    }

    /// The set that `meter` makes for itself.
    private SetUse meter(NftParser.StatementContext context, String name, Expression key) {
        int size = context.SIZE() == null ? 65_535 : Integer.parseInt(context.NUMBER().getText());
        boolean hasTimeout = context.elementOption().stream().anyMatch(option -> option.TIMEOUT() != null);
        Set<ElementSet.Flag> flags = EnumSet.of(ElementSet.Flag.DYNAMIC);
        if (hasTimeout) flags.add(ElementSet.Flag.TIMEOUT);
        return new SetUse.Anonymous(new ElementSet(name, 0, ExpressionReader.types(key), List.of(), null, flags, 0, 0,
            size, ElementSet.Policy.NONE, false, List.of(), List.of(), List.of(), List.<Element>of(), ""));
    }

    private Statement flow(NftParser.StatementContext context) {
        if (context.ADD() == null && !context.STRING().getText().equals("offload")) {
            throw reading.error("syntax error, unexpected string, expecting add", context.STRING());
        }
        Statement offload = new Statement.Offload(context.name().getText());
        Span name = reading.place(context.name());
        targets.put(offload, new Span(name.source(), name.line(), name.from() - 1, name.to()));
        return offload;
    }

    private Statement copy(NftParser.StatementContext context) {
        boolean isNetdev = reading.family() == Family.NETDEV;
        List<FieldType> device = List.of(FieldType.of(DataType.IFACE_INDEX));
        boolean hasAddress = context.DUP() != null ? !isNetdev : context.IP() != null || context.IP6() != null;
        boolean isIp6 = context.IP6() != null || reading.family() == Family.IP6;
        List<FieldType> address = List.of(FieldType.of(isIp6 ? DataType.IPV6_ADDR : DataType.IPV4_ADDR));
        Expression first = values.read(context.statementValue(0), hasAddress ? address : device);
        Expression second = context.DEVICE() == null ? null : values.read(context.statementValue(1), device);
        Expression where = hasAddress ? first : null;
        Expression out = hasAddress ? second : first;
        if (context.DUP() != null) return new Statement.Duplicate(where, out);
        if (!isNetdev) throw reading.error("Could not process rule: Operation not supported", context);
        return new Statement.Forward(hasAddress ? isIp6 ? Family.IP6
            : Family.IP : null, where, out);
    }

    private Statement transparentProxy(NftParser.StatementContext context) {
        List<NftParser.StatementValueContext> parts = context.natTarget().statementValue();
        boolean isPortAlone = parts.size() == 1 && context.natTarget().COLON() != null;
        boolean isIp6 = context.IP6() != null || reading.family() == Family.IP6
            || protocols.network() == Protocol.IP6 || parts.getFirst().getText().startsWith("[");
        if (!hasTransport) {
            throw reading.error("Transparent proxy support requires transport protocol match", context);
        }
        Expression address = isPortAlone ? null : values.read(parts.getFirst(),
            List.of(FieldType.of(isIp6 ? DataType.IPV6_ADDR : DataType.IPV4_ADDR)));
        Expression port = !isPortAlone && parts.size() < 2 ? null
            : values.read(parts.getLast(), List.of(FieldType.of(DataType.INET_SERVICE)));
        boolean isFixed = reading.family() != Family.INET;
        boolean isNamed = context.IP() != null || context.IP6() != null;
        return new Statement.TransparentProxy(!isNamed && (isFixed || address == null) ? null
            : isIp6 ? Family.IP6 : Family.IP, address, port);
    }

    private Statement assignment(NftParser.StatementContext context) {
        if (context.CT() != null && context.ctKey() == null) return helper(context);
        if (context.RESET() != null) return new Statement.ResetOption(
            new ExpressionReader(reading, ExpressionReader.Needs.NONE).tcpOption(context.tcpOption()));
        NftParser.StatementValueContext value = context.statementValue(0);
        if (context.metaKey() != null) return setMeta(expressions.meta(context.metaKey()), context);
        if (context.metaAlone() != null) {
            MetaKey key = MetaKey.named(context.metaAlone().getText());
            if (key == null) throw reading.error("syntax error, unexpected string", context.metaAlone());
            return setMeta(new Expression.Meta(key), context);
        }
        if (context.ctKey() != null) {
            Expression.Ct ct = expressions.ct(context.ctKey(), context.direction());
            return new Statement.SetCt(ct.key(), ct.direction(), assigned(ct, context));
        }
        if (context.payload() != null) {
            Expression.Payload field = expressions.payload(context.payload());
            return new Statement.SetPayload(field, assigned(field, context));
        }
        Expression option = context.tcpOption() != null ? expressions.tcpOption(context.tcpOption())
            : expressions.extension(context.extension());
        return new Statement.SetOption(option, values.read(value, ExpressionReader.types(option)));
    }

    private Statement setMeta(Expression target, NftParser.StatementContext context) {
        MetaKey key = ((Expression.Meta) target).key();
        switch (key) {
            case MARK, PRIORITY, PKTTYPE, NFTRACE, BROUTE -> { }
            default -> throw reading.error("Could not process rule: Operation not supported", context);
        }
        return new Statement.SetMeta(key, assigned(target, context));
    }

    private Expression assigned(Expression target, NftParser.StatementContext context) {
        NftParser.StatementValueContext value = context.statementValue(0);
        Expression read = values.read(value, ExpressionReader.types(target));
        boolean isPlain = !(read instanceof Value) && !(read instanceof Expression.Bitwise)
            && !(read instanceof Expression.Mapped) && read.type() != DataType.INTEGER;
        if (isPlain && read.type() != target.type()) {
            Span all = reading.place(context);
            Span right = reading.place(value);
            throw new NftException("datatype mismatch: expected " + Symbols.description(target.type())
                + ", expression has type " + Symbols.description(read.type()), right,
                new Span(all.source(), all.line(), all.from(), right.from() - 1));
        }
        return read;
    }

    private Statement helper(NftParser.StatementContext context) {
        ObjectKind kind = context.HELPER() != null ? ObjectKind.CT_HELPER
            : context.TIMEOUT() != null ? ObjectKind.CT_TIMEOUT : ObjectKind.CT_EXPECTATION;
        if (context.nameOrMap() != null) return useObject(kind, context.nameOrMap());
        Statement use = new Statement.UseObject(kind, new Value.ObjectName(Words.unquoted(context.QUOTED().getText())));
        targets.put(use, reading.place((ParseTree) context.QUOTED()));
        return use;
    }
}
