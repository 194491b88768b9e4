package io.millrace.checksum.cover;

import io.millrace.checksum.ChecksumField;
import io.millrace.checksum.Crc32c;
import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PacketSum;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.SctpView;
import io.millrace.packet.header.TcpView;
import io.millrace.packet.header.UdpView;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// What the checksum of one transport header covers.
///
/// | protocol | field at | covers | pseudo header | 0 in the field |
/// |---|---|---|---|---|
/// | TCP | 16 | all | yes | a sum like any other |
/// | UDP | 6 | its length | yes | IPv4: absent; IPv6: illegal |
/// | UDP-Lite | 6 | its coverage (RFC 3828) | yes, with the whole length | illegal |
/// | DCCP | 6 | its coverage (RFC 4340 §9.2) | yes, with the whole length | a sum like any other |
/// | ICMP, IGMP | 2 | all | no | a sum like any other |
/// | ICMPv6 | 2 | all | yes | a sum like any other |
/// | GRE, where its C bit is set | 4 | all | no | a sum like any other |
/// | SCTP | 8, CRC32c | all | no | a CRC like any other |
///
/// [#examine] anew for each header; the answers are about the last one. Offsets count from the packet's first byte.
public final class Coverage {

    private static final int UDP_LENGTH = 4;
    private static final int UDP_LENGTH_MAX = 0xffff;
    private static final int TCP_DATA_OFFSET = 12;
    private static final int DCCP_DATA_OFFSET = 4;
    private static final int DCCP_COVERAGE = 5;
    private static final int DCCP_HEADER_BYTES_MIN = 12;
    private static final int GRE_CHECKSUM_PRESENT = 0x80;
    private static final int GRE_HEADER_BYTES_WITH_CHECKSUM = 8;
    private static final int TYPE_CODE_CHECKSUM_BYTES = 4;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final PacketSum sums;

    private int packet;
    private ChecksumStatus obstacle;
    private int protocol;
    private int from;
    private int byteCount;
    private int pseudoBytes;
    private long pseudoSum;

    public Coverage(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.sums = new PacketSum(packets);
    }

    /// True if the transport behind a header that was read is one of the table, has a header that can be read, and
    /// carries a checksum. A header that is not all there, or contradicts itself, carries nothing.
    public boolean isCarried(int packet, NetworkHeader ip) {
        int protocol = ip.protocol();
        int headerBytes = headerBytesMin(protocol);
        if (headerBytes == 0 || ip.isLaterFragment()) return false;
        if (ip.l4Bytes() < headerBytes || ip.l4() + headerBytes > meta.slotBytes(packet)) return false;
        long headerAt = meta.frameAt(packet) + ip.l4();
        return switch (protocol) {
            case IpProtocol.TCP -> Wire.u8(memory, headerAt + TCP_DATA_OFFSET) >>> 4 >= TcpView.HEADER_BYTES_MIN / 4;
            case IpProtocol.UDP -> {
                int lengthBytes = Wire.u16(memory, headerAt + UDP_LENGTH);
                yield lengthBytes >= UdpView.HEADER_BYTES || lengthBytes == 0 && ip.l4Bytes() > UDP_LENGTH_MAX;
            }
            case IpProtocol.GRE -> (Wire.u8(memory, headerAt) & GRE_CHECKSUM_PRESENT) != 0;
            default -> true;
        };
    }

    /// Looks at a checksum that [#isCarried]; true if it can be summed. If not, [#status] says why.
    public boolean examine(int packet, NetworkHeader ip) {
        this.packet = packet;
        this.protocol = ip.protocol();
        this.from = ip.l4();
        this.byteCount = ip.l4Bytes();
        this.obstacle = null;
        long headerAt = meta.frameAt(packet) + from;
        boolean isZeroSpecial = protocol == IpProtocol.UDP || protocol == IpProtocol.UDP_LITE;
        if (isZeroSpecial && Wire.u16(memory, headerAt + ChecksumField.offset(protocol)) == 0) {
            boolean isAbsent = protocol == IpProtocol.UDP && ip.family() == 4;
            return refuse(isAbsent ? ChecksumStatus.ABSENT : ChecksumStatus.ILLEGAL);
        }
        if (ip.isFragment()) return refuse(ChecksumStatus.FRAGMENT);
        if (!ip.isWhole()) return refuse(ChecksumStatus.CUT);
        int wholeBytes = byteCount;
        ChecksumStatus wrongLength = narrow(headerAt);
        if (wrongLength != null) return refuse(wrongLength);
        this.pseudoBytes = protocol == IpProtocol.UDP ? byteCount : wholeBytes;
        this.pseudoSum = ChecksumField.hasPseudoHeader(protocol) ? ip.pseudoSum(protocol, pseudoBytes) : 0;
        return true;
    }

    /// Sums what is covered; of a packet that cannot be summed, why not.
    public ChecksumStatus status() {
        if (obstacle != null) return obstacle;
        boolean isRight = isCrc32c()
            ? Crc32c.toWire(sums.crc32cAround(packet, from, byteCount, fieldAt())) == storedCrc()
            : InternetChecksum.isRight(sums.sum(packet, from, byteCount) + pseudoSum);
        return isRight ? ChecksumStatus.GOOD : ChecksumStatus.BAD;
    }

    public int from()          { return from; }
    public int byteCount()     { return byteCount; }
    /// The length that stands in the pseudo header.
    public int pseudoBytes()   { return pseudoBytes; }
    public int fieldAt()       { return from + ChecksumField.offset(protocol); }
    public long pseudoSum()    { return pseudoSum; }
    public boolean isCrc32c()  { return protocol == IpProtocol.SCTP; }

    /// Cuts the range to what the header says it covers; null, or what is wrong with that.
    private ChecksumStatus narrow(long headerAt) {
        switch (protocol) {
            case IpProtocol.UDP -> {
                int lengthBytes = Wire.u16(memory, headerAt + UDP_LENGTH);
                if (lengthBytes == 0) break;   // longer than the field can say (RFC 2675)
                if (lengthBytes > byteCount) return ChecksumStatus.LENGTH;
                byteCount = lengthBytes;
            }
            case IpProtocol.UDP_LITE -> {
                int coveredBytes = Wire.u16(memory, headerAt + UDP_LENGTH);
                if (coveredBytes == 0) break;
                if (coveredBytes < UdpView.HEADER_BYTES || coveredBytes > byteCount) return ChecksumStatus.BAD;
                byteCount = coveredBytes;
            }
            case IpProtocol.DCCP -> {
                int coverage = Wire.u8(memory, headerAt + DCCP_COVERAGE) & 0x0f;
                if (coverage == 0) break;
                int coveredBytes = (Wire.u8(memory, headerAt + DCCP_DATA_OFFSET) + coverage - 1) * 4;
                if (coveredBytes > byteCount) return ChecksumStatus.BAD;
                byteCount = coveredBytes;
            }
            default -> { }
        }
        return null;
    }

    /// Always false.
    private boolean refuse(ChecksumStatus why) {
        this.obstacle = why;
        return false;
    }

    private int storedCrc() {
        return Wire.i32(memory, meta.frameAt(packet) + fieldAt());
    }

    /// 0 for a protocol that is not in the table.
    private static int headerBytesMin(int protocol) {
        return switch (protocol) {
            case IpProtocol.TCP -> TcpView.HEADER_BYTES_MIN;
            case IpProtocol.UDP, IpProtocol.UDP_LITE -> UdpView.HEADER_BYTES;
            case IpProtocol.DCCP -> DCCP_HEADER_BYTES_MIN;
            case IpProtocol.SCTP -> SctpView.HEADER_BYTES;
            case IpProtocol.GRE -> GRE_HEADER_BYTES_WITH_CHECKSUM;
            case IpProtocol.ICMP, IpProtocol.ICMPV6, IpProtocol.IGMP -> TYPE_CODE_CHECKSUM_BYTES;
            default -> 0;
        };
    }
}
