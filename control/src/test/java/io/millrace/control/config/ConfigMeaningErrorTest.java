package io.millrace.control.config;

import org.junit.jupiter.api.Test;

/// Values that do not go together, and the exact text that answers them.
class ConfigMeaningErrorTest extends RefusedConfigs {

    @Test
    void addressesThatNoHostCanHave() {
        assertRefused("""
            ports:
              lan: { wire: null, addresses: [10.0.0.0/24, 10.0.1.255/24, 224.0.0.1/24, 127.0.0.1/8] }
              wan: { wire: null, addresses: [0.0.0.0/0, "fd00::/64", 10.9.9.9/0, 255.255.255.255/32, "::1/128"] }
            """, """
            g.yaml:2:34: ports.lan.addresses[0]: 10.0.0.0/24: this is the address of the network, not of a host in it
              2 |   lan: { wire: null, addresses: [10.0.0.0/24, 10.0.1.255/24, 224.0.0.1/24, 127.0.0.1/8] }
                |                                  ^
            g.yaml:2:47: ports.lan.addresses[1]: 10.0.1.255/24: this is the broadcast address of the network, not of \
            a host in it
              2 |   lan: { wire: null, addresses: [10.0.0.0/24, 10.0.1.255/24, 224.0.0.1/24, 127.0.0.1/8] }
                |                                               ^
            g.yaml:2:62: ports.lan.addresses[2]: 224.0.0.1/24: a multicast address belongs to no host
              2 |   lan: { wire: null, addresses: [10.0.0.0/24, 10.0.1.255/24, 224.0.0.1/24, 127.0.0.1/8] }
                |                                                              ^
            g.yaml:2:76: ports.lan.addresses[3]: 127.0.0.1/8: a loopback address belongs to no port
              2 |   lan: { wire: null, addresses: [10.0.0.0/24, 10.0.1.255/24, 224.0.0.1/24, 127.0.0.1/8] }
                |                                                                            ^
            g.yaml:3:34: ports.wan.addresses[0]: 0.0.0.0/0: the unspecified address belongs to no host
              3 |   wan: { wire: null, addresses: [0.0.0.0/0, "fd00::/64", 10.9.9.9/0, 255.255.255.255/32, "::1/128"] }
                |                                  ^
            g.yaml:3:45: ports.wan.addresses[1]: fd00::/64: this is the address of the network, not of a host in it
              3 |   wan: { wire: null, addresses: [0.0.0.0/0, "fd00::/64", 10.9.9.9/0, 255.255.255.255/32, "::1/128"] }
                |                                             ^
            g.yaml:3:58: ports.wan.addresses[2]: 10.9.9.9/0: a network of length 0 would hold every address
              3 |   wan: { wire: null, addresses: [0.0.0.0/0, "fd00::/64", 10.9.9.9/0, 255.255.255.255/32, "::1/128"] }
                |                                                          ^
            g.yaml:3:70: ports.wan.addresses[3]: 255.255.255.255/32: the broadcast address belongs to no host
              3 |   wan: { wire: null, addresses: [0.0.0.0/0, "fd00::/64", 10.9.9.9/0, 255.255.255.255/32, "::1/128"] }
                |                                                                      ^
            g.yaml:3:90: ports.wan.addresses[4]: ::1/128: a loopback address belongs to no port
              3 |   wan: { wire: null, addresses: [0.0.0.0/0, "fd00::/64", 10.9.9.9/0, 255.255.255.255/32, "::1/128"] }
                |                                                                                          ^
            """);
    }

    @Test
    void overlappingAddresses() {
        assertRefused("""
            ports:
              lan: { wire: null, addresses: [192.168.1.1/24, 192.168.1.1/24] }
              wan: { wire: null, addresses: [192.168.1.1/25, 10.0.0.1/8] }
              dmz: { wire: null, addresses: [10.1.0.1/16, 10.2.0.1/32, "fe80::1/64"] }
              far: { wire: null, addresses: ["fe80::1/64", "fd00::1/48"] }
              off: { wire: null, addresses: ["fd00:0:0:7::1/64"] }
            """, """
            g.yaml:2:50: ports.lan.addresses[1]: 192.168.1.1 is already an address of lan
              2 |   lan: { wire: null, addresses: [192.168.1.1/24, 192.168.1.1/24] }
                |                                                  ^
            g.yaml:3:34: ports.wan.addresses[0]: 192.168.1.1 is already an address of lan
              3 |   wan: { wire: null, addresses: [192.168.1.1/25, 10.0.0.1/8] }
                |                                  ^
            g.yaml:4:34: ports.dmz.addresses[0]: the network 10.1.0.0/16 overlaps 10.0.0.0/8 of wan
              4 |   dmz: { wire: null, addresses: [10.1.0.1/16, 10.2.0.1/32, "fe80::1/64"] }
                |                                  ^
            g.yaml:6:34: ports.off.addresses[0]: the network fd00:0:0:7::/64 overlaps fd00::/48 of far
              6 |   off: { wire: null, addresses: ["fd00:0:0:7::1/64"] }
                |                                  ^
            """);
    }

    @Test
    void routesToUnknownPortsAndDistantNextHops() {
        assertRefused("""
            ports:
              lan: { wire: null, addresses: [192.168.1.1/24, "fd00:1::1/64"] }
              wan: { wire: null, addresses: [203.0.113.1/24] }
            routes:
              - { to: 10.1.0.0/16, port: wna }
              - { to: 10.2.0.0/16, via: 198.51.100.1 }
              - { to: 10.3.0.0/16, via: 192.168.1.7, port: wan }
              - { to: 10.4.0.0/16, via: 203.0.113.1 }
              - { to: 10.5.0.0/16, via: 224.0.0.5 }
              - { to: "2001:db8::/32", via: "fe80::1" }
              - { to: "2001:db8:1::/48", via: "fd00:2::1", port: wan }
            """, """
            g.yaml:5:30: routes[0].port: no port is named "wna", did you mean "wan"?
              5 |   - { to: 10.1.0.0/16, port: wna }
                |                              ^
              allowed: lan, wan
            g.yaml:6:29: routes[1].via: next hop 198.51.100.1 is not on the link of any port
              6 |   - { to: 10.2.0.0/16, via: 198.51.100.1 }
                |                             ^
              allowed: an address in 192.168.1.0/24 (lan), 203.0.113.0/24 (wan)
            g.yaml:7:29: routes[2].via: next hop 192.168.1.7 is not on the link of wan
              7 |   - { to: 10.3.0.0/16, via: 192.168.1.7, port: wan }
                |                             ^
              allowed: an address in 203.0.113.0/24 (wan)
            g.yaml:8:29: routes[3].via: 203.0.113.1 is an address of wan itself
              8 |   - { to: 10.4.0.0/16, via: 203.0.113.1 }
                |                             ^
              allowed: the address of another router
            g.yaml:9:29: routes[4].via: 224.0.0.5 is no address of a neighbour
              9 |   - { to: 10.5.0.0/16, via: 224.0.0.5 }
                |                             ^
              allowed: the unicast address of a router
            g.yaml:10:5: routes[5]: a link-local next hop needs a port to say which link
              10 |   - { to: "2001:db8::/32", via: "fe80::1" }
                 |     ^
              allowed: port: lan | wan
            g.yaml:11:35: routes[6].via: next hop fd00:2::1 is not on the link of wan
              11 |   - { to: "2001:db8:1::/48", via: "fd00:2::1", port: wan }
                 |                                   ^
              allowed: an address in a network of the port, which has none of IPv6
            """);
    }

    @Test
    void routesInEachOthersWay() {
        assertRefused("""
            ports:
              lan: { wire: null, addresses: [192.168.1.1/24, "fd00:1::1/64"] }
              wan: { wire: null, addresses: [203.0.113.1/24] }
            routes:
              - { to: 10.6.0.0/16, via: 203.0.113.2 }
              - { to: 10.6.0.0/16, type: blackhole }
              - { to: 192.168.1.0/24, port: wan }
            """, """
            g.yaml:6:11: routes[1].to: routes[0] leads to 10.6.0.0/16 with the same metric
              6 |   - { to: 10.6.0.0/16, type: blackhole }
                |           ^
              allowed: one route for a network and a metric
            g.yaml:7:11: routes[2].to: 192.168.1.0/24 is the network of lan already
              7 |   - { to: 192.168.1.0/24, port: wan }
                |           ^
              allowed: another network, or a metric of 1 or more
            """);
    }

    @Test
    void neighboursThatCannotBe() {
        assertRefused("""
            ports:
              lan: { wire: null, addresses: [192.168.1.1/24] }
              wan: { wire: null, addresses: [203.0.113.1/24] }
            neighbours:
              - { address: 203.0.113.254, mac: "02:00:00:00:00:fe", port: won }
              - { address: 192.168.2.9, mac: "02:00:00:00:00:fe", port: lan }
              - { address: 192.168.1.1, mac: "02:00:00:00:00:fe", port: lan }
              - { address: "fe80::9", mac: "02:00:00:00:00:fe" }
              - { address: 192.168.1.9, mac: "02:00:00:00:00:fe", port: lan }
              - { address: 192.168.1.9, mac: "02:00:00:00:00:ff" }
              - { address: "ff02::1", mac: "02:00:00:00:00:ff", port: lan }
            """, """
            g.yaml:5:63: neighbours[0].port: no port is named "won", did you mean "wan"?
              5 |   - { address: 203.0.113.254, mac: "02:00:00:00:00:fe", port: won }
                |                                                               ^
              allowed: lan, wan
            g.yaml:6:16: neighbours[1].address: neighbour 192.168.2.9 is not on the link of lan
              6 |   - { address: 192.168.2.9, mac: "02:00:00:00:00:fe", port: lan }
                |                ^
              allowed: an address in 192.168.1.0/24 (lan)
            g.yaml:7:16: neighbours[2].address: 192.168.1.1 is an address of lan itself
              7 |   - { address: 192.168.1.1, mac: "02:00:00:00:00:fe", port: lan }
                |                ^
            g.yaml:8:5: neighbours[3]: a link-local neighbour needs a port to say which link
              8 |   - { address: "fe80::9", mac: "02:00:00:00:00:fe" }
                |     ^
              allowed: port: lan | wan
            g.yaml:10:16: neighbours[5].address: 192.168.1.9 is given twice
              10 |   - { address: 192.168.1.9, mac: "02:00:00:00:00:ff" }
                 |                ^
            g.yaml:11:16: neighbours[6].address: ff02::1 is no address of a neighbour
              11 |   - { address: "ff02::1", mac: "02:00:00:00:00:ff", port: lan }
                 |                ^
              allowed: a unicast address
            """);
    }

    @Test
    void vlansThatCannotBe() {
        assertRefused("""
            ports:
              lan: { wire: null, mtu: 1400 }
              lan.10: { link: lan, vlan: 10 }
              lan.11: { link: lan, vlan: 10 }
              lan.12: { link: lan, vlan: 10, protocol: 802.1ad, mtu: 1500 }
              q: { link: lan.10, vlan: 5 }
              r: { link: q, vlan: 6 }
              x: { link: y, vlan: 1 }
              y: { link: x, vlan: 1 }
              z: { link: lnn, vlan: 1 }
              on.z: { link: z, vlan: 2 }
            """, """
            g.yaml:4:30: ports."lan.11".vlan: VLAN 10 of lan is taken by lan.10
              4 |   lan.11: { link: lan, vlan: 10 }
                |                              ^
            g.yaml:5:58: ports."lan.12".mtu: more than the MTU of lan, on which it lies
              5 |   lan.12: { link: lan, vlan: 10, protocol: 802.1ad, mtu: 1500 }
                |                                                          ^
              allowed: at most 1400
            g.yaml:7:14: ports.r.link: frames would carry 3 VLAN tags
              7 |   r: { link: q, vlan: 6 }
                |              ^
              allowed: at most 2
            g.yaml:8:14: ports.x.link: lies on itself
              8 |   x: { link: y, vlan: 1 }
                |              ^
              allowed: a chain of links that ends at a port with a wire
            g.yaml:9:14: ports.y.link: lies on itself
              9 |   y: { link: x, vlan: 1 }
                |              ^
              allowed: a chain of links that ends at a port with a wire
            g.yaml:10:14: ports.z.link: no port is named "lnn", did you mean "lan"?
              10 |   z: { link: lnn, vlan: 1 }
                 |              ^
              allowed: lan, lan.10, lan.11, lan.12, q, r, x, y, on.z
            """);
    }

    @Test
    void ipv6OverASmallMtu() {
        assertRefused("""
            ports:
              lan: { wire: null, mtu: 1279, addresses: ["2001:db8::1/64"] }
              wan: { wire: null, mtu: 1280, addresses: ["2001:db9::1/64"] }
              lan.10: { link: lan, vlan: 10, addresses: ["2001:dba::1/64"] }
            """, """
            g.yaml:2:27: ports.lan.mtu: an interface with IPv6 addresses needs an MTU of 1280 or more
              2 |   lan: { wire: null, mtu: 1279, addresses: ["2001:db8::1/64"] }
                |                           ^
              allowed: 1280 to 65535
            g.yaml:4:11: ports."lan.10": an interface with IPv6 addresses needs an MTU of 1280 or more
              4 |   lan.10: { link: lan, vlan: 10, addresses: ["2001:dba::1/64"] }
                |           ^
              allowed: 1280 to 65535
            """);
    }

    @Test
    void oddNumberOfPortsInPatchMode() {
        assertRefused("""
            forwarding: patch
            ports:
              a: { wire: null }
              b: { wire: null }
              c: { wire: null }
            """, """
            g.yaml:1:13: forwarding: patch joins ports in pairs, but their number is odd: 3
              1 | forwarding: patch
                |             ^
              allowed: an even number of ports (wire: null is one too)
            """);
    }

    @Test
    void patchModeWithARoutersSettings() {
        assertRefused("""
            forwarding: patch
            ports:
              a: { wire: null, addresses: [10.0.0.1/24] }
              b: { wire: null }
              b.3: { link: b, vlan: 3 }
            routes: [{ to: 10.5.0.0/16, type: blackhole }]
            neighbours: [{ address: 10.0.0.2, mac: 02:00:00:00:00:01 }]
            sysctl: { net.ipv4.icmp_ratelimit: 0 }
            """, """
            g.yaml:3:31: ports.a.addresses: has no meaning with forwarding: patch, which passes frames on unchanged
              3 |   a: { wire: null, addresses: [10.0.0.1/24] }
                |                               ^
            g.yaml:5:16: ports."b.3".link: an interface on another has no meaning with forwarding: patch, which passes \
            frames on unchanged
              5 |   b.3: { link: b, vlan: 3 }
                |                ^
            g.yaml:6:9: routes: has no meaning with forwarding: patch, which passes frames on unchanged
              6 | routes: [{ to: 10.5.0.0/16, type: blackhole }]
                |         ^
            g.yaml:7:13: neighbours: has no meaning with forwarding: patch, which passes frames on unchanged
              7 | neighbours: [{ address: 10.0.0.2, mac: 02:00:00:00:00:01 }]
                |             ^
            g.yaml:8:9: sysctl: has no meaning with forwarding: patch, which passes frames on unchanged
              8 | sysctl: { net.ipv4.icmp_ratelimit: 0 }
                |         ^
            """);
    }

    @Test
    void dedicatedThreadsOffline() {
        assertRefused("""
            threading: dedicated
            workers: 2
            ports:
              lan:
                wire: pcap
                rx: @/lan.pcap
              wan: { wire: null }
            """, """
            g.yaml:1:12: threading: every wire is pcap or null, and offline runs use virtual time and one thread
              1 | threading: dedicated
                |            ^
              allowed: shared
            g.yaml:2:10: workers: every wire is pcap or null, and offline runs have one worker
              2 | workers: 2
                |          ^
              allowed: 1
            """);
    }

    @Test
    void moreWorkersThanARouterHas() {
        assertRefused("""
            workers: 2
            ports:
              lan:
                wire: replay
                rx: @/lan.pcap
              wan: { wire: null }
            """, """
            g.yaml:1:10: workers: more than one worker is not available yet in this version for a router
              1 | workers: 2
                |          ^
              allowed: 1
            """);
    }

    @Test
    void moreWorkersThanPairsOfPorts() {
        assertRefused("""
            workers: 2
            forwarding: patch
            ports:
              lan:
                wire: replay
                rx: @/lan.pcap
              wan: { wire: null }
            """, """
            g.yaml:1:10: workers: more workers than pairs of ports: 2 > 1
              1 | workers: 2
                |          ^
              allowed: at most one for each pair
            """);
    }

    @Test
    void emptyPorts() {
        assertRefused("""
            ports: {}
            """, """
            g.yaml:1:8: ports: no port is given
              1 | ports: {}
                |        ^
              allowed: at least one
            """);
    }

    @Test
    void sysctlsThatContradict() {
        assertRefused("""
            ports: { lan: { wire: null }, lan.10: { link: lan, vlan: 10 } }
            sysctl:
              net.ipv4.ip_forward: 0
              net.ipv4.conf.all.forwarding: 1
              net.ipv4.conf.lan/10.rp_filter: 1
            """, """
            g.yaml:3:24: sysctl."net.ipv4.ip_forward": differs from net.ipv4.conf.all.forwarding, which is the same \
            setting
              3 |   net.ipv4.ip_forward: 0
                |                        ^
              allowed: one of the two
            g.yaml:5:35: sysctl."net.ipv4.conf.lan/10.rp_filter": reverse path filtering is not available yet in this \
            version
              5 |   net.ipv4.conf.lan/10.rp_filter: 1
                |                                   ^
              allowed: 0
            """);
    }
}
