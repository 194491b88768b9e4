package io.millrace.dataplane.icmp;

import io.millrace.dataplane.PacketBench;
import io.millrace.dataplane.TestAddresses;
import io.millrace.dataplane.config.TypeMask;
import io.millrace.dataplane.output.Output;
import io.millrace.packet.memory.PacketMemory;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// The ICMP of the router that [TestAddresses] draws, with an output that keeps what it is given.
final class IcmpBench {

    static final String INSIDE_HOST = "02:00:00:00:00:a1";
    static final String INSIDE_PORT = "02:00:00:00:00:01";
    static final long SECOND_NS = 1_000_000_000L;

    /// Shows no limit: every test of something else uses it.
    static final IcmpSettings UNLIMITED = limits(0, 0);

    final PacketBench packets;
    final TestAddresses own = new TestAddresses();
    final Icmp icmp;
    final List<byte[]> sent = new ArrayList<>();
    long nowNs = 100 * SECOND_NS;
    int lastIngress;
    long lastReceiveNs;

    IcmpBench(IcmpSettings settings) {
        this(settings, 512);
    }

    IcmpBench(IcmpSettings settings, int slotCount) {
        packets = new PacketBench(slotCount);
        icmp = new Icmp(Arena.ofAuto(), packets.pool, packets.ledger, new Keeper(), own, settings, 1);
    }

    static IcmpSettings limits(int ratemask, int ratelimitMs) {
        IcmpSettings linux = IcmpSettings.LINUX;
        return new IcmpSettings(ratelimitMs, ratemask, linux.messagesPerSecond(), linux.messagesBurst(), false, true,
            64, ratelimitMs, new TypeMask(0, 0), false, false, 64);
    }

    int put(byte[] frame) {
        return packets.put(frame);
    }

    /// Hands the frame over as one for this host, from inside, and returns what was sent because of it.
    List<byte[]> deliver(byte[] frame) {
        return deliver(put(frame), false);
    }

    List<byte[]> deliver(int packet, boolean isBroadcast) {
        sent.clear();
        int version = packets.network(packet)[0] >>> 4 & 0xf;
        if (version == 4) {
            icmp.localDelivery().deliver4(packet, isBroadcast, TestAddresses.INSIDE, nowNs);
        } else {
            icmp.localDelivery().deliver6(packet, TestAddresses.INSIDE, nowNs);
        }
        return List.copyOf(sent);
    }

    /// Releases an offender that an error was asked about.
    void forget(int packet) {
        packets.sent(packet);
    }

    private final class Keeper implements Output {

        @Override
        public void route(int packet, long sentNs) {
            int roomBytes = packets.meta.dataAt(packet) + packets.meta.l3(packet) - PacketMemory.META_BYTES;
            if (roomBytes < 22) throw new AssertionError("room for link headers: " + roomBytes + " bytes");
            if (sentNs != nowNs) throw new AssertionError("another time: " + sentNs);
            sent.add(packets.network(packet));
            lastIngress = packets.meta.ingress(packet);
            lastReceiveNs = packets.meta.receiveNs(packet);
            packets.sent(packet);
        }

        @Override
        public void toNeighbour(int packet, int neighbour, long sentNs) {
            throw new AssertionError("ICMP routes what it makes");
        }

        @Override
        public void toMac(int packet, int interfaceIndex, long targetMac, int etherType, long sentNs) {
            throw new AssertionError("ICMP routes what it makes");
        }
    }
}
