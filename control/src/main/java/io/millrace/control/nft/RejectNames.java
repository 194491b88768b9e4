package io.millrace.control.nft;

import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Statement;

/// The names of the codes that `reject` answers with.
final class RejectNames {

    static String of(Statement.Reject reject) {
        DataType type = switch (reject.kind()) {
            case ICMP -> DataType.ICMP_CODE;
            case ICMPV6 -> DataType.ICMPV6_CODE;
            default -> DataType.ICMPX_CODE;
        };
        String name = Symbols.name(type, reject.code());
        return name == null ? Integer.toString(reject.code()) : name;
    }

    private RejectNames() {}
}
