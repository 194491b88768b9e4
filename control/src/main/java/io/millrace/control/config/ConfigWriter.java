package io.millrace.control.config;

import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.FaultConfig;
import io.millrace.dataplane.config.Forwarding;
import io.millrace.dataplane.config.InterfaceConfig;
import io.millrace.dataplane.config.LinkConfig;
import io.millrace.dataplane.config.NeighbourConfig;
import io.millrace.dataplane.config.NicConfig;
import io.millrace.dataplane.config.NicPortConfig;
import io.millrace.dataplane.config.OffloadConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.PppoeConfig;
import io.millrace.dataplane.config.RouteConfig;
import io.millrace.dataplane.config.RouteType;
import io.millrace.dataplane.config.Sysctl;
import io.millrace.dataplane.config.TypeMask;
import io.millrace.dataplane.config.VfConfig;
import io.millrace.dataplane.config.VlanConfig;
import io.millrace.dataplane.config.WireConfig;
import io.millrace.nic.sim.fault.FaultKind;
import io.millrace.packet.address.Addresses;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/// Writes a configuration as a YAML file that reads back as the same. Every text is quoted; what has its usual value
/// and stands for the whole process is left out.
public final class ConfigWriter {

    private final StringBuilder text = new StringBuilder();

    public static String write(DataplaneConfig config, ControlConfig control) {
        return new ConfigWriter().whole(config, control);
    }

    private String whole(DataplaneConfig config, ControlConfig control) {
        line("forwarding: " + lower(config.forwarding()));
        line("threading: " + lower(config.threading()));
        if (config.workers() != 1) line("workers: " + config.workers());
        if (config.seed() != DataplaneConfig.SEED_USUAL) line("seed: " + config.seed());
        if (config.pollIntervalNs() != DataplaneConfig.POLL_INTERVAL_NS_USUAL) {
            line("poll-interval: " + config.pollIntervalNs() + "ns");
        }
        if (config.drainNs() != DataplaneConfig.DRAIN_NS_USUAL) line("drain: " + config.drainNs() + "ns");
        config.rules().file().ifPresent(path -> line("ruleset: " + quoted(path)));
        if (!config.rules().looksUpFlows()) line("flowtable-lookup: off");
        control.socket().ifPresent(path -> line("control: " + quoted(path)));
        control.counters().ifPresent(path -> line("counters: " + quoted(path)));
        control.metrics().ifPresent(address -> line("metrics: " + quoted(address)));
        if (!config.nics().isEmpty()) line("nics:");
        config.nics().forEach(this::nic);
        line("ports:");
        for (PortConfig port : config.ports()) port(port, config.forwarding());
        for (LinkConfig link : config.links()) link(link);
        if (!config.routes().isEmpty()) line("routes:");
        config.routes().forEach(this::route);
        if (!config.neighbours().isEmpty()) line("neighbours:");
        config.neighbours().forEach(this::neighbour);
        sysctls(config);
        return text.toString();
    }

    private void port(PortConfig port, Forwarding forwarding) {
        line("  " + quoted(port.wireEntry()) + ":");
        wire(port.wire());
        port.nic().ifPresent(nic -> line("    nic: " + quoted(nic.nic())));
        port.vf().ifPresent(vf -> plug(vf, port.name()));
        port.nic().ifPresent(this::nic);
        if (forwarding == Forwarding.PATCH) return;
        line("    mac: " + quoted(Addresses.mac(port.mac())));
        line("    mtu: " + port.mtuBytes());
        addresses(port);
        offload(port.offload());
    }

    private void nic(NicConfig nic) {
        line("  " + quoted(nic.name()) + ":");
        line("    model: " + quoted(nic.source()));
        line("    ring: " + nic.ringSlots());
        if (!nic.isPausing()) line("    pause: off");
        line("    latency: " + nic.model().limits().latencyNs() + " ns");
        line("    flow-table: " + nic.model().limits().flowEntriesMax());
        nic.firmware().ifPresent(firmware -> line("    firmware: " + quoted(firmware.source())));
        if (nic.auditOneIn() > 0) line("    audit: 1/" + nic.auditOneIn());
        line("    mode: " + nic.mode().label());
        if (nic.vfs() > 0) line("    vfs: " + nic.vfs());
        faults(nic.faults());
    }

    /// The rest of what is plugged in, and the begin of its representor.
    private void plug(VfConfig vf, String representor) {
        line("    vf: " + vf.vf());
        vf.mac().ifPresent(mac -> line("    mac: " + quoted(Addresses.mac(mac))));
        line("  " + quoted(representor) + ":");
    }

    private void faults(FaultConfig faults) {
        if (faults.equals(FaultConfig.NONE)) return;
        line("    faults:");
        for (FaultKind kind : FaultKind.values()) {
            if (!faults.shares().isGiven(kind)) continue;
            line("      " + kind.label() + ": " + FaultReader.text(faults.shares(), kind));
        }
        faults.seed().ifPresent(seed -> line("      seed: " + seed));
    }

    private void nic(NicPortConfig nic) {
        line("    queues: " + nic.channels());
        if (nic.merges()) line("    rx-gro-hw: on");
    }

    private void offload(OffloadConfig offload) {
        if (offload.merges()) line("    gro: on");
        if (!offload.cutsLate()) line("    gso: off");
        if (offload.mergesUdp()) line("    rx-udp-gro-forwarding: on");
        if (offload.flushTimeoutNs() != 0) line("    gro-flush-timeout: " + offload.flushTimeoutNs() + " ns");
    }

    private void wire(WireConfig wire) {
        switch (wire) {   // no default: a new kind must not compile until it is written here
            case WireConfig.Pcap pcap -> {
                line("    wire: pcap");
                pcap.rx().ifPresent(path -> line("    rx: " + quoted(path)));
                pcap.tx().ifPresent(path -> line("    tx: " + quoted(path)));
            }
            case WireConfig.Replay replay -> {
                line("    wire: replay");
                line("    rx: " + quoted(replay.rx()));
                if (replay.loops() != WireConfig.Replay.ENDLESS) line("    loops: " + replay.loops());
            }
            case WireConfig.Tap tap -> {
                line("    wire: tap");
                line("    device: " + quoted(tap.device()));
                if (tap.queues() != 1) line("    queues: " + tap.queues());
                if (!tap.hasVnetHeader()) line("    vnet-hdr: false");
                if (tap.spins()) line("    idle: spin");
            }
            case WireConfig.Gen gen -> {
                line("    wire: gen");
                line("    profile: " + quoted(gen.profile()));
                if (gen.ringSlots() != WireConfig.Gen.RING_SLOTS_USUAL) line("    ring: " + gen.ringSlots());
            }
            case WireConfig.Null _ -> line("    wire: \"null\"");
        }
    }

    private void link(LinkConfig link) {
        line("  " + quoted(link.name()) + ":");
        line("    link: " + quoted(link.link()));
        switch (link) {
            case VlanConfig vlan -> {
                line("    vlan: " + vlan.vlan());
                if (vlan.tpid() == VlanConfig.TPID_8021AD) line("    protocol: \"802.1ad\"");
                vlan.mac().ifPresent(mac -> line("    mac: " + quoted(Addresses.mac(mac))));
            }
            case PppoeConfig pppoe -> line("    pppoe: { session: 0x" + Integer.toHexString(pppoe.session())
                + ", peer: " + quoted(Addresses.mac(pppoe.peer())) + " }");
        }
        link.mtuBytes().ifPresent(mtuBytes -> line("    mtu: " + mtuBytes));
        addresses(link);
    }

    private void addresses(InterfaceConfig each) {
        List<String> written = each.addresses().stream()
            .map(address -> quoted(address.address() + "/" + address.length())).toList();
        if (!written.isEmpty()) line("    addresses: [" + String.join(", ", written) + "]");
    }

    private void route(RouteConfig route) {
        var members = new StringBuilder("to: " + quoted(route.to().address() + "/" + route.to().length()));
        if (route.type() != RouteType.UNICAST) members.append(", type: ").append(lower(route.type()));
        route.via().ifPresent(via -> members.append(", via: ").append(quoted(via)));
        route.port().ifPresent(port -> members.append(", port: ").append(quoted(port)));
        if (route.metric() != 0) members.append(", metric: ").append(route.metric());
        line("  - { " + members + " }");
    }

    private void neighbour(NeighbourConfig neighbour) {
        var members = new StringBuilder("address: " + quoted(neighbour.address()) + ", mac: "
            + quoted(Addresses.mac(neighbour.mac())));
        neighbour.port().ifPresent(port -> members.append(", port: ").append(quoted(port)));
        line("  - { " + members + " }");
    }

    private void sysctls(DataplaneConfig config) {
        var values = new TreeMap<String, String>();
        config.sysctl().values().forEach((name, value) -> values.put(name, value.toString()));
        if (!config.sysctl().icmpv6RateMask().equals(TypeMask.LINUX)) {
            values.put(Sysctl.ICMPV6_RATEMASK, quoted(config.sysctl().icmpv6RateMask()));
        }
        if (!values.isEmpty()) line("sysctl:");
        values.forEach((name, value) -> line("  " + quoted(name) + ": " + value));
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static String quoted(Object value) {
        String plain = value instanceof Path path ? path.toString() : value.toString();
        return '"' + plain.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
