package io.millrace.simulation.traffic;

import io.millrace.packet.address.IpAddress;
import io.millrace.simulation.frame.FrameWriter;
import io.millrace.simulation.frame.LinkHeader;
import io.millrace.simulation.frame.Octets;
import io.millrace.simulation.frame.SeenFrame;
import io.millrace.simulation.journal.Datagram;
import io.millrace.simulation.journal.EventLog;
import io.millrace.simulation.journal.Journal;
import io.millrace.simulation.model.ModelLink;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// The links of the router with everybody on them. Sends into the router's ports, and takes what comes out.
public final class Surroundings {

    /// Where frames go that the hosts send.
    public interface Wires {
        void arrive(int port, byte[] frame, long nowNs);
    }

    private record Neighbour(int link, IpAddress address) {}

    private static final int LINK_BYTES_MAX = 1500;
    private static final int FRAME_BYTES_MIN = 60;
    private static final int HOP_LIMIT = 64;
    private static final int POISON = 0xde;
    private static final int DAMAGED_SHARE = 60;      // one in so many frames

    private final SplittableRandom random;
    private final Agenda agenda = new Agenda();
    private final Journal journal;
    private final EventLog log;
    private final Wires wires;
    private final boolean damagesSums;
    private final List<Station> stations = new ArrayList<>();
    private final List<Host> hosts = new ArrayList<>();
    private final Map<Neighbour, Set<Long>> announced = new HashMap<>();
    private int discoveryCount;
    private ModelLink farLink;
    private ModelLink nearLink;

    /// What stations say to everybody on one link is heard on another, too, by way of a switch.
    public void joins(ModelLink far, ModelLink near) {
        farLink = far;
        nearLink = near;
    }

    /// @param damagesSums hosts send IPv4 headers with wrong checksums now and then
    public Surroundings(SplittableRandom random, Journal journal, EventLog log, Wires wires, boolean damagesSums) {
        this.damagesSums = damagesSums;
        this.random = random;
        this.journal = journal;
        this.log = log;
        this.wires = wires;
    }

    public Station addStation(ModelLink link, IpAddress ipv4, IpAddress ipv6, boolean isGateway, long mac) {
        var station = new Station(link, List.of(ipv4, ipv6), isGateway, mac);
        stations.add(station);
        return station;
    }

    public Host addHost(IpAddress ipv4, IpAddress ipv6, Station... ways) {
        var host = new Host(ipv4, ipv6, List.of(ways));
        hosts.add(host);
        return host;
    }

    public Agenda agenda()            { return agenda; }
    public List<Station> stations()   { return stations; }
    public List<Host> hosts()         { return hosts; }
    SplittableRandom random()         { return random; }
    /// Frames sent that belong to no conversation: questions and answers about MAC addresses.
    public int discoveryCount()       { return discoveryCount; }

    /// Between two packets of a conversation: mostly microseconds, now and then longer.
    long gapNs() {
        int draw = random.nextInt(100);
        if (draw < 70) return 1_000 + random.nextInt(200_000);
        if (draw < 97) return random.nextInt(3_000_000);
        return random.nextInt(400_000_000);
    }

    byte[] payload(int byteCount) {
        byte[] payload = new byte[byteCount];
        random.nextBytes(payload);
        for (int i = 0; i < byteCount; i++) {
            if (Octets.u8(payload, i) == POISON) payload[i] = 0;
        }
        return payload;
    }

    Datagram send(Conversation conversation, int end, int protocol, byte[] message, boolean dontFragment,
                  long nowNs) {
        Station way = conversation.host(end).station();
        ModelLink link = way.link();
        IpAddress source = conversation.local(end);
        IpAddress target = conversation.remote(end);
        int number = journal.nextNumber();
        boolean isDamaged = random.nextInt(DAMAGED_SHARE) == 0;
        int damage = isDamaged ? random.nextInt(4) : -1;
        int hopLimit = damage == 0 ? random.nextInt(2) : HOP_LIMIT;
        var header = new LinkHeader(conversation.targetMac(end) ^ (damage == 1 ? 0x77 : 0), way.mac(),
            damage == 2 ? 4000 : link.vlan());
        int headerBytes = source.isIpv4() ? 20 : 40;
        var frames = new ArrayList<byte[]>();
        int etherType = source.isIpv4() ? FrameWriter.ETHER_IPV4 : FrameWriter.ETHER_IPV6;
        if (headerBytes + message.length <= LINK_BYTES_MAX) {
            frames.add(header.frame(etherType,
                FrameWriter.packet(source, target, number, hopLimit, dontFragment, protocol, message)));
        } else {
            int roomBytes = (LINK_BYTES_MAX - headerBytes - (source.isIpv4() ? 0 : 8)) & ~7;
            for (int at = 0; at < message.length; at += roomBytes) {
                frames.add(header.frame(etherType, FrameWriter.fragment(source, target, number, hopLimit, protocol,
                    message, at, Math.min(roomBytes, message.length - at))));
            }
        }
        if (damage == 3 && damagesSums && source.isIpv4()) frames.getFirst()[header.byteCount() + 10] ^= 0x10;
        if (random.nextInt(3) == 0) frames.replaceAll(Surroundings::padded);
        Datagram datagram = journal.send(conversation, end, message, frames);
        for (byte[] each : frames) arrive(link, each, nowNs);
        return datagram;
    }

    private static byte[] padded(byte[] frame) {
        return frame.length >= FRAME_BYTES_MIN ? frame : Arrays.copyOf(frame, FRAME_BYTES_MIN);
    }

    private void arrive(ModelLink link, byte[] frame, long nowNs) {
        log.add(nowNs, "in " + link, SeenFrame.of(frame), null);
        wires.arrive(link.port(), frame, nowNs);
    }

    /// A frame of a conversation came out on this link; `isWhole` once all of its datagram did.
    public void delivered(ModelLink link, SeenFrame frame, Datagram datagram, boolean isWhole, byte[] message,
                          long nowNs) {
        if (!isWhole) return;
        var conversation = (Conversation) datagram.conversation();
        int end = 1 - datagram.direction();
        for (Station each : conversation.host(end).ways()) {
            if (each.link() != link || each.mac() != frame.targetMac()) continue;
            conversation.receive(end, frame, message, nowNs);
            return;
        }
    }

    /// A question of the router about an address on a link.
    public void asked(ModelLink link, IpAddress about, IpAddress asker, long nowNs) {
        for (Station each : stations) {
            if (each.link() != link || !each.addresses().contains(about) || each.isMute()) continue;
            if (random.nextInt(12) == 0) return;   // the answer gets lost
            agenda.at(nowNs + gapNs(), now -> answer(each, about, asker, now));
            return;
        }
    }

    private void answer(Station station, IpAddress about, IpAddress asker, long nowNs) {
        ModelLink link = station.link();
        byte[] packet = about.isIpv4() ? FrameWriter.arp(2, station.mac(), about, link.mac(), asker)
            : FrameWriter.advertisement(about, asker, about, station.mac(), true, station.isGateway());
        discovery(station, about, link.mac(), packet, nowNs);
    }

    /// A station tells everybody on its link where it is.
    public void announce(Station station, long nowNs) {
        for (IpAddress each : station.addresses()) {
            byte[] packet = each.isIpv4()
                ? FrameWriter.arp(1, station.mac(), each, 0, each)
                : FrameWriter.advertisement(each, IpAddress.parse("ff02::1"), each, station.mac(), false,
                    station.isGateway());
            discovery(station, each, each.isIpv4() ? LinkHeader.BROADCAST : 0x3333_0000_0001L, packet, nowNs);
        }
    }

    /// A station asks for the router, which learns from the question.
    public void askRouter(Station station, long nowNs) {
        IpAddress own = station.addresses().getFirst();
        byte[] packet = FrameWriter.arp(1, station.mac(), own, 0, station.link().address(4));
        discovery(station, own, LinkHeader.BROADCAST, packet, nowNs);
    }

    private void discovery(Station station, IpAddress about, long targetMac, byte[] packet, long nowNs) {
        told(station.link(), about, station.mac());
        if (station.link() == farLink) told(nearLink, about, station.mac());
        ModelLink link = station.link();
        int etherType = about.isIpv4() ? FrameWriter.ETHER_ARP : FrameWriter.ETHER_IPV6;
        discoveryCount++;
        arrive(link, new LinkHeader(targetMac, station.mac(), link.vlan()).frame(etherType, packet), nowNs);
    }

    /// The router is told, by whomever, that an address on a link has this MAC address.
    public void told(ModelLink link, IpAddress address, long mac) {
        announced.computeIfAbsent(new Neighbour(link.index(), address), _ -> new HashSet<>()).add(mac);
    }

    /// True if somebody ever said so.
    public boolean wasTold(int linkIndex, IpAddress address, long mac) {
        return announced.getOrDefault(new Neighbour(linkIndex, address), Set.of()).contains(mac);
    }
}
