package io.millrace.control.offload;

import io.millrace.packet.memory.GsoType;
import tools.jackson.databind.ObjectMapper;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Packets that came out of merging or segmenting as lines, for people or as JSON objects; and the line that sums all
/// up. A GSO type is the names of its bits with `|` between them, as in [GsoType], or `NONE`.
///
/// ```
///    4434 bytes, payload 4380, 3 segments of 1460, TCPV4, frames 1 2 3
/// {"bytes":4434,"payloadBytes":4380,"gsoSize":1460,"segments":3,"gsoType":"TCPV4","frames":[1,2,3]}
/// ```
public final class PacketLines {

    private static final Map<Integer, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put(GsoType.TCPV4, "TCPV4");
        NAMES.put(GsoType.TCPV6, "TCPV6");
        NAMES.put(GsoType.UDP, "UDP");
        NAMES.put(GsoType.UDP_L4, "UDP_L4");
        NAMES.put(GsoType.SCTP, "SCTP");
        NAMES.put(GsoType.GRE, "GRE");
        NAMES.put(GsoType.GRE_CSUM, "GRE_CSUM");
        NAMES.put(GsoType.IPXIP4, "IPXIP4");
        NAMES.put(GsoType.IPXIP6, "IPXIP6");
        NAMES.put(GsoType.UDP_TUNNEL, "UDP_TUNNEL");
        NAMES.put(GsoType.UDP_TUNNEL_CSUM, "UDP_TUNNEL_CSUM");
        NAMES.put(GsoType.TCP_ECN, "TCP_ECN");
        NAMES.put(GsoType.TCP_ACCECN, "TCP_ACCECN");
        NAMES.put(GsoType.TCP_FIXEDID, "TCP_FIXEDID");
        NAMES.put(GsoType.TCP_FIXEDID_INNER, "TCP_FIXEDID_INNER");
        NAMES.put(GsoType.PARTIAL, "PARTIAL");
        NAMES.put(GsoType.DODGY, "DODGY");
    }

    private final ObjectMapper mapper = new ObjectMapper();
    private long packetCount;
    private long superPacketCount;
    private long segmentCount;

    /// The line for people. Every packet given here or to [#json] counts in the [#summary].
    public String text(OffloadedPacket packet) {
        count(packet);
        var line = new StringBuilder();
        line.append(String.format("%7d bytes, payload %d", packet.bytes(), packet.payloadBytes()));
        if (packet.gsoSize() != 0) {
            line.append(", ").append(counted(packet.segments(), "segment"))
                .append(packet.gsoSize() == GsoType.BY_SLOTS ? "" : " of " + packet.gsoSize())
                .append(", ").append(typeName(packet.gsoType()));
        }
        line.append(packet.frames().size() == 1 ? ", frame" : ", frames");
        for (long frame : packet.frames()) {
            line.append(' ').append(frame);
        }
        return line.toString();
    }

    /// One object, in one line.
    public String json(OffloadedPacket packet) {
        count(packet);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("bytes", packet.bytes());
        members.put("payloadBytes", packet.payloadBytes());
        members.put("gsoSize", packet.gsoSize());
        members.put("segments", packet.segments());
        members.put("gsoType", typeName(packet.gsoType()));
        members.put("frames", packet.frames());
        return mapper.writeValueAsString(members);
    }

    /// Of what came out, beside how many packets went in.
    public String summary(long packetsIn) {
        return counted(packetsIn, "packet") + " in, " + packetCount + " out: "
            + counted(superPacketCount, "super-packet") + " of " + counted(segmentCount, "segment");
    }

    /// The names of the bits.
    public static String typeName(int gsoType) {
        List<String> names = NAMES.keySet().stream().filter(bit -> (gsoType & bit) != 0).map(NAMES::get).toList();
        return names.isEmpty() ? "NONE" : String.join("|", names);
    }

    private void count(OffloadedPacket packet) {
        packetCount++;
        if (packet.gsoSize() == 0) return;
        superPacketCount++;
        segmentCount += packet.segments();
    }

    private static String counted(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
