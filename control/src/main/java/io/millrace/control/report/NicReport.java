package io.millrace.control.report;

import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.SimPort;
import io.millrace.nic.sim.account.NicAccount;
import io.millrace.packet.memory.Verdict;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// What a simulated network card did for the dataplane.
///
/// @param checksumsFound    packets received with what the device knows of their checksums
/// @param checksumsFilledIn packets sent whose checksum the device filled in
/// @param merged            super-packets that the device made
/// @param absorbed          packets that are in them beyond their first
/// @param cut               super-packets that the device cut
/// @param split             packets that they became beyond their first
/// @param hits              packets that it forwarded without a worker
/// @param switched          packets that its switch gave to wires by their MAC addresses
/// @param created           copies that its switch made
/// @param receiveDrops      packets from wires that it dropped
/// @param transmitDrops     packets to be sent that it dropped
public record NicReport(String name, String model, List<PortQueues> ports, long checksumsFound,
                        long checksumsFilledIn, long merged, long absorbed, long cut, long split, long hits,
                        long switched, long created,
                        long heldOnReceive, long heldOnTransmit, Map<Verdict, Long> receiveDrops,
                        Map<Verdict, Long> transmitDrops) {

    /// Packets of each queue of a port: into the receive rings, out of the transmit rings.
    public record PortQueues(String port, List<Long> received, List<Long> sent) {

        public PortQueues {
            received = List.copyOf(received);
            sent = List.copyOf(sent);
        }
    }

    public NicReport {
        ports = List.copyOf(ports);
        receiveDrops = unmodifiable(receiveDrops);
        transmitDrops = unmodifiable(transmitDrops);
    }

    private static Map<Verdict, Long> unmodifiable(Map<Verdict, Long> drops) {
        var copy = new EnumMap<Verdict, Long>(Verdict.class);
        copy.putAll(drops);
        return Collections.unmodifiableMap(copy);
    }

    public static NicReport of(SimNic nic) {
        NicAccount account = nic.account();
        var receiveDrops = new EnumMap<Verdict, Long>(Verdict.class);
        var transmitDrops = new EnumMap<Verdict, Long>(Verdict.class);
        for (Verdict verdict : Verdict.values()) {
            if (account.receiveDrops(verdict) != 0) receiveDrops.put(verdict, account.receiveDrops(verdict));
            if (account.transmitDrops(verdict) != 0) transmitDrops.put(verdict, account.transmitDrops(verdict));
        }
        long heldOnReceive = nic.heldOnReceive();
        return new NicReport(nic.name(), nic.model().name(), nic.ports().stream().map(NicReport::queues).toList(),
            account.checksumsFound(), account.checksumsFilledIn(), account.merged(), account.absorbed(), account.cut(),
            account.split(), account.hits(), account.switched(), account.created(), heldOnReceive,
            nic.held() - heldOnReceive, receiveDrops, transmitDrops);
    }

    private static PortQueues queues(SimPort port) {
        int receiveCount = port.capabilities().rxQueues();
        int transmitCount = port.capabilities().txQueues();
        return new PortQueues(port.name(),
            used(IntStream.range(0, receiveCount).mapToLong(port::receivedBy), port.channels()),
            used(IntStream.range(0, transmitCount).mapToLong(port::sentBy), 1));
    }

    /// Without the queues behind the last that had a packet, but at least so many.
    private static List<Long> used(LongStream counts, int least) {
        List<Long> all = counts.boxed().toList();
        int count = all.size();
        while (count > least && all.get(count - 1) == 0) count--;
        return all.subList(0, count);
    }

    long sum(Map<Verdict, Long> drops) {
        return drops.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Packets that ports received of which no worker knows.
    long receivedUnseen() {
        return absorbed + sum(receiveDrops) + hits + switched + heldOnReceive - created;
    }

    /// Packets that ports sent beyond those that workers gave them.
    long sentBeyond() {
        return split + hits + switched - sum(transmitDrops) - heldOnTransmit;
    }

    long held() {
        return heldOnReceive + heldOnTransmit;
    }
}
