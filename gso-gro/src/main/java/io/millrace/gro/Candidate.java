package io.millrace.gro;

import io.millrace.packet.header.IpProtocol;

import java.util.Arrays;

/// What [HeaderWalk] or [PlainTcp] found out about one packet: where its headers lie, and what of them must be equal in the packet
/// that it is merged with.
///
/// ```
///  key     one flow if equal: port, hash, link headers, addresses, tunnel headers, ports, IPv6 extension headers
///  strict  of one flow but not merged if unequal: TTL, TOS, DF; TCP's acknowledgement, window, flags, options
/// ```
///
/// Reading fills the two, word by word; the same kinds of headers always give the same words in the same order. One
/// object serves all packets of a [Merging].
final class Candidate {

    /// Headers that need more words are not merged: 512 bytes, what the parser allows too.
    static final int KEY_WORDS_MAX = 64;
    /// Two IP headers, TCP's fixed part, and 40 bytes of options.
    static final int STRICT_WORDS_MAX = 8;
    /// No IPv4 header there, so no id.
    static final int NO_ID = -1;

    final long[] key = new long[KEY_WORDS_MAX];
    final long[] strict = new long[STRICT_WORDS_MAX];
    int keyCount;
    int strictCount;
    /// Of all key words: unequal if they are, as a rule.
    long signature;

    int packet;
    /// Whole packet, and what of it lies in the first slot.
    int packetBytes;
    int slotBytes;

    /// A length field contradicts the packet or a reserved bit is set: ends what is held of its flow, and goes on.
    boolean endsFlow;

    /// Offsets from the packet's first byte; of one IP header it is the outer one.
    int outerL3;
    int innerL3;
    int tunnelAt;
    int tunnel;
    int l4;
    int payloadAt;
    int payloadBytes;
    int protocol;

    int outerId;
    int innerId;
    int tcpFlags;
    int sequence;
    /// Segments in it: more than 1 in a packet that came merged.
    int segmentCount;
    /// Payload bytes of each of them; 0 where it is one segment.
    int gsoSize;

    void begin(int packet, int packetBytes, int slotBytes) {
        this.packet = packet;
        this.packetBytes = packetBytes;
        this.slotBytes = slotBytes;
        keyCount = 0;
        strictCount = 0;
        signature = 0;
        endsFlow = false;
        tunnel = Tunnel.NONE;
        tunnelAt = 0;
        innerL3 = 0;
        outerId = NO_ID;
        innerId = NO_ID;
        gsoSize = 0;
        segmentCount = 1;
    }

    /// False if there is no room for more words.
    boolean hasRoom(int wordCount) {
        return keyCount + wordCount <= KEY_WORDS_MAX;
    }

    void key(long word) {
        key[keyCount++] = word;
        signature = Long.rotateLeft(signature, 7) ^ word;
    }

    void strict(long word) {
        strict[strictCount++] = word;
    }

    /// Notes an IP header, the outer or the inner one. `id` is that of an IPv4 header or `NO_ID`.
    void network(int l3, int id) {
        if (tunnel == Tunnel.NONE) {
            outerL3 = l3;
            outerId = id;
        } else {
            innerL3 = l3;
            innerId = id;
        }
    }

    /// Notes the last header.
    void transport(int protocol, int l4, int headerBytes) {
        this.protocol = protocol;
        this.l4 = l4;
        payloadAt = l4 + headerBytes;
        payloadBytes = packetBytes - payloadAt;
    }

    void tcp(int l4, int headerBytes, int sequence, int tcpFlags) {
        transport(IpProtocol.TCP, l4, headerBytes);
        this.sequence = sequence;
        this.tcpFlags = tcpFlags;
    }

    /// The IP header in front of what comes next.
    int l3() {
        return tunnel == Tunnel.NONE ? outerL3 : innerL3;
    }

    @Override
    public String toString() {
        return "packet " + packet + " key " + Arrays.toString(Arrays.copyOf(key, keyCount))
            + " strict " + Arrays.toString(Arrays.copyOf(strict, strictCount));
    }
}
