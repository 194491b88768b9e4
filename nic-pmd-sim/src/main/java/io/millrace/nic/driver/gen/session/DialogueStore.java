package io.millrace.nic.driver.gen.session;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// The dialogues of a profile with their bytes off the heap, as both ends need them.
final class DialogueStore {

    private static final int NONE = -1;

    private final MemorySegment memory;
    private final long[] clientAt;
    private final long[] serverAt;
    private final int[][] clientEnds;
    private final int[][] serverEnds;

    DialogueStore(Arena arena, List<Dialogue> dialogues) {
        long bytes = dialogues.stream().mapToLong(each -> each.clientBytes().length + each.serverBytes().length).sum();
        this.memory = arena.allocate(Math.max(Long.BYTES, bytes), Long.BYTES);
        this.clientAt = new long[dialogues.size()];
        this.serverAt = new long[clientAt.length];
        this.clientEnds = new int[clientAt.length][];
        this.serverEnds = new int[clientAt.length][];
        long at = 0;
        for (int i = 0; i < clientAt.length; i++) {
            Dialogue dialogue = dialogues.get(i);
            clientEnds[i] = dialogue.clientEnds();
            serverEnds[i] = dialogue.serverEnds();
            clientAt[i] = at;
            at = put(dialogue.clientBytes(), at);
            serverAt[i] = at;
            at = put(dialogue.serverBytes(), at);
        }
    }

    private long put(byte[] bytes, long at) {
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, at, bytes.length);
        return at + bytes.length;
    }

    boolean isEmpty()                        { return clientAt.length == 0; }
    int count()                              { return clientAt.length; }
    MemorySegment memory()                   { return memory; }
    int turnCount(int dialogue)              { return clientEnds[dialogue].length; }
    long clientAt(int dialogue)              { return clientAt[dialogue]; }
    long serverAt(int dialogue)              { return serverAt[dialogue]; }
    int clientEnd(int dialogue, int turn)    { return turn < 0 ? 0 : clientEnds[dialogue][turn]; }
    int serverEnd(int dialogue, int turn)    { return turn < 0 ? 0 : serverEnds[dialogue][turn]; }
    int serverBytes(int dialogue)            { return serverEnds[dialogue][serverEnds[dialogue].length - 1]; }
    int clientBytes(int dialogue)            { return clientEnds[dialogue][clientEnds[dialogue].length - 1]; }
    int datagramCount(int dialogue)          { return serverEnds[dialogue].length; }

    /// The UDP dialogue whose request this is, or −1.
    int asked(MemorySegment packet, long at, int bytes) {
        for (int i = 0; i < clientAt.length; i++) {
            if (clientBytes(i) == bytes && isEqual(packet, at, clientAt[i], bytes)) return i;
        }
        return NONE;
    }

    /// True if the bytes are those at `storeAt`.
    boolean isEqual(MemorySegment packet, long at, long storeAt, int bytes) {
        int i = 0;
        for (; i + Long.BYTES <= bytes; i += Long.BYTES) {
            if (Wire.i64(packet, at + i) != Wire.i64(memory, storeAt + i)) return false;
        }
        for (; i < bytes; i++) {
            if (Wire.u8(packet, at + i) != Wire.u8(memory, storeAt + i)) return false;
        }
        return true;
    }
}
