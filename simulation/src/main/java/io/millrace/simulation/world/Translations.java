package io.millrace.simulation.world;

import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.simulation.frame.FrameWriter;
import io.millrace.simulation.frame.Octets;
import io.millrace.simulation.frame.OnesSum;
import io.millrace.simulation.frame.SeenFrame;
import io.millrace.simulation.journal.Datagram;
import io.millrace.simulation.journal.Part;
import io.millrace.simulation.journal.Violation;
import io.millrace.simulation.model.ModelLink;

import java.util.HashMap;
import java.util.Map;

/// What the oracle knows of masquerading: it learns from the first packet of a connection under which port its host
/// goes, and from then on every packet of either direction must be translated so, until the connection may have timed
/// out.
final class Translations {

    /// The shortest time after which a silent connection may be forgotten: `nf_conntrack_tcp_timeout_close`, less a
    /// turn.
    private static final long FORGOTTEN_NS = 9_000_000_000L;

    private static final IpPrefix INSIDE = IpPrefix.parse("192.0.2.0/24");

    /// How a connection looks from outside: whose packets come back to what.
    private record Outside(int protocol, IpAddress server, int serverPort, IpAddress own, int ownPort) {}

    private static final class Mapping {
        private final Object conversation;
        private final Outside outside;
        private final IpAddress inside;
        private final int insidePort;
        private long usedNs;
        private long forgottenNs = Long.MIN_VALUE;

        private Mapping(Object conversation, Outside outside, IpAddress inside, int insidePort) {
            this.conversation = conversation;
            this.outside = outside;
            this.inside = inside;
            this.insidePort = insidePort;
        }
    }

    private final boolean isOn;
    private final ModelLink wan;
    private final Map<Outside, Mapping> byOutside = new HashMap<>();
    private final Map<Object, Long> plainNs = new HashMap<>();   // by conversation: last seen under its own address
    private final Map<Object, Part> firsts = new HashMap<>();      // by conversation: its first packet
    private final Map<Object, Mapping> byConversation = new HashMap<>();
    private final Map<Object, Mapping> latest = new HashMap<>();   // the same, gone ones too: packets may still wait

    Translations(boolean isOn, ModelLink wan) {
        this.isOn = isOn;
        this.wan = wan;
    }

    /// Hosts that speak under the router's address. None of them serves: what a server says whose connection was
    /// forgotten begins another, which is translated, and then nobody knows whose packets are whose.
    static boolean isInside(IpAddress address) {
        return INSIDE.contains(address);
    }

    /// What a packet from outside stands for: the same with its inner target, or null if nobody here speaks to its
    /// sender.
    IpAddress insideTarget(SeenFrame frame) {
        Mapping mapping = back(frame);
        return mapping == null ? null : mapping.inside;
    }

    /// A packet has come in and this should become of it: whether its connection is translated is decided by the first,
    /// even if that never leaves.
    void decided(Part part, long nowNs) {
        firsts.putIfAbsent(part.datagram().conversation(), part);
        boolean isPlain = isOn && part.fate().goesOn() && part.fate().egress() != wan;
        if (isPlain && !byConversation.containsKey(part.datagram().conversation())) {
            plainNs.put(part.datagram().conversation(), nowNs);
        }
    }

    /// A packet of the connection has come in. One that may be forgotten is not remembered again by it. True if it must
    /// be remembered.
    boolean heard(SeenFrame frame, long nowNs) {
        Mapping mapping = back(frame);
        boolean isRemembered = mapping != null && nowNs - mapping.usedNs <= FORGOTTEN_NS;
        if (isRemembered) mapping.usedNs = nowNs;
        return isRemembered;
    }

    private Mapping back(SeenFrame frame) {
        if (!isOn || frame.isFragment() || !frame.source().isIpv4()) return null;
        boolean isIcmp = frame.protocol() == FrameWriter.ICMP;
        byte[] bytes = frame.bytes();
        int port = isIcmp ? Octets.u16(bytes, frame.l4() + 4) : frame.targetPort();
        return byOutside.get(new Outside(frame.protocol(), frame.source(), isIcmp ? 0 : frame.sourcePort(),
            frame.target(), port));
    }

    /// True if a packet that leaves may be one of this datagram, going by addresses.
    boolean mayBe(SeenFrame frame, Datagram datagram) {
        if (frame.protocol() != datagram.parts().getFirst().frame().protocol()) return false;
        boolean isSource = frame.source().equals(datagram.source());
        boolean isTarget = frame.target().equals(datagram.target());
        if (isSource && isTarget) return true;
        if (!isOn) return false;
        Mapping mapping = latest.get(datagram.conversation());
        return isTarget && wan.owns(frame.source())
            || isSource && mapping != null && frame.target().equals(mapping.inside);
    }

    /// The message as it must leave in this frame: the sender's, with translated ports and the checksum for them.
    /// Learns, where the connection begins. What counts as its last use is when the packet came in: it may have waited since.
    byte[] expected(ModelLink egress, SeenFrame frame, Part part) {
        Datagram datagram = part.datagram();
        boolean isSameSource = frame.source().equals(datagram.source());
        boolean isSameTarget = frame.target().equals(datagram.target());
        if (!isSameTarget) return returned(frame, datagram);
        if (isSameSource) {
            checkPlain(egress, datagram, part);
            return displaced(frame, datagram);
        }
        return translated(frame, datagram, part.handedNs());
    }

    /// As [#expected], of a packet that a NIC has sent by an entry that is to leave: by what the connection was last
    /// translated to, or not at all. Nothing is learned from it.
    byte[] formerly(SeenFrame frame, Part part) {
        Datagram datagram = part.datagram();
        boolean isSameSource = frame.source().equals(datagram.source());
        boolean isSameTarget = frame.target().equals(datagram.target());
        if (!isSameTarget) return returned(frame, datagram);
        if (isSameSource) return displaced(frame, datagram);
        return rewritten(datagram, frame.source(), datagram.target(),
            latest.get(datagram.conversation()).outside.ownPort(), -1, frame.protocol());
    }

    private byte[] returned(SeenFrame frame, Datagram datagram) {
        Mapping mapping = latest.get(datagram.conversation());
        return rewritten(datagram, datagram.source(), mapping.inside, -1, mapping.insidePort, frame.protocol());
    }

    /// A packet that leaves under its own address: right unless its conversation begins with it, and is one to be
    /// translated. What was decided then holds, wherever later packets go, and whether a later packet begins another
    /// connection depends on what the tracker has forgotten.
    private void checkPlain(ModelLink egress, Datagram datagram, Part part) {
        boolean isMasqueraded = isOn && egress == wan && INSIDE.contains(datagram.source())
            && datagram.direction() == 0 && firsts.get(datagram.conversation()) == part;
        if (isMasqueraded) throw new Violation("no address leaks past masquerading", part.toString());
    }

    private byte[] translated(SeenFrame frame, Datagram datagram, long handedNs) {
        boolean isIcmp = frame.protocol() == FrameWriter.ICMP;
        byte[] sent = datagram.message();
        int insidePort = Octets.u16(sent, isIcmp ? 4 : 0);
        Mapping former = latest.get(datagram.conversation());
        if (former != null && handedNs <= former.forgottenNs) {   // it has waited since before
            return rewritten(datagram, frame.source(), datagram.target(), former.outside.ownPort(), -1,
                frame.protocol());
        }
        Mapping mapping = byConversation.get(datagram.conversation());
        if (frame.offset() == 0) {
            int port = Octets.u16(frame.bytes(), frame.l4() + (isIcmp ? 4 : 0));
            var outside = new Outside(frame.protocol(), frame.target(), isIcmp ? 0 : frame.targetPort(),
                frame.source(), port);
            boolean isOther = mapping == null || !mapping.outside.equals(outside);
            Long lastPlainNs = plainNs.get(datagram.conversation());
            boolean wasPlain = lastPlainNs != null && lastPlainNs <= handedNs && handedNs - lastPlainNs <= FORGOTTEN_NS;
            if (wasPlain) throw new Violation("a connection keeps its translation", frame + " had none");
            if (isOther && mapping != null && handedNs - mapping.usedNs <= FORGOTTEN_NS) {
                throw new Violation("a connection keeps its translation", frame + " was " + mapping.outside);
            }
            if (isOther) mapping = learn(outside, datagram, insidePort, handedNs);
        }
        mapping.usedNs = Math.max(mapping.usedNs, handedNs);
        return rewritten(datagram, frame.source(), datagram.target(), mapping.outside.ownPort(), -1,
            frame.protocol());
    }

    /// A conversation that went by its own address and under the router's one after the other: where one is still
    /// remembered, a new connection of the other may look the same as it, and is then given another source port (as
    /// Linux does, `nf_nat_alloc_null_binding`).
    private byte[] displaced(SeenFrame frame, Datagram datagram) {
        byte[] sent = datagram.message();
        boolean hasBoth = latest.containsKey(datagram.conversation()) && plainNs.containsKey(datagram.conversation());
        if (!hasBoth || frame.isFragment() || !FlowAccounts.hasKey(frame.protocol())) return sent;
        int port = frame.sourcePort();
        if (port == Octets.u16(sent, 0)) return sent;
        return rewritten(datagram, datagram.source(), datagram.target(), port, -1, frame.protocol());
    }

    /// The connection is gone: the next packet begins another.
    void forget(Object conversation, long nowNs) {
        plainNs.remove(conversation);
        Mapping mapping = byConversation.remove(conversation);
        if (mapping == null) return;
        mapping.usedNs = Long.MIN_VALUE / 2;
        mapping.forgottenNs = nowNs;
    }

    /// True if the connection has gone since then.
    boolean wasForgotten(Object conversation, long sinceNs) {
        Mapping mapping = latest.get(conversation);
        return mapping != null && mapping.forgottenNs >= sinceNs;
    }

    /// A packet belonged to no connection that is remembered: the next may begin one, or belong to the one before.
    void doubt(Object conversation) {
        plainNs.computeIfPresent(conversation, (_, _) -> Long.MIN_VALUE / 2);
        Mapping mapping = byConversation.get(conversation);
        if (mapping != null) mapping.usedNs = Long.MIN_VALUE / 2;
    }

    private Mapping learn(Outside outside, Datagram datagram, int insidePort, long handedNs) {
        Mapping known = byOutside.get(outside);
        boolean isTaken = known != null && known.conversation != datagram.conversation()
            && handedNs - known.usedNs <= FORGOTTEN_NS;
        if (isTaken) {
            throw new Violation("no two connections look the same from outside", outside + " is "
                + known.conversation + ", and " + datagram.conversation());
        }
        var mapping = new Mapping(datagram.conversation(), outside, datagram.source(), insidePort);
        mapping.usedNs = handedNs;
        byOutside.put(outside, mapping);
        byConversation.put(datagram.conversation(), mapping);
        latest.put(datagram.conversation(), mapping);
        return mapping;
    }

    /// @param sourcePort or ICMP id; -1 leaves it
    /// @param targetPort or ICMP id; -1 leaves it
    private static byte[] rewritten(Datagram datagram, IpAddress source, IpAddress target, int sourcePort,
                                    int targetPort, int protocol) {
        byte[] message = datagram.message().clone();
        int sumAt = switch (protocol) {
            case FrameWriter.TCP -> 16;
            case FrameWriter.UDP -> 6;
            default -> 2;
        };
        boolean isIcmp = protocol == FrameWriter.ICMP;
        if (isIcmp) Octets.u16(message, 4, sourcePort >= 0 ? sourcePort : targetPort);
        else if (sourcePort >= 0) Octets.u16(message, 0, sourcePort);
        else Octets.u16(message, 2, targetPort);
        Octets.u16(message, sumAt, 0);
        int sum = isIcmp ? OnesSum.checksum(message, 0, message.length)
            : OnesSum.transport(source, target, protocol, message, 0, message.length);
        Octets.u16(message, sumAt, sum == 0 && protocol == FrameWriter.UDP ? 0xffff : sum);
        return message;
    }
}
