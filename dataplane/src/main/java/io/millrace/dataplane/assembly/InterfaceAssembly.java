package io.millrace.dataplane.assembly;

import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.InterfaceConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.PppoeConfig;
import io.millrace.dataplane.config.Topology;
import io.millrace.dataplane.config.VlanConfig;
import io.millrace.dataplane.iface.Interface;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;

import java.util.ArrayList;
import java.util.List;

/// Makes interfaces of their configuration.
final class InterfaceAssembly {

    private static final long LINK_LOCAL_HIGH = 0xfe80_0000_0000_0000L;
    private static final int LINK_LOCAL_LENGTH = 64;

    static List<Interface> interfaces(DataplaneConfig config, SysctlReading settings) {
        Topology topology = config.topology();
        var interfaces = new ArrayList<Interface>();
        for (InterfaceConfig each : topology.interfaces()) {
            List<Integer> tags = topology.tags(each);
            long mac = topology.mac(each);
            int mtuBytes = topology.mtuBytes(each);
            int outerTag = tags.isEmpty() ? 0 : tags.get(0);
            int innerTag = tags.size() < 2 ? 0 : tags.get(1);
            interfaces.add(switch (each) {
                // PPP negotiates its link-local address; without PPP there is none.
                case PppoeConfig pppoe -> new Interface(interfaces.size(), each.name(), topology.portIndex(each),
                    outerTag, innerTag, mac, mtuBytes, each.addresses(), settings.of(each.name()), pppoe.session(),
                    pppoe.peer());
                case PortConfig _, VlanConfig _ -> new Interface(interfaces.size(), each.name(),
                    topology.portIndex(each), outerTag, innerTag, mac, mtuBytes,
                    withLinkLocal(each.addresses(), mac, mtuBytes), settings.of(each.name()));
            });
        }
        return interfaces;
    }

    /// As Linux does with `addr_gen_mode` 0, every Ethernet interface that can carry IPv6 has a link-local address made of its
    /// MAC address (RFC 4291 appendix A), unless it was given one.
    private static List<IpPrefix> withLinkLocal(List<IpPrefix> addresses, long mac, int mtuBytes) {
        boolean hasOne = addresses.stream()
            .anyMatch(each -> each.address().isIpv6() && each.address().isLinkLocal());
        if (hasOne || mtuBytes < Interface.MTU_BYTES_MIN_IPV6) return addresses;
        long low = (mac >>> 24) << 40 | 0xff_feL << 24 | mac & 0xff_ffff;
        low ^= 1L << 57;   // the universal/local bit is turned over
        var all = new ArrayList<>(addresses);
        all.add(new IpPrefix(IpAddress.ofIpv6(LINK_LOCAL_HIGH, low), LINK_LOCAL_LENGTH));
        return all;
    }

    private InterfaceAssembly() {}
}
