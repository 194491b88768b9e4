package io.millrace.nic.sim.audit;

import io.millrace.flow.path.FlowLife;
import io.millrace.flow.path.FlowPath;
import io.millrace.flow.path.FlowTally;
import io.millrace.flow.table.Attachments;
import io.millrace.flow.table.DirectionSpec;
import io.millrace.flow.table.FlowTable;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.parse.ParseRecords;

import java.lang.foreign.Arena;

/// What the flow table does to one packet: a table with nothing in it but the connection of the packet, and the records
/// that the device's parser made.
final class ForwardedCheck {

    private static final int PORTS_MAX = 256;
    private static final int FLOWS = 1;
    private static final int LINKS = 2;

    private final PacketMeta meta;
    private final ParseRecords records;
    private final FlowTable flows;
    private final Attachments attachments = new Attachments(PORTS_MAX);
    private final FlowPath path;
    private final DirectionSpec original = new DirectionSpec();
    private final DirectionSpec reply = new DirectionSpec();
    private final Burst burst = new Burst();

    private static final class Unheard implements FlowLife {

        @Override
        public void onAlive(int connection, long nowNs) {}

        @Override
        public void onTornDown(int connection, boolean isClosing, boolean isExpired, FlowTally tally, long nowNs) {}
    }

    ForwardedCheck(Arena arena, PacketMemory packets) {
        this.meta = new PacketMeta(packets);
        this.records = new ParseRecords(AuditUnit.RECORDS_MAX - 1);
        this.flows = new FlowTable(arena, FLOWS, LINKS, 1);
        this.path = new FlowPath(packets, records, flows, attachments, new Unheard());
    }

    /// Rewrites the packet; false if the flow path leaves it alone.
    boolean rewrite(AuditUnit unit, int packet) {
        for (int record = 0; record < unit.recordCount; record++) {
            System.arraycopy(unit.words, record * ParseRecords.USED_WORDS, records.words(),
                ParseRecords.recordAt(0, record), ParseRecords.USED_WORDS);
        }
        unit.entry.into(original, attachments.plain(unit.entry.port(), unit.entry.portMac()));
        unit.answer.into(reply, attachments.plain(unit.answer.port(), unit.answer.portMac()));
        int slot = flows.add(original, reply, 0, true, unit.timeNs);
        burst.add(packet);
        burst.port(meta.port(packet));
        path.process(burst, unit.timeNs);
        boolean isHit = path.forwarded().count() == 1;
        path.forwarded().clear();
        path.unresolved().clear();
        burst.clear();
        flows.remove(slot);
        return isHit;
    }
}
