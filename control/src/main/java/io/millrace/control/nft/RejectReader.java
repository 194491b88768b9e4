package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.MetaKey;
import io.millrace.flow.ruleset.Protocol;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Statement.RejectKind;
import io.millrace.flow.ruleset.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// `reject`: which answer, where the text leaves it out, and what the answer needs to be known of the packet.
record RejectReader(Reading reading, ProtocolContext protocols, Consumer<Statement> needed) {

    private static final int ICMP_PORT_UNREACHABLE = 3;
    private static final int ICMPV6_PORT_UNREACHABLE = 4;
    private static final int ICMPX_PORT_UNREACHABLE = 1;
    private static final int TCP = 6;

    /// `context` is null without `with`.
    Statement read(NftParser.RejectWithContext context, NftParser.StatementContext whole) {
        if (protocols.network() == Protocol.ARP && reading.family() != Family.ARP) {
            throw reading.error("cannot infer ICMP reject variant to use: explicit value required.", whole);
        }
        if (context == null) return byFamily();
        if (context.TCP() != null) return tcpReset(whole);
        if (context.ICMPX() != null) {
            if (reading.family() == Family.IP || reading.family() == Family.IP6) {
                throw reading.error("abstracted ICMP unreachable not supported", whole);
            }
            return new Statement.Reject(RejectKind.ICMPX, code(context, DataType.ICMPX_CODE));
        }
        boolean isIp4 = context.ICMP() != null;
        List<Statement> matches = new ArrayList<>();
        protocols.needNetwork(isIp4 ? Protocol.IP : Protocol.IP6, matches, reading.place(whole));
        matches.forEach(needed);
        return new Statement.Reject(isIp4 ? RejectKind.ICMP : RejectKind.ICMPV6,
            code(context, isIp4 ? DataType.ICMP_CODE : DataType.ICMPV6_CODE));
    }

    private Statement byFamily() {
        if (protocols.network() == Protocol.IP) return new Statement.Reject(RejectKind.ICMP, ICMP_PORT_UNREACHABLE);
        if (protocols.network() == Protocol.IP6) {
            return new Statement.Reject(RejectKind.ICMPV6, ICMPV6_PORT_UNREACHABLE);
        }
        return new Statement.Reject(RejectKind.ICMPX, ICMPX_PORT_UNREACHABLE);
    }

    private Statement tcpReset(NftParser.StatementContext whole) {
        if (protocols.transport() >= 0 && protocols.transport() != TCP) {
            throw reading.error("you cannot specify this reset unless the protocol is TCP", whole);
        }
        if (protocols.transport() < 0) needed.accept(ProtocolContext.equal(MetaKey.L4PROTO, TCP));
        return new Statement.Reject(RejectKind.TCP_RESET, 0);
    }

    private int code(NftParser.RejectWithContext context, DataType type) {
        Value code = ConstantReader.read(new Words(reading).text(context.rhsPrimary()), FieldType.of(type),
            reading.place(context.rhsPrimary()));
        return (int) ((Value.Number) code).asLong();
    }
}
