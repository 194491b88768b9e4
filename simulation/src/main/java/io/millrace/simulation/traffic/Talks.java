package io.millrace.simulation.traffic;

import io.millrace.packet.address.IpAddress;
import io.millrace.simulation.frame.FrameWriter;
import io.millrace.simulation.model.ModelLink;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/// Begins conversations between hosts, a few at a time.
public final class Talks {

    private static final int FIRST_PORT = 20_000;
    private static final int[] SERVICES = {53, 80, 443, 5000, 8080};
    private static final int LONG_DATAGRAM_BYTES = 4_000;
    private static final int SHORT_DATAGRAM_BYTES = 1_400;
    /// Packets of one side of a long conversation; of TCP all of them fit the first window.
    private static final int LONG_COUNT = 120;
    private static final int LONG_SEGMENT_BYTES = 250;
    private static final int SEGMENT_BYTES = 1_400;

    private final SplittableRandom random;
    private final Surroundings around;
    private final boolean mergesTcp;
    private final boolean fragments;
    private final int longShare;
    private final Predicate<Host> serves;
    private final List<Conversation> running = new ArrayList<>();
    private int count;
    private List<Host> directOnes = List.of();
    private List<Host> directOthers = List.of();

    /// @param mergesTcp the router merges segments. Then TCP is spoken over IPv4 only: in IPv6 every packet has a flow
    ///                  label of its own, its number, and packets of different labels are different flows to whoever
    ///                  merges, between which it keeps no order
    /// @param fragments hosts send datagrams that are longer than their link carries
    /// @param serves    which hosts may be servers
    /// @param longShare of a hundred conversations so many are long, between hosts on links without a tag
    public Talks(SplittableRandom random, Surroundings around, boolean mergesTcp, boolean fragments,
                 Predicate<Host> serves, int longShare) {
        this.fragments = fragments;
        this.longShare = longShare;
        this.serves = serves;
        this.random = random;
        this.around = around;
        this.mergesTcp = mergesTcp;
    }

    /// Conversations begun so far.
    public int count() {
        return count;
    }

    /// Begins one if fewer than `atOnce` go on.
    public void keep(int atOnce, long nowNs) {
        running.removeIf(Conversation::isOver);
        if (running.size() >= atOnce) return;
        Conversation next = draw();
        running.add(next);
        next.begin(nowNs);
    }

    /// From now on some conversations go past the router.
    ///
    /// @param one   link of one of the two hosts
    /// @param other of the other
    public void alsoBetween(ModelLink one, ModelLink other) {
        directOnes = localTo(one);
        directOthers = localTo(other);
    }

    private List<Host> localTo(ModelLink link) {
        return around.hosts().stream().filter(each -> each.station().link() == link && !each.station().isGateway())
            .toList();
    }

    private Conversation drawDirect() {
        boolean isForth = random.nextBoolean();
        Host one = directOnes.get(random.nextInt(directOnes.size()));
        Host other = directOthers.get(random.nextInt(directOthers.size()));
        int family = random.nextInt(3) == 0 ? 6 : 4;
        Host server = isForth ? other : one;
        return new Datagrams(around, "direct" + count, isForth ? one : other, server, server.address(family),
            FIRST_PORT + count++, SERVICES[0], FrameWriter.UDP, SHORT_DATAGRAM_BYTES, 1 + random.nextInt(20)).direct();
    }

    private List<Host> untagged() {
        return around.hosts().stream().filter(each -> each.station().link().vlan() == 0).toList();
    }

    private Conversation draw() {
        if (!directOnes.isEmpty() && random.nextInt(6) == 0) return drawDirect();
        boolean isLong = random.nextInt(100) < longShare;
        List<Host> hosts = isLong ? untagged() : around.hosts();
        Host client = hosts.get(random.nextInt(hosts.size()));
        Host server = hosts.get(random.nextInt(hosts.size()));
        while (server.station().link() == client.station().link() || !serves.test(server)) {
            server = hosts.get(random.nextInt(hosts.size()));
        }
        int draw = random.nextInt(isLong ? 15 : 20);
        boolean isTcp = draw < 10;
        int family = random.nextInt(3) == 0 && !(isTcp && mergesTcp) ? 6 : 4;
        int clientPort = FIRST_PORT + count++;
        int service = SERVICES[random.nextInt(SERVICES.length)];
        IpAddress target = server.address(family);
        if (isTcp) {
            return new TcpTalk(around, "tcp" + count, client, server, target, clientPort, service,
                isLong ? LONG_COUNT : 1 + random.nextInt(30), isLong ? LONG_COUNT : random.nextInt(30),
                isLong ? LONG_SEGMENT_BYTES : SEGMENT_BYTES, random.nextInt(4) == 0);
        }
        if (draw < 15) {
            return new Datagrams(around, "udp" + count, client, server, target, clientPort, service, FrameWriter.UDP,
                draw == 10 && fragments ? LONG_DATAGRAM_BYTES : SHORT_DATAGRAM_BYTES,
                isLong ? LONG_COUNT : 1 + random.nextInt(30));
        }
        if (draw < 18) {
            return new Datagrams(around, "echo" + count, client, server, target, clientPort, 0, FrameWriter.ICMP,
                SHORT_DATAGRAM_BYTES, 1 + random.nextInt(8));
        }
        IpAddress router = client.station().link().address(family);
        return new Datagrams(around, "self" + count, client, server, router, clientPort, service,
            draw == 18 ? FrameWriter.ICMP : FrameWriter.UDP, SHORT_DATAGRAM_BYTES, 1 + random.nextInt(4));
    }
}
