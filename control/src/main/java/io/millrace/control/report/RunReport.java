package io.millrace.control.report;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.account.Origin;
import io.millrace.packet.memory.Verdict;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// What a run did with every packet, and how long it took.
///
/// @param nics      what simulated network cards did
/// @param verdicts  packets that ended in each verdict, all but those that only go on
/// @param created   packets made here, by why
/// @param wallNs    time the run took
/// @param virtualNs time that passed in it, for an offline run
/// @param isStopped true if it was told to stop before its inputs ended
/// @param warnings  what the operator must know, such as a damaged capture
/// @param rules     connections, flows, what rules counted and logged
public record RunReport(List<PortReport> ports, List<NicReport> nics, Map<Verdict, Long> verdicts,
                        Map<Origin, Long> created, Account account, long wallNs, OptionalLong virtualNs, boolean isStopped,
                        List<String> warnings, RulesReport rules) {

    private static final double NS_PER_SECOND = 1e9;

    public RunReport {
        ports = List.copyOf(ports);
        nics = List.copyOf(nics);
        verdicts = Collections.unmodifiableMap(new EnumMap<>(verdicts));
        created = Collections.unmodifiableMap(new EnumMap<>(created));
        warnings = List.copyOf(warnings);
    }

    /// Where no port has a NIC.
    public static RunReport of(List<PortReport> ports, List<Ledger> ledgers, long wallNs, OptionalLong virtualNs,
            boolean isStopped, List<String> warnings) {
        return of(ports, List.of(), ledgers, wallNs, virtualNs, isStopped, warnings);
    }

    /// Adds up the accounts of all workers, of the NICs between them and the wires, and what the ports dropped by
    /// themselves: on receive as `NO_SLOT`, which the workers never saw; on transmit as `TX_REFUSED`, which they took
    /// for sent.
    public static RunReport of(List<PortReport> ports, List<NicReport> nics, List<Ledger> ledgers, long wallNs,
            OptionalLong virtualNs, boolean isStopped, List<String> warnings) {
        long rxDropped = ports.stream().mapToLong(PortReport::rxDropped).sum();
        long txDropped = ports.stream().mapToLong(PortReport::txDropped).sum();
        var verdicts = new EnumMap<Verdict, Long>(Verdict.class);
        for (Verdict verdict : Verdict.values()) {
            if (verdict.ending() == Verdict.Ending.GOES_ON) continue;
            verdicts.put(verdict, ledgers.stream().mapToLong(ledger -> ledger.count(verdict)).sum());
        }
        verdicts.merge(Verdict.NO_SLOT, rxDropped, Long::sum);
        verdicts.merge(Verdict.TX_REFUSED, txDropped, Long::sum);
        verdicts.merge(Verdict.SENT, -txDropped, Long::sum);
        for (NicReport nic : nics) {
            nic.receiveDrops().forEach((verdict, count) -> verdicts.merge(verdict, count, Long::sum));
            nic.transmitDrops().forEach((verdict, count) -> verdicts.merge(verdict, count, Long::sum));
            verdicts.merge(Verdict.SENT, nic.sentBeyond(), Long::sum);
        }
        var created = new EnumMap<Origin, Long>(Origin.class);
        for (Origin origin : Origin.values()) {
            created.put(origin, ledgers.stream().mapToLong(ledger -> ledger.createdBy(origin)).sum());
        }
        long copied = nics.stream().mapToLong(NicReport::created).sum();
        created.merge(Origin.NIC_COPY, copied, Long::sum);
        var account = new Account(
            ledgers.stream().mapToLong(Ledger::received).sum() + rxDropped
                + nics.stream().mapToLong(NicReport::receivedUnseen).sum(),
            ledgers.stream().mapToLong(Ledger::created).sum() + copied,
            ledgers.stream().mapToLong(Ledger::split).sum() + nics.stream().mapToLong(NicReport::split).sum(),
            count(verdicts, Verdict.Ending.SENT),
            count(verdicts, Verdict.Ending.DELIVERED),
            count(verdicts, Verdict.Ending.DROPPED),
            ledgers.stream().mapToLong(Ledger::absorbed).sum() + nics.stream().mapToLong(NicReport::absorbed).sum(),
            ledgers.stream().mapToLong(Ledger::held).sum() + nics.stream().mapToLong(NicReport::held).sum());
        return new RunReport(ports, nics, verdicts, created, account, wallNs, virtualNs, isStopped, warnings,
            RulesReport.NONE);
    }

    public RunReport with(RulesReport otherRules) {
        return new RunReport(ports, nics, verdicts, created, account, wallNs, virtualNs, isStopped, warnings,
            otherRules);
    }

    private static long count(Map<Verdict, Long> verdicts, Verdict.Ending ending) {
        return verdicts.entrySet().stream()
            .filter(entry -> entry.getKey().ending() == ending).mapToLong(Map.Entry::getValue).sum();
    }

    /// What in the counts cannot be: a packet was lost unnamed or counted twice. Empty unless Millrace has a bug.
    public List<String> contradictions() {
        var contradictions = new ArrayList<String>();
        if (!account.holds()) contradictions.add("packets not accounted for: " + account.unaccounted());
        long rxPackets = ports.stream().mapToLong(PortReport::rxPackets).sum();
        if (rxPackets != account.received()) {
            contradictions.add("ports received " + rxPackets + " packets, workers account for " + account.received());
        }
        long txPackets = ports.stream().mapToLong(PortReport::txPackets).sum();
        if (txPackets != account.sent()) {
            contradictions.add("ports sent " + txPackets + " packets, workers account for " + account.sent());
        }
        return contradictions;
    }

    /// Packets received in a second of wall time.
    public double packetsPerSecond() {
        return perSecond(account.received());
    }

    /// Bits of frames received in a second of wall time, without preamble, checksum and gap.
    public double bitsPerSecond() {
        return 8 * perSecond(ports.stream().mapToLong(PortReport::rxBytes).sum());
    }

    private double perSecond(long count) {
        return wallNs == 0 ? 0 : count * NS_PER_SECOND / wallNs;
    }
}
