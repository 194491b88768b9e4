package io.millrace.dataplane.hook;

import io.millrace.checksum.IncrementalUpdate;
import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.account.Origin;
import io.millrace.dataplane.icmp.Rejects;
import io.millrace.flow.Routes;
import io.millrace.flow.rules.RuleOutcome;
import io.millrace.flow.rules.RuleOutcome.RuleRoute;
import io.millrace.flow.rules.RuleVerdict;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Statement.RejectKind;
import io.millrace.packet.header.IcmpType;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.memory.PacketCopy;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

import java.util.List;

/// Does what rules have decided and left to others: log lines, copies, and the end of packets that do not go on.
public final class RuleEffects {

    private final PacketMeta meta;
    private final Ipv4View ipv4;
    private final Ipv6View ipv6;
    private final Ledger ledger;
    private final RuleLog log;
    private final PacketCopy copies;
    private Rejects rejects;
    private RuleOutput output;
    private List<Statement.Log> logStatements = List.of();
    private boolean isCopying;
    private long lostCopies;
    private long leftOut;

    public RuleEffects(PacketPool pool, Ledger ledger) {
        this.meta = new PacketMeta(pool.packets());
        this.ipv4 = new Ipv4View(pool.packets());
        this.ipv6 = new Ipv6View(pool.packets());
        this.ledger = ledger;
        this.log = new RuleLog(pool.packets());
        this.copies = new PacketCopy(pool);
    }

    /// Who answers for rules, and who sends for them.
    public void connect(Rejects toRejects, RuleOutput toOutput) {
        rejects = toRejects;
        output = toOutput;
    }

    void use(LoadedRules rules) {
        logStatements = rules.program().logs();
    }

    public RuleLog log()        { return log; }
    /// Copies that were not made because packet memory was exhausted.
    public long lostCopies()    { return lostCopies; }
    /// Copies, flows and log lines of packets for which rules wanted more of them than there is room for.
    public long leftOut()       { return leftOut; }

    /// True if the packet goes on; else it is gone.
    boolean follow(RuleVerdict verdict, Hook hook, Passage passage, int packet, long nowNs) {
        RuleOutcome outcome = passage.outcome;
        leftOut += outcome.leftOutCount();
        for (int i = 0; i < outcome.logCount(); i++) {
            log.add(logStatements, outcome.log(i), hook, packet, passage.seen.l3(), passage.seen.ingress(),
                passage.seen.egress(), nowNs);
        }
        if (outcome.copyCount() > 0 && !isCopying) copy(outcome, hook, packet, nowNs);
        switch (verdict) {
            case ACCEPTED -> {
                return true;
            }
            case DROPPED -> ledger.drop(packet, Verdict.RULE_DROPPED);
            case POLICY_DROPPED -> ledger.drop(packet, Verdict.RULE_POLICY);
            case QUEUED -> ledger.drop(packet, Verdict.RULE_QUEUED);
            case REJECTED -> {
                reject(outcome.rejectKind(), outcome.rejectCode(), packet, nowNs);
                ledger.drop(packet, Verdict.RULE_REJECTED);
            }
            case TAKEN -> take(outcome.forward(), packet, passage.seen.l3(), nowNs);
        }
        return false;
    }

    private void reject(RejectKind kind, int code, int packet, long nowNs) {
        int ingress = meta.ingress(packet);
        boolean isIpv4 = meta.family(packet) == 4;
        if (kind == RejectKind.TCP_RESET) {
            if (isIpv4) {
                rejects.reset4(packet, ingress, nowNs);
            } else {
                rejects.reset6(packet, ingress, nowNs);
            }
        } else if (isIpv4) {
            rejects.unreachable4(packet, kind == RejectKind.ICMPX ? code4(code) : code, ingress, nowNs);
        } else {
            rejects.unreachable6(packet, kind == RejectKind.ICMPX ? code6(code) : code, ingress, nowNs);
        }
    }

    /// What nft's `icmpx` codes mean in ICMP (`nft_reject_icmp_code`).
    private static int code4(int code) {
        return switch (code) {
            case 0 -> IcmpType.NET_UNREACHABLE;
            case 2 -> IcmpType.HOST_UNREACHABLE;
            case 3 -> IcmpType.ADMINISTRATIVELY_PROHIBITED;
            default -> IcmpType.PORT_UNREACHABLE;
        };
    }

    private static int code6(int code) {
        return switch (code) {
            case 0 -> Icmpv6Type.NO_ROUTE;
            case 2 -> Icmpv6Type.ADDRESS_UNREACHABLE;
            case 3 -> Icmpv6Type.ADMINISTRATIVELY_PROHIBITED;
            default -> Icmpv6Type.PORT_UNREACHABLE;
        };
    }

    /// Rules do not copy what they have copied.
    private void copy(RuleOutcome outcome, Hook hook, int packet, long nowNs) {
        isCopying = true;
        for (int i = 0; i < outcome.copyCount(); i++) {
            int copy = copies.of(packet);
            if (copy == PacketMemory.NONE) {
                lostCopies++;
                continue;
            }
            ledger.created(Origin.RULE_COPY);
            RuleRoute route = outcome.copy(i);
            if (hook == Hook.INGRESS || hook == Hook.EGRESS) {
                output.frame(copy, route.interfaceIndex(), nowNs);
            } else {
                ready(copy, hook == Hook.PREROUTING || hook == Hook.INPUT);
                output.towards(copy, route.family(), route.high(), route.low(), route.interfaceIndex(), nowNs);
            }
        }
        isCopying = false;
    }

    /// Linux's `nf_dup_ipv4` and `nf_dup_ipv6`: a copy may circle between two hosts, so it loses a hop.
    private void ready(int copy, boolean losesHop) {
        long at = meta.frameAt(copy) + meta.l3(copy);
        if (meta.family(copy) == 4) {
            ipv4.at(at);
            int before = ipv4.flagsAndOffset();
            ipv4.flagsAndOffset(before | Ipv4View.DONT_FRAGMENT);
            ipv4.checksum(IncrementalUpdate.replace16(ipv4.checksum(), before, before | Ipv4View.DONT_FRAGMENT));
            if (losesHop && ipv4.ttl() > 0) IncrementalUpdate.decrementTtl(ipv4);
        } else if (losesHop) {
            ipv6.at(at);
            if (ipv6.hopLimit() > 0) ipv6.hopLimit(ipv6.hopLimit() - 1);
        }
    }

    /// `fwd`: as it is, or to a neighbour, a hop further on.
    private void take(RuleRoute route, int packet, int l3, long nowNs) {
        if (route.family() == 0) {
            output.frame(packet, route.interfaceIndex(), nowNs);
            return;
        }
        long at = meta.frameAt(packet) + l3;
        boolean isExpired = route.family() == 4 ? ipv4.at(at).ttl() <= 1 : ipv6.at(at).hopLimit() <= 1;
        if (isExpired || route.interfaceIndex() == Routes.NO_INTERFACE) {
            ledger.drop(packet, isExpired ? Verdict.TTL_EXPIRED : Verdict.RULE_TAKEN);
            return;
        }
        if (route.family() == 4) {
            IncrementalUpdate.decrementTtl(ipv4);
        } else {
            ipv6.hopLimit(ipv6.hopLimit() - 1);
        }
        meta.l3(packet, l3);
        output.neighbour(packet, route.family(), route.high(), route.low(), route.interfaceIndex(), nowNs);
    }
}
