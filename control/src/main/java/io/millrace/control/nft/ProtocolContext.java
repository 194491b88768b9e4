package io.millrace.control.nft;

import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.HeaderField;
import io.millrace.flow.ruleset.MetaKey;
import io.millrace.flow.ruleset.PayloadBase;
import io.millrace.flow.ruleset.Protocol;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Value;

import java.util.ArrayList;
import java.util.List;

/// What is known of a packet's protocols at one point of a rule: by the family of its table, and by the matches before.
/// A field of a header that is not known yet first asks for it: the matches that the text leaves out.
final class ProtocolContext {

    private static final int ETHERNET = 1;

    private final Family family;
    private boolean isEthernet;
    private boolean isTagged;
    private Protocol network;
    /// Number of the transport protocol, -1 when not known.
    private int transport = -1;

    ProtocolContext(Family family) {
        this.family = family;
        network = switch (family) {
            case IP -> Protocol.IP;
            case IP6 -> Protocol.IP6;
            case ARP -> Protocol.ARP;
            default -> null;
        };
        isEthernet = family == Family.BRIDGE || family == Family.NETDEV;
    }

    Protocol network() {
        return network;
    }

    int transport() {
        return transport;
    }

    /// Learns from a match that was passed.
    void learn(Statement statement) {
        if (!(statement instanceof Statement.Match(Expression left, Statement.Relation relation, Value right))
            || relation != Statement.Relation.EQUAL || !(right instanceof Value.Number number)) {
            return;
        }
        switch (left) {
            case Expression.Meta(MetaKey key) -> learn(key, number.asLong());
            case Expression.Payload(HeaderField field) -> learn(field, number.number().intValue());
            default -> { }
        }
    }

    private void learn(MetaKey key, long number) {
        switch (key) {
            case NFPROTO -> network = number == 2 ? Protocol.IP : number == 10 ? Protocol.IP6 : network;
            case PROTOCOL -> learnEtherType((int) number);
            case L4PROTO -> transport = (int) number;
            case IIFTYPE -> isEthernet |= number == ETHERNET;
            default -> { }
        }
    }

    private void learn(HeaderField field, int number) {
        boolean isEtherType = field.name().equals("type")
            && (field.protocol() == Protocol.ETHER || field.protocol() == Protocol.VLAN);
        if (isEtherType) learnEtherType(number);
        if (field.protocol() == Protocol.IP && field.name().equals("protocol")
            || field.protocol() == Protocol.IP6 && field.name().equals("nexthdr")) {
            transport = number;
        }
    }

    private void learnEtherType(int type) {
        if (type == Protocol.IP.number()) network = Protocol.IP;
        if (type == Protocol.IP6.number()) network = Protocol.IP6;
        if (type == Protocol.ARP.number()) network = Protocol.ARP;
        if (type == Protocol.VLAN.number()) isTagged = true;
    }

    /// The matches that must stand before a field of this header; a conflict with what is known is an error.
    List<Statement> before(Protocol protocol, Span place) {
        List<Statement> matches = new ArrayList<>();
        if (protocol.isExtensionHeader()) {
            needNetwork(Protocol.IP6, matches, place);
        } else if (protocol.base() == PayloadBase.LINK) {
            needLink(protocol, matches);
        } else if (protocol.base() == PayloadBase.NETWORK) {
            needNetwork(protocol, matches, place);
        } else if (protocol != Protocol.TH) {
            if (protocol == Protocol.ICMP || protocol == Protocol.IGMP) needFamily(Protocol.IP, matches, place);
            if (protocol == Protocol.ICMPV6) needFamily(Protocol.IP6, matches, place);
            needTransport(protocol, matches, place);
        }
        matches.forEach(this::learn);
        return matches;
    }

    private void needLink(Protocol protocol, List<Statement> matches) {
        // A netdev chain sees Ethernet ports only, yet nft asks for them before a VLAN tag.
        boolean isUnknown = !isEthernet || protocol == Protocol.VLAN && !isTagged && family != Family.BRIDGE;
        if (isUnknown) matches.add(equal(MetaKey.IIFTYPE, ETHERNET));
        isEthernet = true;
        if (protocol == Protocol.VLAN && !isTagged) {
            HeaderField type = Protocol.ETHER.field("type");
            matches.add(new Statement.Match(new Expression.Payload(type), Statement.Relation.EQUAL,
                Value.Number.of(DataType.ETHER_TYPE, 16, Protocol.VLAN.number())));
        }
    }

    /// ICMP in a table of the other family is allowed: it is a number like any other there.
    private void needFamily(Protocol wanted, List<Statement> matches, Span place) {
        if (family != Family.IP && family != Family.IP6) needNetwork(wanted, matches, place);
    }

    void needNetwork(Protocol wanted, List<Statement> matches, Span place) {
        if (network == wanted) return;
        if (network != null) {
            throw new NftException("conflicting protocols specified: " + network.text() + " vs. " + wanted.text(),
                place);
        }
        if (family == Family.INET && wanted != Protocol.ARP) {
            matches.add(equal(MetaKey.NFPROTO, wanted == Protocol.IP ? 2 : 10));
        } else if (isTagged) {
            matches.add(new Statement.Match(new Expression.Payload(Protocol.VLAN.field("type")),
                Statement.Relation.EQUAL, Value.Number.of(DataType.ETHER_TYPE, 16, wanted.number())));
        } else {
            matches.add(equal(MetaKey.PROTOCOL, wanted.number()));
        }
        network = wanted;
    }

    private void needTransport(Protocol protocol, List<Statement> matches, Span place) {
        if (transport == protocol.number()) return;
        if (transport >= 0) {
            String known = Symbols.name(DataType.INET_PROTO, transport);
            throw new NftException("conflicting protocols specified: "
                + (known == null ? Integer.toString(transport) : known.equals("ipv6-icmp") ? "icmpv6" : known)
                + " vs. " + protocol.text(), place);
        }
        matches.add(equal(MetaKey.L4PROTO, protocol.number()));
    }

    static Statement equal(MetaKey key, long number) {
        return new Statement.Match(new Expression.Meta(key), Statement.Relation.EQUAL,
            Value.Number.of(key.type(), key.bits(), number));
    }
}
