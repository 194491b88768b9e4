package io.millrace.dataplane.hook;

import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.Statement;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// What rules have logged and nobody has taken yet: the first bytes of each packet, to be made text off the data path.
/// Bounded; further lines are counted. Written and read on the worker's thread, where nothing is allocated.
public final class RuleLog {

    /// Lines that wait to be taken.
    public static final int LINES_MAX = 1024;
    /// Ethernet, two tags, IP with options and TCP with options lie in so many bytes.
    private static final int HEAD_BYTES = 160;

    /// One logged packet, an object that is used again. Interfaces are numbers, −1 where there is none.
    public static final class Line {
        private final byte[] head = new byte[HEAD_BYTES];
        private final MemorySegment headSegment = MemorySegment.ofArray(head);
        private Statement.Log statement;
        private Hook hook;
        private long timeNs;
        private int ingress;
        private int egress;
        private int l3;
        private int headBytes;
        private int mark;

        public Statement.Log statement() { return statement; }
        public Hook hook()               { return hook; }
        public long timeNs()             { return timeNs; }
        public int ingress()             { return ingress; }
        public int egress()              { return egress; }
        /// Where the network header lies in [#head].
        public int l3()                  { return l3; }
        public int mark()                { return mark; }
        public int headBytes()           { return headBytes; }
        /// The first [#headBytes] of the packet.
        public byte[] head()             { return head; }
    }

    private final PacketMeta meta;
    private final MemorySegment memory;
    private final Line[] lines = new Line[LINES_MAX];
    private int lineCount;
    private long loggedCount;

    RuleLog(PacketMemory packets) {
        this.meta = new PacketMeta(packets);
        this.memory = packets.segment();
        for (int i = 0; i < LINES_MAX; i++) lines[i] = new Line();
    }

    void add(List<Statement.Log> statements, int number, Hook hook, int packet, int l3, int ingress, int egress,
             long nowNs) {
        loggedCount++;
        if (lineCount == LINES_MAX) return;
        Line line = lines[lineCount++];
        line.statement = statements.get(number);
        line.hook = hook;
        line.timeNs = nowNs;
        line.ingress = ingress;
        line.egress = egress;
        line.l3 = l3;
        line.mark = meta.mark(packet);
        line.headBytes = Math.min(HEAD_BYTES, meta.slotBytes(packet));
        Wire.copy(memory, meta.frameAt(packet), line.headSegment, 0, line.headBytes);
    }

    /// Packets that were logged, those without a line too.
    public long logged() {
        return loggedCount;
    }

    public int lineCount() {
        return lineCount;
    }

    public Line line(int index) {
        return lines[index];
    }

    /// Forgets all lines: they were taken.
    public void clear() {
        lineCount = 0;
    }
}
