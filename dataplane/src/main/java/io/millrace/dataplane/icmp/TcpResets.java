package io.millrace.dataplane.icmp;

import io.millrace.checksum.Ipv4Checksum;
import io.millrace.checksum.TransportChecksum;
import io.millrace.dataplane.account.Origin;
import io.millrace.dataplane.icmp.SuppressedErrors.Reason;
import io.millrace.dataplane.iface.OwnAddresses;
import io.millrace.dataplane.options.EchoedOptions;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.header.TcpFlags;
import io.millrace.packet.header.TcpView;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// Resets for TCP segments to a host on which nobody listens (RFC 9293 §3.10.7.1), as Linux's `tcp_v4_send_reset` makes
/// them: 20 bytes of TCP, the segment's TOS without ECN, DF over IPv4.
///
/// The segment's headers and checksum have been found right; it is not a reset itself.
final class TcpResets {

    private static final int ECN = 3;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv4View ipv4;
    private final Ipv6View ipv6;
    private final TcpView tcp;
    private final TransportChecksum checksums;
    private final Answers answers;
    private final SuppressedErrors suppressed;
    private final EchoedOptions options;
    private IcmpSettings settings;
    private int sequence;
    private int acknowledgement;
    private int flags;
    private int sourcePort;
    private int targetPort;

    TcpResets(PacketMemory packets, Answers answers, OwnAddresses own, SuppressedErrors suppressed,
              IcmpSettings settings) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.ipv4 = new Ipv4View(packets);
        this.ipv6 = new Ipv6View(packets);
        this.tcp = new TcpView(packets);
        this.checksums = new TransportChecksum(packets);
        this.answers = answers;
        this.suppressed = suppressed;
        this.options = new EchoedOptions(own);
        this.settings = settings;
    }

    void apply(IcmpSettings newSettings) {
        settings = newSettings;
    }

    void answer4(int segment, int ingress, long nowNs) {
        long headerAt = meta.frameAt(segment) + meta.l3(segment);
        ipv4.at(headerAt);
        int source = ipv4.source();
        int speaker = ipv4.target();
        int tos = ipv4.tos() & ~ECN;
        int optionBytes = options.prepare(memory, headerAt, speaker, nowNs);
        if (optionBytes == EchoedOptions.UNUSABLE) {
            suppressed.add(Reason.OPTIONS_UNUSABLE);
            return;
        }
        int firstHop = options.firstHop() != 0 ? options.firstHop() : source;
        readSegment(segment, meta.l3(segment) + ipv4.headerBytes(), ipv4.totalBytes() - ipv4.headerBytes());
        int headerBytes = Ipv4View.HEADER_BYTES_MIN + optionBytes;
        int answer = begin(segment, headerBytes, ingress);
        if (answer == NONE) return;
        long answerAt = meta.frameAt(answer);
        writeHeader4(answerAt, headerBytes, tos, speaker, source);
        write(answer, headerBytes);
        ipv4.target(firstHop);   // only now: the checksum of TCP covers the last hop of a source route
        options.write(memory, answerAt, speaker, source, nowNs);
        Ipv4Checksum.fill(memory, answerAt);
        answers.send(answer, Origin.TCP_RESET, nowNs);
    }

    /// A reset by which a rule refuses the segment (`nf_send_reset`): TOS 0, no options, part of its connection.
    void reject4(int segment, int ingress, long nowNs) {
        ipv4.at(meta.frameAt(segment) + meta.l3(segment));
        int source = ipv4.source();
        int speaker = ipv4.target();
        readSegment(segment, meta.l3(segment) + ipv4.headerBytes(), ipv4.totalBytes() - ipv4.headerBytes());
        int answer = begin(segment, Ipv4View.HEADER_BYTES_MIN, ingress);
        if (answer == NONE) return;
        long answerAt = meta.frameAt(answer);
        writeHeader4(answerAt, Ipv4View.HEADER_BYTES_MIN, 0, speaker, source);
        write(answer, Ipv4View.HEADER_BYTES_MIN);
        Ipv4Checksum.fill(memory, answerAt);
        answers.relate(answer, Origin.TCP_RESET, nowNs);
    }

    private void writeHeader4(long at, int headerBytes, int tos, int source, int target) {
        ipv4.at(at);
        ipv4.headerBytes(headerBytes);
        ipv4.tos(tos);
        ipv4.totalBytes(headerBytes + TcpView.HEADER_BYTES_MIN);
        ipv4.identification(0);   // never fragmented, so any will do (RFC 6864)
        ipv4.flagsAndOffset(Ipv4View.DONT_FRAGMENT);
        ipv4.ttl(settings.defaultTtl());
        ipv4.protocol(IpProtocol.TCP);
        ipv4.source(source);
        ipv4.target(target);
    }

    /// `tcpAt` counts from the packet's first byte, `tcpBytes` from there to the packet's end.
    void answer6(int segment, int tcpAt, int tcpBytes, int ingress, long nowNs) {
        int answer = make6(segment, tcpAt, tcpBytes, true, ingress);
        if (answer != NONE) answers.send(answer, Origin.TCP_RESET, nowNs);
    }

    /// As [#reject4].
    void reject6(int segment, int tcpAt, int tcpBytes, int ingress, long nowNs) {
        int answer = make6(segment, tcpAt, tcpBytes, false, ingress);
        if (answer != NONE) answers.relate(answer, Origin.TCP_RESET, nowNs);
    }

    private int make6(int segment, int tcpAt, int tcpBytes, boolean keepsClass, int ingress) {
        ipv6.at(meta.frameAt(segment) + meta.l3(segment));
        int trafficClass = keepsClass ? ipv6.trafficClass() & ~ECN : 0;
        long sourceHigh = ipv6.sourceHigh();
        long sourceLow = ipv6.sourceLow();
        long speakerHigh = ipv6.targetHigh();
        long speakerLow = ipv6.targetLow();
        readSegment(segment, tcpAt, tcpBytes);
        int answer = begin(segment, Ipv6View.HEADER_BYTES, ingress);
        if (answer == NONE) return NONE;
        ipv6.at(meta.frameAt(answer));
        ipv6.classAndLabel(trafficClass, 0);
        ipv6.payloadBytes(TcpView.HEADER_BYTES_MIN);
        ipv6.nextHeader(IpProtocol.TCP);
        ipv6.hopLimit(settings.hopLimit());
        ipv6.sourceHigh(speakerHigh);
        ipv6.sourceLow(speakerLow);
        ipv6.targetHigh(sourceHigh);
        ipv6.targetLow(sourceLow);
        write(answer, Ipv6View.HEADER_BYTES);
        return answer;
    }

    private void readSegment(int segment, int tcpAt, int tcpBytes) {
        tcp.at(meta.frameAt(segment) + tcpAt);
        sourcePort = tcp.targetPort();
        targetPort = tcp.sourcePort();
        if ((tcp.flags() & TcpFlags.ACK) != 0) {
            sequence = tcp.acknowledgement();
            acknowledgement = 0;
            flags = TcpFlags.RST;
            return;
        }
        int used = Integer.bitCount(tcp.flags() & (TcpFlags.SYN | TcpFlags.FIN));   // each takes a sequence number
        sequence = 0;
        acknowledgement = tcp.sequence() + used + tcpBytes - tcp.headerBytes();
        flags = TcpFlags.RST | TcpFlags.ACK;
    }

    private int begin(int segment, int headerBytes, int ingress) {
        int answer = answers.begin(segment, headerBytes + TcpView.HEADER_BYTES_MIN, ingress);
        if (answer == NONE) suppressed.add(Reason.NO_SLOT);
        return answer;
    }

    private void write(int answer, int tcpAt) {
        tcp.at(meta.frameAt(answer) + tcpAt);
        tcp.sourcePort(sourcePort);
        tcp.targetPort(targetPort);
        tcp.sequence(sequence);
        tcp.acknowledgement(acknowledgement);
        tcp.headerBytes(TcpView.HEADER_BYTES_MIN);
        tcp.reserved(0);
        tcp.flags(flags);
        tcp.window(0);
        tcp.urgentPointer(0);
        checksums.fill(answer, 0, tcpAt, TcpView.HEADER_BYTES_MIN, IpProtocol.TCP);
    }
}
