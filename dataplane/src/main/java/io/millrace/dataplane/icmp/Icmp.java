package io.millrace.dataplane.icmp;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.iface.OwnAddresses;
import io.millrace.dataplane.output.Output;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;

import java.lang.foreign.Arena;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// All ICMP of one worker: its errors, its answers, their limits. Touched by its worker alone.
public final class Icmp {

    private final ErrorLimits limits;
    private final SuppressedErrors suppressed = new SuppressedErrors();
    private final Icmpv4Errors errors4;
    private final Icmpv6Errors errors6;
    private final Echo echo;
    private final TcpResets resets;
    private final LocalIpv4 local4;
    private final LocalIpv6 local6;
    private final LocalDelivery localDelivery;
    private final Rejects rejects;

    /// The arena holds the table of the limits. `seed` drives IPv4 ids and what Linux draws at random in the limits.
    public Icmp(Arena arena, PacketPool pool, Ledger ledger, Output output, OwnAddresses own, IcmpSettings settings,
                long seed) {
        PacketMemory packets = pool.packets();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Answers answers = new Answers(pool, ledger, output);
        Ipv4Ids ids = new Ipv4Ids(random);
        limits = new ErrorLimits(arena, PeerTable.PEER_COUNT, settings, random);
        errors4 = new Icmpv4Errors(packets, answers, own, limits, ids, suppressed, settings);
        errors6 = new Icmpv6Errors(packets, answers, own, limits, suppressed, settings);
        echo = new Echo(pool, ledger, output, own, limits, ids, suppressed, settings);
        resets = new TcpResets(packets, answers, own, suppressed, settings);
        LocalTransport transport = new LocalTransport(pool);
        local4 = new LocalIpv4(packets, ledger, transport, errors4, echo, resets, settings);
        local6 = new LocalIpv6(packets, ledger, transport, errors6, echo, resets, settings);
        localDelivery = new LocalDelivery(local4, local6);
        rejects = new Rejects(packets, transport, errors4, errors6, resets);
    }

    public Icmpv4Errors errors4()          { return errors4; }
    public Icmpv6Errors errors6()          { return errors6; }
    public LocalDelivery localDelivery()   { return localDelivery; }
    public SuppressedErrors suppressed()   { return suppressed; }
    /// What rules answer with.
    public Rejects rejects()               { return rejects; }

    /// Takes new settings, between two bursts.
    public void apply(IcmpSettings settings) {
        limits.apply(settings);
        errors4.apply(settings);
        errors6.apply(settings);
        echo.apply(settings);
        resets.apply(settings);
        local4.apply(settings);
        local6.apply(settings);
    }
}
