package io.millrace.flow.table;

/// A flow as it was at one moment, read by another thread than its worker: the words of its slot. An object that is
/// used
/// again, see [FlowListing].
public final class FlowImage {

    private static final int WORDS_PER_DIRECTION = FlowLine.DIRECTION_BYTES / Long.BYTES;

    final long[] words = new long[FlowLine.FLOW_BYTES / Long.BYTES];

    /// Where the fields of [FlowLine] lie in the words of a direction, 0 the original and 1 the reply.
    private long word(int direction, int field) {
        return words[direction * WORDS_PER_DIRECTION + field / Long.BYTES];
    }

    public int family(int direction)      { return FlowLine.family(word(direction, FlowLine.SELECTOR)); }
    public int protocol(int direction)    { return FlowLine.protocol(word(direction, FlowLine.SELECTOR)); }
    public int sourcePort(int direction)  { return FlowLine.sourcePort(word(direction, FlowLine.SELECTOR)); }
    public int targetPort(int direction)  { return FlowLine.targetPort(word(direction, FlowLine.SELECTOR)); }
    public int attachment(int direction)  { return FlowLine.attachment(word(direction, FlowLine.SELECTOR)); }

    /// An IPv4 address is the low 32 bits of the low half.
    public long sourceHigh(int direction) {
        return family(direction) == 4 ? 0 : word(direction, FlowLine.ADDRESSES);
    }

    public long sourceLow(int direction)  { return word(direction, FlowLine.SOURCE_LOW); }
    public long targetHigh(int direction) { return word(direction, FlowLine.TARGET_HIGH); }
    public long targetLow(int direction)  { return word(direction, FlowLine.TARGET_LOW); }
    public long packets(int direction)    { return word(direction, FlowLine.PACKETS); }
    public long bytes(int direction)      { return word(direction, FlowLine.BYTES); }
    public long lastUsedNs(int direction) { return word(direction, FlowLine.LAST_USED); }
    public int state(int direction)       { return FlowLine.stateOf(word(direction, FlowLine.WAY)); }
    public int generation()               { return (int) (word(0, FlowLine.SEQUENCE) >>> 32); }
    public int connection()               { return (int) word(1, FlowLine.SEQUENCE); }
    public boolean isUsed()               { return state(0) != 0; }
    int sequence()                        { return (int) word(0, FlowLine.SEQUENCE); }
}
