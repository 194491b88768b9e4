package io.millrace.dataplane.config;

import io.millrace.packet.address.IpPrefix;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// A port: its wire, and the interface for the untagged frames on it.
///
/// @param mac      48 bits, unicast
/// @param mtuBytes longest IP packet that leaves by it
/// @param nic      what lies between it and its wire
public record PortConfig(String name, WireConfig wire, long mac, int mtuBytes, List<IpPrefix> addresses,
                         OffloadConfig offload, Optional<NicPortConfig> nic) implements InterfaceConfig {

    public static final int MTU_BYTES_USUAL = 1500;

    private static final long GROUP_BIT = 1L << 40;
    private static final long LOCAL_BIT = 1L << 41;
    /// `02:4d:52:…`: locally administered, "MR".
    private static final long MAC_PREFIX = 0x02_4d_52_000000L;

    public PortConfig {
        InterfaceRules.checkName(name);
        InterfaceRules.checkMac(mac);
        InterfaceRules.checkMtu(mtuBytes);
        addresses = List.copyOf(addresses);
    }

    /// Of a bare wire.
    public PortConfig(String name, WireConfig wire, long mac, int mtuBytes, List<IpPrefix> addresses,
                      OffloadConfig offload) {
        this(name, wire, mac, mtuBytes, addresses, offload, Optional.empty());
    }

    /// With the usual offloads.
    public PortConfig(String name, WireConfig wire, long mac, int mtuBytes, List<IpPrefix> addresses) {
        this(name, wire, mac, mtuBytes, addresses, OffloadConfig.USUAL);
    }

    /// The virtual function that the port represents.
    public Optional<VfConfig> vf() {
        return nic.flatMap(NicPortConfig::vf);
    }

    /// Name of the entry under `ports` that says what the wire is: of a representor, that of what is plugged in.
    public String wireEntry() {
        return vf().map(VfConfig::plug).orElse(name);
    }

    /// The MAC address of a port that was not given one: `02:4d:52:00:00:01` for the first port, and so on.
    public static long usualMac(int portIndex) {
        return MAC_PREFIX + portIndex + 1;
    }

    /// The MAC address of a port on a TAP device that was not given one: locally administered, and another one for
    /// each device and seed, because devices of several processes may come to lie on one link.
    public static long tapMac(String device, long seed) {
        long drawn = new SplittableRandom(seed ^ (long) device.hashCode() << Integer.SIZE).nextLong() >>> 16;
        return drawn & ~GROUP_BIT | LOCAL_BIT;
    }
}
