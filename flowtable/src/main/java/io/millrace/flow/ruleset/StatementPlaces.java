package io.millrace.flow.ruleset;

import java.util.EnumSet;

/// At which hooks and in which types of chain Linux lets a statement run (`nft_chain_validate_hooks` and
/// `nft_chain_validate_dependency` of each expression).
final class StatementPlaces {

    private static final EnumSet<Hook> REJECT_HOOKS =
        EnumSet.of(Hook.INPUT, Hook.FORWARD, Hook.OUTPUT, Hook.PREROUTING, Hook.INGRESS);

    static boolean isAllowed(Statement statement, Family family, HookedChain base) {
        Hook hook = base.hook();
        return switch (statement) {
            case Statement.Nat nat -> base.type() == ChainType.NAT && isAllowed(nat.kind(), hook);
            case Statement.Reject _ -> family == Family.BRIDGE
                ? hook == Hook.PREROUTING || hook == Hook.INPUT : REJECT_HOOKS.contains(hook);
            case Statement.Offload _ -> hook == Hook.FORWARD;
            case Statement.TransparentProxy _ -> hook == Hook.PREROUTING;
            case Statement.Synproxy _ -> hook == Hook.INPUT || hook == Hook.FORWARD;
            case Statement.Queue _ -> family != Family.NETDEV;
            case Statement.Forward _ -> hook == Hook.INGRESS || hook == Hook.EGRESS;
            case Statement.SetCt set when set.key() == CtKey.ZONE || set.key() == CtKey.HELPER ->
                hook != Hook.INGRESS;
            case Statement.SetMeta set when set.key() == MetaKey.PKTTYPE -> hook == Hook.PREROUTING
                || hook == Hook.INGRESS;
            case Statement.Match match -> isAllowed(match.left(), hook);
            case Statement.Lookup lookup -> isAllowed(lookup.key(), hook);
            case Statement.DecideByMap decide -> isAllowed(decide.key(), hook);
            default -> true;
        };
    }

    private static boolean isAllowed(Statement.NatKind kind, Hook hook) {
        return switch (kind) {
            case SNAT -> hook == Hook.POSTROUTING || hook == Hook.INPUT;
            case DNAT, REDIRECT -> hook == Hook.PREROUTING || hook == Hook.OUTPUT;
            case MASQUERADE -> hook == Hook.POSTROUTING;
        };
    }

    private static boolean isAllowed(Expression expression, Hook hook) {
        return switch (expression) {
            case Expression.Concat(var parts) -> {
                boolean isAllowed = true;
                for (Expression part : parts) isAllowed &= isAllowed(part, hook);
                yield isAllowed;
            }
            case Expression.Fib fib -> isAllowed(fib, hook);
            case Expression.Route route when route.key() == Expression.RouteKey.MTU ->
                hook == Hook.FORWARD || hook == Hook.OUTPUT || hook == Hook.POSTROUTING;
            case Expression.Bitwise bitwise -> isAllowed(bitwise.left(), hook);
            default -> true;
        };
    }

    /// `nft_fib_validate`.
    private static boolean isAllowed(Expression.Fib fib, Hook hook) {
        if (hook == Hook.INGRESS || hook == Hook.EGRESS) return true;
        if (fib.result() != Expression.FibResult.TYPE) {
            return hook == Hook.PREROUTING || hook == Hook.INPUT || hook == Hook.FORWARD;
        }
        if (fib.inputs().contains(Expression.FibInput.IIF)) {
            return hook == Hook.PREROUTING || hook == Hook.INPUT || hook == Hook.FORWARD;
        }
        if (fib.inputs().contains(Expression.FibInput.OIF)) {
            return hook == Hook.OUTPUT || hook == Hook.POSTROUTING || hook == Hook.FORWARD;
        }
        return true;
    }

    private StatementPlaces() {}
}
