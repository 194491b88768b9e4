package io.millrace.dataplane.config;

import io.millrace.packet.memory.Check;

import java.util.List;

/// A whole dataplane as the operator wants it. What can be built makes sense: the constructor throws a
/// [ConfigException] with everything that does not.
///
/// @param ports          in the order they were given, which is the order of their numbers
/// @param links          VLANs and PPPoE sessions on them
/// @param nics           simulated network cards that ports have
/// @param seed           of everything that is drawn at random
/// @param pollIntervalNs virtual time between two turns of an offline run
/// @param drainNs        longest time for which a run goes on after its last input, while packets are held
public record DataplaneConfig(int workers, Threading threading, Forwarding forwarding, List<PortConfig> ports,
                              List<LinkConfig> links, List<RouteConfig> routes, List<NeighbourConfig> neighbours,
                              SysctlConfig sysctl, RulesConfig rules, List<NicConfig> nics, long seed,
                              long pollIntervalNs, long drainNs) {

    public static final int WORKERS_MAX = 64;
    public static final long SEED_USUAL = 1;
    public static final long POLL_INTERVAL_NS_USUAL = 50_000;
    public static final long POLL_INTERVAL_NS_MIN = 1_000;
    public static final long POLL_INTERVAL_NS_MAX = 1_000_000_000;
    public static final long DRAIN_NS_USUAL = 60_000_000_000L;
    public static final long DRAIN_NS_MAX = 3_600_000_000_000L;

    /// Without rules and NICs.
    public DataplaneConfig(int workers, Threading threading, Forwarding forwarding, List<PortConfig> ports,
                           List<LinkConfig> links, List<RouteConfig> routes, List<NeighbourConfig> neighbours,
                           SysctlConfig sysctl, long seed, long pollIntervalNs, long drainNs) {
        this(workers, threading, forwarding, ports, links, routes, neighbours, sysctl, RulesConfig.NONE, List.of(),
            seed, pollIntervalNs, drainNs);
    }

    public DataplaneConfig {
        ports = List.copyOf(ports);
        links = List.copyOf(links);
        routes = List.copyOf(routes);
        neighbours = List.copyOf(neighbours);
        nics = List.copyOf(nics);
        Check.that(workers >= 1 && workers <= WORKERS_MAX, "workers must be 1..64", workers);
        Check.that(pollIntervalNs >= POLL_INTERVAL_NS_MIN && pollIntervalNs <= POLL_INTERVAL_NS_MAX,
            "poll-interval must be 1 us to 1 s, in ns", pollIntervalNs);
        Check.that(drainNs >= 0 && drainNs <= DRAIN_NS_MAX, "drain must be 0 to 1 h, in ns", drainNs);
        var topology = new Topology(ports, links, routes);
        var problems = new ConfigProblems();
        new RunRules(problems).check(workers, threading, forwarding, ports);
        new NicRules(problems).check(nics, ports, forwarding);
        new InterfaceTableRules(topology, problems).check();
        new RouteRules(topology, problems).check(routes, neighbours);
        new SysctlRules(topology, problems).check(sysctl);
        new RulesetRules(topology, problems).check(rules, workers);
        if (forwarding == Forwarding.PATCH) {
            new PatchRules(problems).check(ports, links, routes, neighbours, sysctl, rules);
        }
        problems.throwIfAny();
    }

    /// The same with other rules.
    public DataplaneConfig withRules(RulesConfig changed) {
        return new DataplaneConfig(workers, threading, forwarding, ports, links, routes, neighbours, sysctl, changed,
            nics, seed, pollIntervalNs, drainNs);
    }

    /// The NIC of a port that has one.
    public NicConfig nicOf(PortConfig port) {
        String name = port.nic().orElseThrow().nic();
        return nics.stream().filter(nic -> nic.name().equals(name)).findFirst().orElseThrow();
    }

    /// True if the run takes virtual time: every wire is a capture or null.
    public boolean isOffline() {
        return isOffline(ports);
    }

    static boolean isOffline(List<PortConfig> ports) {
        return ports.stream().allMatch(port -> port.wire().isOffline());
    }

    /// What is merged and cut at each port, in their order.
    public List<OffloadConfig> offloads() {
        return ports.stream().map(PortConfig::offload).toList();
    }

    public Topology topology() {
        return new Topology(ports, links, routes);
    }
}
