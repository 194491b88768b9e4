package io.millrace.dataplane.config;

import io.millrace.packet.address.Addresses;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.Check;

import java.util.regex.Pattern;

/// What an interface may be called, and which addresses it may have.
public final class InterfaceRules {

    /// Linux's limit is 15 too (IFNAMSIZ less the final zero).
    public static final String NAME_RULE =
        "1 to 15 letters, digits, '_', '-' or '.', not beginning with '-' or '.'; not \"all\" or \"default\"";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}");
    private static final long GROUP_BIT = 1L << 40;

    /// `all` and `default` mean something else in the names of sysctls.
    public static boolean isName(String name) {
        return NAME.matcher(name).matches() && !name.equals("all") && !name.equals("default");
    }

    /// Reads the MAC address of a station: unicast, not zero.
    public static long parseStationMac(String text) {
        long mac = Addresses.parseMac(text);
        if (mac == 0) throw new IllegalArgumentException("\"" + text + "\" belongs to no station");
        if ((mac & GROUP_BIT) != 0) {
            throw new IllegalArgumentException(
                "\"" + text + "\" is a group address; allowed: an even first byte, as in 02:00:00:00:00:01");
        }
        return mac;
    }

    /// Why no host can have this address in this network; empty if one can.
    public static String objectionTo(IpPrefix prefix) {
        IpAddress address = prefix.address();
        if (address.isUnspecified()) return "the unspecified address belongs to no host";
        if (address.isLoopback()) return "a loopback address belongs to no port";
        if (address.isMulticast()) return "a multicast address belongs to no host";
        if (prefix.length() == 0) return "a network of length 0 would hold every address";
        if (address.isIpv4() && address.ipv4() == -1) return "the broadcast address belongs to no host";
        if (address.bits() - prefix.length() < 2) return "";   // RFC 3021, RFC 6164: every address is a host's
        if (prefix.isCanonical()) return "this is the address of the network, not of a host in it";
        boolean isBroadcast = address.isIpv4() && (address.low() | prefix.maskLow()) == 0xffff_ffffL;
        return isBroadcast ? "this is the broadcast address of the network, not of a host in it" : "";
    }

    static void checkName(String name) {
        Check.that(isName(name), "\"" + name + "\" is no name for an interface; allowed: " + NAME_RULE);
    }

    static void checkMac(long mac) {
        Check.that(mac > 0 && mac >>> 48 == 0 && (mac & GROUP_BIT) == 0, "a MAC address must be unicast", mac);
    }

    static void checkMtu(int mtuBytes) {
        boolean isInRange = mtuBytes >= InterfaceConfig.MTU_BYTES_MIN && mtuBytes <= InterfaceConfig.MTU_BYTES_MAX;
        Check.that(isInRange, "mtu must be 68..65535", mtuBytes);
    }

    private InterfaceRules() {}
}
