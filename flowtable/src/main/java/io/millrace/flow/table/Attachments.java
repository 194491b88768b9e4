package io.millrace.flow.table;

import io.millrace.packet.memory.Check;

import java.util.Arrays;

/// Where packets of a flow arrive: port and encapsulation, as a number of 16 bits that is part of the flow's key.
///
/// A packet without tag and session has its port's number. A tagged one, or one in a PPPoE session, has the number that
/// was given to its port, VLANs and session when the first flow with them was added. A VLAN is its TPID and id:
/// priority and DEI, which say nothing about where a packet belongs, are masked out.
///
/// Numbers are never given back: there are as many as interfaces.
public final class Attachments {

    public static final int NONE = -1;

    /// Ports by themselves have the numbers below.
    public static final int PORTS_MAX = 1 << 15;

    private static final int ENCAPSULATIONS_MAX = 1 << 14;
    private static final int PLACES = 2 * ENCAPSULATIONS_MAX;
    private static final int TAG_MASK = 0xffff_0fff;   // TPID and id
    private static final long BOTH_TAGS_MASK = TAG_MASK & 0xffff_ffffL | (long) TAG_MASK << 32;
    private static final long NO_MAC = -1;

    private final long[] portMacs;
    private final int[] numbers = new int[PLACES];     // 0: none, else + 1
    private final long[] tags = new long[ENCAPSULATIONS_MAX];
    private final int[] places = new int[ENCAPSULATIONS_MAX];   // port, session
    private final long[] macs = new long[ENCAPSULATIONS_MAX];
    private int count;

    public Attachments(int portCount) {
        Check.that(portCount <= PORTS_MAX, "a flow table knows at most " + PORTS_MAX + " ports", portCount);
        this.portMacs = new long[portCount];
        Arrays.fill(portMacs, NO_MAC);
    }

    /// Packets of the port without tag and session, addressed to `mac`.
    public int plain(int port, long mac) {
        portMacs[port] = mac;
        return port;
    }

    /// Packets of the port with these tags (TPID × 65,536 + TCI, 0 is none; the outermost in the low half) and in this
    /// PPPoE session (0 is none), addressed to `mac`. `NONE` if there are too many.
    public int encapsulated(int port, long vlans, int session, long mac) {
        long masked = vlans & BOTH_TAGS_MASK;
        if (masked == 0 && session == 0) return plain(port, mac);
        int place = placeOf(port, masked, session);
        int number = numbers[place] - 1;
        if (number < 0) {
            if (count == ENCAPSULATIONS_MAX) return NONE;
            number = count++;
            numbers[place] = number + 1;
            tags[number] = masked;
            places[number] = port << 16 | session;
        }
        macs[number] = mac;
        return PORTS_MAX + number;
    }

    /// The number of packets like this, or `NONE`.
    public int find(int port, long vlans, int session) {
        int number = numbers[placeOf(port, vlans & BOTH_TAGS_MASK, session)];
        return number == 0 ? NONE : PORTS_MAX + number - 1;
    }

    /// The address that frames must have; no address at all where nothing is attached.
    public long mac(int attachment) {
        if (attachment >= PORTS_MAX) return macs[attachment - PORTS_MAX];
        return attachment < portMacs.length ? portMacs[attachment] : NO_MAC;
    }

    /// The address of frames without tag or session, by port; one that no frame has where nothing is attached.
    public long[] portMacs() { return portMacs; }

    public int port(int attachment) {
        return attachment < PORTS_MAX ? attachment : places[attachment - PORTS_MAX] >>> 16;
    }

    /// Both tags as the parser gives them, without priority and DEI.
    public long vlans(int attachment) {
        return attachment < PORTS_MAX ? 0 : tags[attachment - PORTS_MAX];
    }

    public int session(int attachment) {
        return attachment < PORTS_MAX ? 0 : places[attachment - PORTS_MAX] & 0xffff;
    }

    private int placeOf(int port, long masked, int session) {
        int portAndSession = port << 16 | session;
        long hash = (masked * 0x9E37_79B9_7F4A_7C15L ^ portAndSession) * 0xff51_afd7_ed55_8ccdL;
        int place = (int) (hash >>> 32) & PLACES - 1;
        while (numbers[place] != 0) {
            int number = numbers[place] - 1;
            if (tags[number] == masked && places[number] == portAndSession) break;
            place = place + 1 & PLACES - 1;
        }
        return place;
    }
}
