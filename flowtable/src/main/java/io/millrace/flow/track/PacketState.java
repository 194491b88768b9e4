package io.millrace.flow.track;

/// What a packet is to its connection: `ct state` of nft, with its bit there, and the direction.
public enum PacketState {

    /// It has no connection: malformed, out of place, or it could begin none.
    INVALID(1, false),
    /// A packet of a connection that was answered.
    ESTABLISHED(2, false),
    ESTABLISHED_REPLY(2, true),
    /// An ICMP error about a connection; it has that connection.
    RELATED(4, false),
    RELATED_REPLY(4, true),
    /// Of a connection that was not answered yet.
    NEW(8, false),
    /// Nobody was asked to track it, or nobody may.
    UNTRACKED(64, false);

    private final int nftBit;
    private final boolean isReply;

    PacketState(int nftBit, boolean isReply) {
        this.nftBit = nftBit;
        this.isReply = isReply;
    }

    /// The bit that nft's `ct state` has for it.
    public int nftBit()       { return nftBit; }
    /// True if it travels in the reply direction.
    public boolean isReply()  { return isReply; }

    public boolean isRelated() {
        return this == RELATED || this == RELATED_REPLY;
    }
}
