package io.millrace.dataplane.icmp;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.account.Origin;
import io.millrace.dataplane.output.Output;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// Begins and sends the packets that ICMP makes because of another packet.
final class Answers {

    private final PacketPool pool;
    private final PacketMeta meta;
    private final Ledger ledger;
    private final Output output;

    Answers(PacketPool pool, Ledger ledger, Output output) {
        this.pool = pool;
        this.meta = new PacketMeta(pool.packets());
        this.ledger = ledger;
        this.output = output;
    }

    /// A new packet of `packetBytes` bytes from its IP header on, which lies at its beginning; port, interface and
    /// time are those of its cause. `NONE` if packet memory is exhausted.
    int begin(int cause, int packetBytes, int ingress) {
        int answer = pool.allocate();
        if (answer == NONE) return NONE;
        meta.begin(answer, packetBytes, meta.port(cause), meta.queue(cause), meta.receiveNs(cause));
        meta.ingress(answer, ingress);
        return answer;
    }

    /// Counts a finished packet and gives it away.
    void send(int answer, Origin origin, long nowNs) {
        ledger.created(origin);
        output.route(answer, nowNs);
    }

    /// As [#send], an error about the packet that is being handled.
    void relate(int answer, Origin origin, long nowNs) {
        ledger.created(origin);
        output.relate(answer, nowNs);
    }
}
