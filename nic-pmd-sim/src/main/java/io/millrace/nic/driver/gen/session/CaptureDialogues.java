package io.millrace.nic.driver.gen.session;

import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureReader;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.TcpFlags;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Takes out of a capture what clients and servers said to each other: TCP connections in the order of their bytes, UDP
/// requests with the datagrams that answered them. Ethernet up to two tags deep, IPv4 and IPv6; fragments are left out.
///
/// A connection counts from what the capture has of it; where bytes are missing it ends. Who sent the SYN, or the first
/// packet, is the client. Not for the data path.
public final class CaptureDialogues {

    /// So much is kept of one capture; what follows is left out.
    public static final long BYTES_MAX = 64L << 20;

    private static final int PACKET_BYTES_MAX = 1 << 17;
    private static final int ETHERNET_BYTES = 14;
    private static final int TAG_BYTES = 4;
    private static final int TCP_BYTES = 20;
    private static final int UDP_BYTES = 8;

    private final SessionProtocol protocol;
    private final MemorySegment packet;
    private final Map<Conversation.Key, Conversation> conversations = new LinkedHashMap<>();
    private long keptBytes;

    private CaptureDialogues(SessionProtocol protocol, MemorySegment packet) {
        this.protocol = protocol;
        this.packet = packet;
    }

    /// The dialogues of one protocol, at most [Dialogue#COUNT_MAX], in the order of their first packets. Several
    /// captures, of the two directions for instance, count as one in the order of their times. Datagrams of more than
    /// `bytesMax` bytes are left out with their exchange.
    public static List<Dialogue> read(List<Path> files, SessionProtocol protocol, int bytesMax)
            throws CaptureException {
        List<CaptureReader> readers = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            List<CaptureReader> waiting = new ArrayList<>();
            for (Path file : files) {
                readers.add(CaptureReader.open(file));
                if (readers.getLast().advance()) waiting.add(readers.getLast());
            }
            var dialogues = new CaptureDialogues(protocol, arena.allocate(PACKET_BYTES_MAX, Long.BYTES));
            while (!waiting.isEmpty()) {
                CaptureReader earliest = Collections.min(waiting, Comparator.comparingLong(CaptureReader::timeNs));
                dialogues.take(earliest);
                if (!earliest.advance()) waiting.remove(earliest);
            }
            return dialogues.all(bytesMax);
        } finally {
            readers.forEach(CaptureReader::close);
        }
    }

    private void take(CaptureReader reader) {
        int bytes = reader.capturedBytes();
        boolean isUsable = reader.linkType() == PortCapabilities.LINK_TYPE_ETHERNET && bytes <= PACKET_BYTES_MAX
            && keptBytes <= BYTES_MAX;
        if (isUsable && reader.copyTo(packet, 0, 0, bytes)) ethernet(bytes);
    }

    private List<Dialogue> all(int bytesMax) {
        List<Dialogue> all = new ArrayList<>();
        for (Conversation each : conversations.values()) {
            all.addAll(each.dialogues("dialogue " + (all.size() + 1), bytesMax));
        }
        return all.stream().limit(Dialogue.COUNT_MAX).toList();
    }

    private void ethernet(int bytes) {
        int l3 = ETHERNET_BYTES;
        if (bytes < l3) return;
        int type = Wire.u16(packet, l3 - 2L);
        while (EtherType.isVlan(type) && l3 < ETHERNET_BYTES + 2 * TAG_BYTES && l3 + TAG_BYTES <= bytes) {
            l3 += TAG_BYTES;
            type = Wire.u16(packet, l3 - 2L);
        }
        if (type == EtherType.IPV4 && bytes >= l3 + 20) ipv4(l3, bytes);
        else if (type == EtherType.IPV6 && bytes >= l3 + 40) ipv6(l3, bytes);
    }

    private void ipv4(int l3, int bytes) {
        int l4 = l3 + (Wire.u8(packet, l3) & 0x0f) * 4;
        int end = Math.min(bytes, l3 + Wire.u16(packet, l3 + 2L));
        boolean isFragment = (Wire.u16(packet, l3 + 6L) & 0x3fff) != 0;
        if (isFragment) return;
        transport(Wire.u8(packet, l3 + 9L), hex(l3 + 12, 4), hex(l3 + 16, 4), l4, end);
    }

    private void ipv6(int l3, int bytes) {
        int end = Math.min(bytes, l3 + 40 + Wire.u16(packet, l3 + 4L));
        transport(Wire.u8(packet, l3 + 6L), hex(l3 + 8, 16), hex(l3 + 24, 16), l3 + 40, end);
    }

    private String hex(int at, int bytes) {
        var text = new StringBuilder();
        for (int i = 0; i < bytes; i++) text.append(String.format("%02x", Wire.u8(packet, at + i)));
        return text.toString();
    }

    private void transport(int number, String source, String target, int l4, int end) {
        boolean isTcp = number == IpProtocol.TCP && protocol == SessionProtocol.TCP && end >= l4 + TCP_BYTES;
        boolean isUdp = number == IpProtocol.UDP && protocol == SessionProtocol.UDP && end >= l4 + UDP_BYTES;
        if (!isTcp && !isUdp) return;
        int flags = isTcp ? Wire.u8(packet, l4 + 13L) : 0;
        boolean isSyn = (flags & (TcpFlags.SYN | TcpFlags.ACK)) == TcpFlags.SYN;
        var there = new Conversation.Key(source, target, Wire.u16(packet, l4), Wire.u16(packet, l4 + 2L));
        Conversation conversation = conversations.get(there.back());
        boolean isBack = conversation != null && !isSyn;
        if (isSyn || !isBack && !conversations.containsKey(there)) {
            if (conversations.size() >= Dialogue.COUNT_MAX && !conversations.containsKey(there)) return;
            conversations.putIfAbsent(there, new Conversation(protocol, there.targetPort()));
        }
        if (!isBack) conversation = conversations.get(there);
        int from = l4 + (isTcp ? (Wire.u8(packet, l4 + 12L) >>> 4) * 4 : UDP_BYTES);
        byte[] payload = new byte[Math.max(0, end - from)];
        for (int i = 0; i < payload.length; i++) payload[i] = (byte) Wire.u8(packet, from + i);
        keptBytes += payload.length;
        if (isTcp) {
            int sequence = Wire.i32(packet, l4 + 4L);
            conversation.segment(!isBack, (flags & TcpFlags.SYN) != 0 ? sequence + 1 : sequence, payload);
        } else if (payload.length > 0) {
            conversation.datagram(!isBack, payload);
        }
    }
}
