package io.millrace.flow.track.machine;

import io.millrace.packet.header.IpProtocol;

/// The protocols without states of their own: a connection is what has been answered and what has not. UDP, UDP-Lite,
/// GRE, ICMP and ICMPv6 questions, and every protocol that nobody else follows.
public final class DatagramMachine {

    /// A UDP connection counts as a stream once it is older than this.
    public static final long STREAM_AGE_NS = 2_000_000_000L;

    private final TrackSettings settings;

    public DatagramMachine(TrackSettings settings) {
        this.settings = settings;
    }

    /// @param hasReply a packet of the reply direction was seen before this one
    /// @param ageNs    since the connection's first packet
    public void next(int protocol, boolean hasReply, boolean isAssured, long ageNs, Step step) {
        step.begin();
        switch (protocol) {
            case IpProtocol.UDP -> udp(hasReply, isAssured, ageNs, step);
            case IpProtocol.UDP_LITE -> pair(TrackSysctl.UDP, TrackSysctl.UDP_STREAM, hasReply, isAssured, step);
            case IpProtocol.GRE -> pair(TrackSysctl.GRE, TrackSysctl.GRE_STREAM, hasReply, isAssured, step);
            case IpProtocol.ICMP -> step.accept(settings.ns(TrackSysctl.ICMP));
            case IpProtocol.ICMPV6 -> step.accept(settings.ns(TrackSysctl.ICMPV6));
            default -> step.accept(settings.ns(TrackSysctl.GENERIC));
        }
    }

    /// A question and its answer are not yet a stream: two seconds tell them apart.
    private void udp(boolean hasReply, boolean isAssured, long ageNs, Step step) {
        boolean isStream = hasReply && ageNs > STREAM_AGE_NS;
        step.accept(settings.ns(isStream ? TrackSysctl.UDP_STREAM : TrackSysctl.UDP));
        if (isStream && !isAssured) step.assured();
    }

    private void pair(TrackSysctl unreplied, TrackSysctl replied, boolean hasReply, boolean isAssured, Step step) {
        step.accept(settings.ns(hasReply ? replied : unreplied));
        if (hasReply && !isAssured) step.assured();
    }
}
