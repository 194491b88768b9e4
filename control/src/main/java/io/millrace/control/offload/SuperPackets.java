package io.millrace.control.offload;

import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PseudoHeader;
import io.millrace.packet.header.GreView;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.memory.Wire;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseOutcome;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.ParseResult;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.host.HostCompiler;

import java.lang.foreign.MemorySegment;

/// Describes packets of a capture as super-packets: TCP and UDP with more payload than a size, also inside VXLAN,
/// Geneve, GRE and IP tunnels. The GSO type follows from the headers.
public final class SuperPackets {

    private static final int INDEX = 0;
    private static final int VXLAN_PORT = 4789;
    private static final int GENEVE_PORT = 6081;
    private static final int UDP_FIELD = 6;
    private static final int NOT_CUT = 0;
    /// Longer packets end where they end: the headers cannot say it.
    private static final int SAID_BYTES_MAX = 0xffff;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final PacketPool pool;
    private final ParseRecords records;
    private final CompiledParser parser;
    private int sumAt;
    private int sum;

    public SuperPackets(PacketPool pool) {
        PacketMemory packets = pool.packets();
        ParseProgram program = ShippedGraph.DEFAULT.load();
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.pool = pool;
        this.records = new ParseRecords(program.graph().limits().encapsMax());
        this.parser = new HostCompiler(program, packets).newParser(records);
    }

    /// Parses the packet. True if it is now a super-packet with this much payload a segment, without the padding that
    /// a frame may have behind it.
    public boolean describe(int packet, int size) {
        int outcome = parser.parse(packet, INDEX);
        sumAt = 0;
        if (ParseOutcome.result(outcome) != ParseResult.OKAY || meta.originalBytes(packet) != 0) return false;
        int last = records.lastAt(INDEX);
        int end = records.end(last) < SAID_BYTES_MAX ? records.end(last) : meta.packetBytes(packet);
        int type = type(packet, ParseOutcome.recordCount(outcome));
        if (type == NOT_CUT || end - records.payload(last) <= size || end > meta.packetBytes(packet)) return false;
        pool.trim(packet, end);
        if ((type & GsoType.UDP_TUNNEL_CSUM) != 0) seedTunnel(packet);
        meta.gsoType(packet, type);
        meta.gsoSize(packet, size);
        return true;
    }

    /// Makes the packet again what it was, where nobody could cut it.
    public void undo(int packet) {
        meta.gsoType(packet, 0);
        meta.gsoSize(packet, 0);
        if (sumAt != 0) Wire.u16(memory, meta.frameAt(packet) + sumAt, sum);
    }

    private int type(int packet, int recordCount) {
        int type = 0;
        for (int i = 0; i < recordCount; i++) {
            int at = ParseRecords.recordAt(INDEX, i);
            if ((records.flags(at) & (ParseFlags.FRAGMENT | ParseFlags.CUT | ParseFlags.NOT_UNDERSTOOD)) != 0) {
                return NOT_CUT;
            }
            int bits = i == recordCount - 1 ? transport(at) : tunnel(packet, at);
            if (bits == NOT_CUT) return NOT_CUT;
            type |= bits;
        }
        return type;
    }

    private int transport(int record) {
        return switch (records.proto(record)) {
            case IpProtocol.TCP -> records.family(record) == 4 ? GsoType.TCPV4 : GsoType.TCPV6;
            case IpProtocol.UDP -> GsoType.UDP_L4;
            default -> NOT_CUT;
        };
    }

    private int tunnel(int packet, int record) {
        long l4At = meta.frameAt(packet) + records.l4(record);
        return switch (records.proto(record)) {
            case IpProtocol.UDP -> udpTunnel(record, Wire.u16(memory, l4At + UDP_FIELD));
            case IpProtocol.GRE -> (Wire.u16(memory, l4At) & GreView.CHECKSUM_PRESENT) == 0
                ? GsoType.GRE : GsoType.GRE_CSUM;
            case IpProtocol.IPV4, IpProtocol.IPV6 -> records.family(record) == 4 ? GsoType.IPXIP4 : GsoType.IPXIP6;
            default -> NOT_CUT;
        };
    }

    /// Of other tunnels it is not known which of their fields are lengths.
    private int udpTunnel(int record, int checksum) {
        int port = records.targetPort(record);
        if (port != VXLAN_PORT && port != GENEVE_PORT) return NOT_CUT;
        return checksum == 0 ? GsoType.UDP_TUNNEL : GsoType.UDP_TUNNEL_CSUM;
    }

    /// A super-packet has the seed in the outer field. The tunnel is the outermost UDP header.
    private void seedTunnel(int packet) {
        int index = 0;
        while (records.proto(ParseRecords.recordAt(INDEX, index)) != IpProtocol.UDP) index++;
        int record = ParseRecords.recordAt(INDEX, index);
        long frameAt = meta.frameAt(packet);
        sumAt = records.l4(record) + UDP_FIELD;
        sum = Wire.u16(memory, frameAt + sumAt);
        long pseudo = PseudoHeader.ofHeader(memory, frameAt + records.l3(record), IpProtocol.UDP,
            meta.packetBytes(packet) - records.l4(record));
        Wire.u16(memory, frameAt + sumAt, InternetChecksum.fold(pseudo));
    }
}
