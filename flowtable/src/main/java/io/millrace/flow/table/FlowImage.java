package io.millrace.flow.table;

/// A flow as it was at one moment, read by another thread than its worker: the words of its slot. An object that is
/// used
/// again, see [FlowListing].
public final class FlowImage {

    private static final int WORDS_PER_DIRECTION = FlowLine.DIRECTION_BYTES / Long.BYTES;

    /// How many words an image is.
    public static final int WORDS = FlowLine.FLOW_BYTES / Long.BYTES;

    final long[] words = new long[WORDS];

    /// A word of the image as a whole, to be handed to another thread.
    public long word(int index) { return words[index]; }

    public void word(int index, long value) { words[index] = value; }

    /// Where the fields of [FlowLine] lie in the words of a direction, 0 the original and 1 the reply.
    private long field(int direction, int field) {
        return words[direction * WORDS_PER_DIRECTION + field / Long.BYTES];
    }

    public int family(int direction)      { return FlowLine.family(field(direction, FlowLine.SELECTOR)); }
    public int protocol(int direction)    { return FlowLine.protocol(field(direction, FlowLine.SELECTOR)); }
    public int sourcePort(int direction)  { return FlowLine.sourcePort(field(direction, FlowLine.SELECTOR)); }
    public int targetPort(int direction)  { return FlowLine.targetPort(field(direction, FlowLine.SELECTOR)); }
    public int attachment(int direction)  { return FlowLine.attachment(field(direction, FlowLine.SELECTOR)); }

    /// An IPv4 address is the low 32 bits of the low half.
    public long sourceHigh(int direction) {
        return family(direction) == 4 ? 0 : field(direction, FlowLine.ADDRESSES);
    }

    public long sourceLow(int direction)  { return field(direction, FlowLine.SOURCE_LOW); }
    public long targetHigh(int direction) { return field(direction, FlowLine.TARGET_HIGH); }
    public long targetLow(int direction)  { return field(direction, FlowLine.TARGET_LOW); }
    public int newSourcePort(int direction) { return newPorts(direction) >>> 16; }
    public int newTargetPort(int direction) { return newPorts(direction) & 0xffff; }

    private int newPorts(int direction) {
        return FlowLine.newPortsOf(field(direction, FlowLine.NEW_PORTS_AND_DELTAS));
    }

    public long newSourceHigh(int direction) {
        return family(direction) == 4 ? 0 : field(direction, FlowLine.NEW_ADDRESSES);
    }

    public long newSourceLow(int direction)  { return field(direction, FlowLine.NEW_SOURCE_LOW); }
    public long newTargetHigh(int direction) { return field(direction, FlowLine.NEW_TARGET_HIGH); }
    public long newTargetLow(int direction)  { return field(direction, FlowLine.NEW_TARGET_LOW); }
    public int mtuBytes(int direction)    { return FlowLine.mtuOf(field(direction, FlowLine.WAY)); }
    public int link(int direction)        { return FlowLine.linkOf(field(direction, FlowLine.WAY)); }
    public long packets(int direction)    { return field(direction, FlowLine.PACKETS); }
    public long bytes(int direction)      { return field(direction, FlowLine.BYTES); }
    public long lastUsedNs(int direction) { return field(direction, FlowLine.LAST_USED); }
    public int state(int direction)       { return FlowLine.stateOf(field(direction, FlowLine.WAY)); }
    public int generation()               { return (int) (field(0, FlowLine.SEQUENCE) >>> 32); }
    public int connection()               { return (int) field(1, FlowLine.SEQUENCE); }
    public boolean isUsed()               { return state(0) != 0; }
    int sequence()                        { return (int) field(0, FlowLine.SEQUENCE); }
}
