package io.millrace.control.config;

import io.millrace.dataplane.config.Forwarding;
import io.millrace.dataplane.config.InterfaceConfig;
import io.millrace.dataplane.config.InterfaceRules;
import io.millrace.dataplane.config.LinkConfig;
import io.millrace.dataplane.config.NicPortConfig;
import io.millrace.dataplane.config.OffloadConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.PppoeConfig;
import io.millrace.dataplane.config.VfConfig;
import io.millrace.dataplane.config.VlanConfig;
import io.millrace.dataplane.config.WireConfig;
import io.millrace.nic.sim.model.NicLimits;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.document.DocumentKeys;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Reads the entries of `ports`: what has a `wire` is a port, what has a `link` is a VLAN or a PPPoE session on one.
final class PortReader {

    private static final DocumentKeys PORT_KEYS =
        DocumentKeys.of("wire", "rx", "tx", "loops", "profile", "ring", "mac", "mtu", "addresses", "queues", "device",
            "vnet-hdr", "idle", "gro", "gso", "rx-udp-gro-forwarding", "gro-flush-timeout", "nic", "rx-gro-hw")
            .notYet("rss", "pppoe");
    private static final DocumentKeys LINK_KEYS =
        DocumentKeys.of("link", "vlan", "protocol", "pppoe", "mac", "mtu", "addresses").notYet("gro", "gso");
    private static final DocumentKeys PPPOE_KEYS = DocumentKeys.of("session", "peer");
    private static final int QUEUES_MAX = 1024;

    private final DocumentProblems problems;
    private final Forwarding forwarding;
    private final long seed;
    private final VfReader vfs;
    private final List<PortConfig> ports = new ArrayList<>();
    private final List<LinkConfig> links = new ArrayList<>();

    /// @param seed of the MAC addresses that are not given and must be drawn
    PortReader(DocumentProblems problems, Forwarding forwarding, long seed, VfReader vfs) {
        this.problems = problems;
        this.forwarding = forwarding;
        this.seed = seed;
        this.vfs = vfs;
    }

    List<PortConfig> ports() { return ports; }
    List<LinkConfig> links() { return links; }

    void read(String name, DocumentNode node) {
        if (!InterfaceRules.isName(name)) {
            problems.add(node.keyError("\"" + name + "\" is no name for a port", InterfaceRules.NAME_RULE));
            return;
        }
        Optional<Boolean> isRepresentor = problems.attempt(() -> vfs.isRepresentor(name, node));
        if (isRepresentor.orElse(true)) return;   // read with what is plugged in
        Optional<Boolean> isLink = problems.attempt(() -> isLink(node));
        if (isLink.isEmpty()) return;
        if (isLink.get()) {
            problems.attempt(() -> node.object(LINK_KEYS));
            problems.attempt(() -> node.has("pppoe") ? pppoe(name, node) : vlan(name, node)).ifPresent(links::add);
        } else {
            boolean isPlug = node.has("vf");
            problems.attempt(() -> node.object(isPlug ? VfReader.PLUG_KEYS : PORT_KEYS));
            int portIndex = ports.size();
            problems.attempt(() -> isPlug ? representor(name, node, portIndex)
                : port(name, node, node, Optional.empty(), portIndex)).ifPresent(ports::add);
        }
    }

    private static boolean isLink(DocumentNode node) {
        boolean hasLink = node.has("link");
        boolean hasWire = node.has("wire");
        if (hasLink == hasWire) {
            throw node.error(hasLink ? "both \"wire\" and \"link\" are given" : "\"wire\" is missing",
                "wire: " + WireReader.AVAILABLE + ", or link: PORT for a VLAN or a PPPoE session on another port");
        }
        return hasLink;
    }

    /// The port of a virtual function, from what is plugged into it and from its own entry.
    private PortConfig representor(String plug, DocumentNode node, int portIndex) {
        VfConfig vf = vfs.plug(plug, node);
        String name = VfConfig.representor(node.required("nic").asString(), vf.vf());
        return port(name, node, vfs.own(name, plug), Optional.of(vf), portIndex);
    }

    /// @param wireNode the entry that says what the port's wire is and which NIC it has
    /// @param node     that of the interface; mostly the same
    private PortConfig port(String name, DocumentNode wireNode, DocumentNode node, Optional<VfConfig> vf,
                            int portIndex) {
        var mine = new DocumentProblems();
        Optional<WireConfig> wire = mine.attempt(() -> WireReader.read(wireNode));
        boolean isTap = wire.isPresent() && wire.get() instanceof WireConfig.Tap;
        // A TAP device has an MTU of its own, whatever is done with its frames.
        if (forwarding == Forwarding.PATCH) {
            refuseKeys(node, isTap ? List.of("mac") : List.of("mac", "mtu"), mine);
            refuseKeys(node, List.of("gro", "gso", "rx-udp-gro-forwarding", "gro-flush-timeout"), mine);
        }
        Optional<NicPortConfig> nic = nic(wireNode, node, vf, mine);
        if (wire.isPresent() && !isTap && nic.isEmpty()) {
            node.get("queues").ifPresent(queues -> mine.attempt(() -> checkQueues(queues)));
        }
        OptionalLong mac = mac(node, mine);
        OptionalInt mtuBytes = mtuBytes(node, mine);
        List<IpPrefix> addresses = addresses(node, mine);
        OffloadConfig offload = offload(node, mine);
        mine.throwIfAny();
        return new PortConfig(name, wire.orElseThrow(), mac.orElse(usualMac(wire.orElseThrow(), portIndex)),
            mtuBytes.orElse(PortConfig.MTU_BYTES_USUAL), addresses, offload, nic);
    }

    private static Optional<NicPortConfig> nic(DocumentNode wireNode, DocumentNode node, Optional<VfConfig> vf,
                                               DocumentProblems mine) {
        if (!wireNode.has("nic")) {
            node.get("rx-gro-hw").ifPresent(value -> mine.add(value.keyError(
                "\"rx-gro-hw\" has no meaning without a NIC", "nic: NAME")));
            return Optional.empty();
        }
        String name = mine.attempt(() -> wireNode.required("nic").asString()).orElse("");
        int channels = node.get("queues").flatMap(value -> mine.attempt(() -> value.asInt(1, NicLimits.QUEUES_MAX)))
            .orElse(1);
        return Optional.of(new NicPortConfig(name, channels, isOn(node, "rx-gro-hw", false, mine), vf));
    }

    private static OffloadConfig offload(DocumentNode node, DocumentProblems mine) {
        OffloadConfig usual = OffloadConfig.USUAL;
        long flushTimeoutNs = node.get("gro-flush-timeout").flatMap(value -> mine.attempt(() ->
            DurationText.readNs(value, 0, OffloadConfig.FLUSH_TIMEOUT_NS_MAX, "0 s to 1 s")))
            .orElse(usual.flushTimeoutNs());
        return new OffloadConfig(isOn(node, "gro", usual.merges(), mine), isOn(node, "gso", usual.cutsLate(), mine),
            isOn(node, "rx-udp-gro-forwarding", usual.mergesUdp(), mine), flushTimeoutNs);
    }

    private static boolean isOn(DocumentNode node, String key, boolean usual, DocumentProblems mine) {
        return node.get(key).flatMap(value -> mine.attempt(value::asSwitch)).orElse(usual);
    }

    private long usualMac(WireConfig wire, int portIndex) {
        return wire instanceof WireConfig.Tap tap ? PortConfig.tapMac(tap.device(), seed)
            : PortConfig.usualMac(portIndex);
    }

    private static LinkConfig vlan(String name, DocumentNode node) {
        var mine = new DocumentProblems();
        Optional<String> link = mine.attempt(() -> node.required("link").asString());
        Optional<Integer> vlan =
            mine.attempt(() -> node.required("vlan").asInt(VlanConfig.VLAN_MIN, VlanConfig.VLAN_MAX));
        Optional<Integer> tpid = mine.attempt(() -> node.get("protocol").map(PortReader::tpid)
            .orElse(VlanConfig.TPID_8021Q));
        OptionalLong mac = mac(node, mine);
        OptionalInt mtuBytes = mtuBytes(node, mine);
        List<IpPrefix> addresses = addresses(node, mine);
        mine.throwIfAny();
        return new VlanConfig(
            name, link.orElseThrow(), tpid.orElseThrow(), vlan.orElseThrow(), mac, mtuBytes, addresses);
    }

    private static LinkConfig pppoe(String name, DocumentNode node) {
        var mine = new DocumentProblems();
        for (String key : List.of("vlan", "protocol", "mac")) {
            node.get(key).ifPresent(value -> mine.add(value.keyError(
                "\"" + key + "\" has no meaning for a PPPoE session", "an interface of its own for the VLAN below")));
        }
        Optional<String> link = mine.attempt(() -> node.required("link").asString());
        DocumentNode pppoe = node.required("pppoe");
        mine.attempt(() -> pppoe.object(PPPOE_KEYS));
        Optional<Integer> session = mine.attempt(() ->
            pppoe.required("session").asInt(PppoeConfig.SESSION_MIN, PppoeConfig.SESSION_MAX));
        Optional<Long> peer = mine.attempt(() -> pppoe.required("peer").as(InterfaceRules::parseStationMac));
        OptionalInt mtuBytes = mtuBytes(node, mine);
        List<IpPrefix> addresses = addresses(node, mine);
        mine.throwIfAny();
        return new PppoeConfig(
            name, link.orElseThrow(), session.orElseThrow(), peer.orElseThrow(), mtuBytes, addresses);
    }

    private static void refuseKeys(DocumentNode node, List<String> keys, DocumentProblems mine) {
        for (String key : keys) {
            node.get(key).ifPresent(value -> mine.add(value.keyError(
                "\"" + key + "\" has no meaning with forwarding: patch, which passes frames on unchanged")));
        }
    }

    private static int checkQueues(DocumentNode node) {
        int queueCount = node.asInt(1, QUEUES_MAX);
        if (queueCount > 1) {
            throw node.error("more than one queue is not available yet in this version", "1");
        }
        return queueCount;
    }

    private static int tpid(DocumentNode node) {
        boolean isOuter = node.asOneOf("802.1Q", "802.1q", "802.1ad").equals("802.1ad");
        return isOuter ? VlanConfig.TPID_8021AD : VlanConfig.TPID_8021Q;
    }

    private static OptionalLong mac(DocumentNode node, DocumentProblems mine) {
        Optional<Long> mac = node.get("mac")
            .flatMap(value -> mine.attempt(() -> value.as(InterfaceRules::parseStationMac)));
        return mac.isPresent() ? OptionalLong.of(mac.get()) : OptionalLong.empty();
    }

    private static OptionalInt mtuBytes(DocumentNode node, DocumentProblems mine) {
        Optional<Integer> mtuBytes = node.get("mtu").flatMap(value ->
            mine.attempt(() -> value.asInt(InterfaceConfig.MTU_BYTES_MIN, InterfaceConfig.MTU_BYTES_MAX)));
        return mtuBytes.isPresent() ? OptionalInt.of(mtuBytes.get()) : OptionalInt.empty();
    }

    private static List<IpPrefix> addresses(DocumentNode node, DocumentProblems mine) {
        var addresses = new ArrayList<IpPrefix>();
        node.get("addresses").flatMap(list -> mine.attempt(list::elements)).ifPresent(elements -> {
            for (DocumentNode element : elements) {
                mine.attempt(() -> element.as(PortReader::parseAddress)).ifPresent(addresses::add);
            }
        });
        return addresses;
    }

    /// `IpPrefix` would take an address alone for one of a network of its own, which is seldom meant.
    private static IpPrefix parseAddress(String text) {
        IpPrefix prefix = IpPrefix.parse(text);
        if (text.indexOf('/') < 0) {
            throw new IllegalArgumentException("\"" + text + "\" has no prefix length; allowed: ADDRESS/LENGTH, as in "
                + (prefix.address().isIpv4() ? "192.168.1.1/24" : "fd00:1::1/64"));
        }
        return prefix;
    }
}
