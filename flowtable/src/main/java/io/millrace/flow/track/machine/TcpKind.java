package io.millrace.flow.track.machine;

import io.millrace.packet.header.TcpFlags;

/// What kind of segment it is to a connection's state: by the first of these flags that it carries.
public final class TcpKind {

    public static final int SYN = 0;
    public static final int SYN_ACK = 1;
    public static final int FIN = 2;
    public static final int ACK = 3;
    public static final int RST = 4;
    public static final int NONE = 5;

    private static final int IRRELEVANT = TcpFlags.ECE | TcpFlags.CWR | TcpFlags.PSH;

    public static int of(int flags) {
        if ((flags & TcpFlags.RST) != 0) return RST;
        if ((flags & TcpFlags.SYN) != 0) return (flags & TcpFlags.ACK) != 0 ? SYN_ACK : SYN;
        if ((flags & TcpFlags.FIN) != 0) return FIN;
        return (flags & TcpFlags.ACK) != 0 ? ACK : NONE;
    }

    /// True for the flags that a TCP may send together; ECE, CWR and PSH go with any.
    public static boolean areFlagsValid(int flags) {
        return switch (flags & ~IRRELEVANT) {
            case TcpFlags.SYN, TcpFlags.SYN | TcpFlags.URG, TcpFlags.SYN | TcpFlags.ACK,
                 TcpFlags.RST, TcpFlags.RST | TcpFlags.ACK,
                 TcpFlags.FIN | TcpFlags.ACK, TcpFlags.FIN | TcpFlags.ACK | TcpFlags.URG,
                 TcpFlags.ACK, TcpFlags.ACK | TcpFlags.URG -> true;
            default -> false;
        };
    }

    private TcpKind() {}
}
