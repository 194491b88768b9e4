package io.millrace.perf.bench;

import io.millrace.packet.jit.Specialised;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.parse.ParseRecords;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/// A parser that the generated one is compared with.
public interface WalkedBy {

    /// What the copies of a template hold as constants.
    ///
    /// @param words of the records that it writes
    record Memory(MemorySegment packets, long[] words) {}

    /// The walk written by hand.
    static WalkedBy hand(PacketMemory packets, ParseRecords records) {
        return Specialised.copy(MethodHandles.lookup(), HandWrittenWalk.class, WalkedBy.class,
            new Memory(packets.segment(), records.words()));
    }

    void parse(Burst burst);

    /// Parses an Ethernet packet; returns its outcome.
    int parse(int packet, int index);
}
