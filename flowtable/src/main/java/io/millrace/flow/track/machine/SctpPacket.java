package io.millrace.flow.track.machine;

import io.millrace.packet.header.SctpChunkView;

/// The chunks of an SCTP packet as [SctpMachine] needs them, in an object that is used again.
public final class SctpPacket {

    /// A packet of 1,500 bytes holds some 360 chunks of the shortest kind; one of 64 KiB more than anybody sends.
    public static final int CHUNKS_MAX = 16_384;

    private final byte[] types;
    private final byte[] flags;
    private final int[] initiateTags;
    private final boolean[] hasInitiateTag;
    private final long[] present = new long[4];
    private int chunkCount;
    private int verificationTag;

    public SctpPacket() {
        this(CHUNKS_MAX);
    }

    private SctpPacket(int chunksMax) {
        this.types = new byte[chunksMax];
        this.flags = new byte[chunksMax];
        this.initiateTags = new int[chunksMax];
        this.hasInitiateTag = new boolean[chunksMax];
    }

    public SctpPacket begin(int verificationTag) {
        this.verificationTag = verificationTag;
        this.chunkCount = 0;
        for (int i = 0; i < present.length; i++) {
            present[i] = 0;
        }
        return this;
    }

    /// False if there is no room for another one.
    public boolean add(int type, int flags) {
        if (chunkCount == types.length) return false;
        this.types[chunkCount] = (byte) type;
        this.flags[chunkCount] = (byte) flags;
        this.hasInitiateTag[chunkCount] = false;
        present[type >>> 6] |= 1L << type;
        chunkCount++;
        return true;
    }

    /// The initiate tag of the INIT or INIT ACK added last.
    public void announce(int tag) {
        initiateTags[chunkCount - 1] = tag;
        hasInitiateTag[chunkCount - 1] = true;
    }

    public int verificationTag()             { return verificationTag; }
    public int chunkCount()                  { return chunkCount; }
    public int type(int chunk)               { return types[chunk] & 0xff; }
    public int flags(int chunk)              { return flags[chunk] & 0xff; }
    public boolean hasInitiateTag(int chunk) { return hasInitiateTag[chunk]; }
    public int initiateTag(int chunk)        { return initiateTags[chunk]; }

    public boolean has(int type) {
        return (present[type >>> 6] & 1L << type) != 0;
    }

    /// True if chunks that must be alone are, and cookies come first (RFC 9260 §6.10).
    public boolean isWellBundled() {
        boolean wantsToBeAlone = false;
        for (int i = 0; i < chunkCount; i++) {
            int type = type(i);
            wantsToBeAlone |= type == SctpChunkView.INIT || type == SctpChunkView.INIT_ACK
                || type == SctpChunkView.SHUTDOWN_COMPLETE;
            boolean mustBeFirst = type == SctpChunkView.COOKIE_ACK || type == SctpChunkView.COOKIE_ECHO || wantsToBeAlone;
            if (mustBeFirst && i != 0) return false;
        }
        return chunkCount > 0;
    }
}
