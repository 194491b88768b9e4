package io.millrace.packet.text;

import io.millrace.packet.header.SctpChunkView;
import io.millrace.packet.header.SctpView;
import io.millrace.packet.header.TcpFlags;
import io.millrace.packet.header.TcpOption;
import io.millrace.packet.header.TcpView;
import io.millrace.packet.header.UdpView;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

/// Prints TCP, UDP and SCTP, behind the ports.
final class TransportText {

    private final PacketMemory packets;
    private final TcpView tcp;
    private final UdpView udp;
    private final SctpView sctp;
    private final SctpChunkView chunk;

    TransportText(PacketMemory packets) {
        this.packets = packets;
        this.tcp = new TcpView(packets);
        this.udp = new UdpView(packets);
        this.sctp = new SctpView(packets);
        this.chunk = new SctpChunkView(packets);
    }

    /// All three begin with their ports.
    int sourcePort(Header header) {
        return udp.at(header.at()).sourcePort();
    }

    int targetPort(Header header) {
        return udp.at(header.at()).targetPort();
    }

    void tcp(StringBuilder text, Header header, boolean isDetailed) {
        tcp.at(header.at());
        int payloadBytes = header.payloadBytes();
        text.append("Flags [").append(ProtocolNames.tcpFlags(tcp.flags())).append(']');
        if (isDetailed) text.append(", cksum 0x%04x".formatted(tcp.checksum()));
        text.append(", seq ").append(Integer.toUnsignedString(tcp.sequence()));
        if (payloadBytes > 0) text.append(':').append(Integer.toUnsignedString(tcp.sequence() + payloadBytes));
        if (isDetailed || (tcp.flags() & TcpFlags.ACK) != 0) {
            text.append(", ack ").append(Integer.toUnsignedString(tcp.acknowledgement()));
        }
        text.append(", win ").append(tcp.window());
        if (isDetailed || (tcp.flags() & TcpFlags.URG) != 0) {
            text.append(", urg ").append(tcp.urgentPointer());
        }
        if (tcp.headerBytes() > TcpView.OPTIONS_AT) tcpOptions(text.append(", options ["), header).append(']');
        text.append(", length ").append(payloadBytes);
    }

    /// What is known where an ICMP error quotes no more than eight bytes.
    void quotedTcp(StringBuilder text, Header header) {
        text.append("seq ").append(Integer.toUnsignedString(tcp.at(header.at()).sequence()));
    }

    private StringBuilder tcpOptions(StringBuilder text, Header header) {
        for (int at = TcpView.OPTIONS_AT; at < tcp.headerBytes(); at += tcp.optionBytes(at)) {
            if (at > TcpView.OPTIONS_AT) text.append(',');
            if (!tcp.isOptionValid(at)) return text.append("malformed");
            tcpOption(text, header.at() + at, tcp.optionKind(at), tcp.optionBytes(at));
            if (tcp.optionKind(at) == TcpOption.END) break;
        }
        return text;
    }

    private void tcpOption(StringBuilder text, long at, int kind, int optionBytes) {
        var memory = packets.segment();
        if (kind == TcpOption.END) {
            text.append("eol");
        } else if (kind == TcpOption.NOP) {
            text.append("nop");
        } else if (kind == TcpOption.SEGMENT_BYTES_MAX && optionBytes == 4) {
            text.append("mss ").append(Wire.u16(memory, at + 2));
        } else if (kind == TcpOption.WINDOW_SCALE && optionBytes == 3) {
            text.append("wscale ").append(Wire.u8(memory, at + 2));
        } else if (kind == TcpOption.SACK_PERMITTED && optionBytes == 2) {
            text.append("sackOK");
        } else if (kind == TcpOption.TIMESTAMPS && optionBytes == 10) {
            text.append("TS val ").append(Wire.u32(memory, at + 2)).append(" ecr ").append(Wire.u32(memory, at + 6));
        } else if (kind == TcpOption.SACK && optionBytes % 8 == 2) {
            text.append("sack ").append(optionBytes / 8).append(' ');
            for (int edge = 2; edge < optionBytes; edge += 8) {
                text.append('{').append(Wire.u32(memory, at + edge)).append(':')
                    .append(Wire.u32(memory, at + edge + 4)).append('}');
            }
        } else {
            text.append("kind ").append(kind).append(" 0x").append(HexText.bytes(packets, at + 2, optionBytes - 2));
        }
    }

    void udp(StringBuilder text, Header header, boolean isDetailed) {
        udp.at(header.at());
        if (isDetailed) text.append("cksum 0x%04x, ".formatted(udp.checksum()));
        text.append("length ").append(udp.datagramBytes() - UdpView.HEADER_BYTES);
    }

    void sctp(StringBuilder text, Header header, boolean isDetailed) {
        sctp.at(header.at());
        text.append("tag 0x%08x".formatted(sctp.verificationTag()));
        if (isDetailed) text.append(", cksum 0x%08x".formatted(sctp.checksum()));
        long end = header.presentEnd();
        for (long at = header.at() + header.headerBytes(); at < end; at += chunk.paddedBytes()) {
            if (!chunk.at(at).isValid((int) (end - at))) {
                text.append(" [cut or malformed]");
                return;
            }
            text.append(" [").append(ProtocolNames.sctpChunk(chunk.type())).append(", length ")
                .append(chunk.chunkBytes()).append(']');
        }
    }
}
