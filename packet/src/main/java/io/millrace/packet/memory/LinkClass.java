package io.millrace.packet.memory;

/// To whom a frame was addressed, as Linux's `pkt_type` says it. Numbers, because they lie in [PacketMeta].
public final class LinkClass {

    public static final int HOST = 0;
    public static final int BROADCAST = 1;
    public static final int MULTICAST = 2;
    public static final int OTHER_HOST = 3;

    private LinkClass() {}
}
