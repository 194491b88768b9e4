package io.millrace.control.config;

import org.junit.jupiter.api.Test;

/// Keys and values of the run that cannot be, and the exact text that answers them.
class ConfigErrorTest extends RefusedConfigs {

    @Test
    void unknownKeysAtEveryLevel() {
        assertRefused("""
            worker: 1
            ports:
              lan: { wire: null, adresses: [10.0.0.1/24] }
              wan: { wire: null }
              wan.7: { link: wan, vlan: 7, vlann: 8 }
            routes:
              - { to: 10.1.0.0/16, port: lan, gateway: 10.0.0.2 }
            neighbours:
              - { adress: 10.0.0.2, mac: 02:00:00:00:00:09 }
            """, """
            g.yaml:1:1: unknown key "worker", did you mean "workers"?
              1 | worker: 1
                | ^
              allowed: workers, threading, forwarding, ports, routes, neighbours, sysctl, ruleset, flowtable-lookup, nics, seed,
                       poll-interval, drain, control, counters, metrics
            g.yaml:3:22: ports.lan: unknown key "adresses", did you mean "addresses"?
              3 |   lan: { wire: null, adresses: [10.0.0.1/24] }
                |                      ^
              allowed: wire, rx, tx, loops, profile, ring, mac, mtu, addresses, queues, device, vnet-hdr, idle, gro, gso,
                       rx-udp-gro-forwarding, gro-flush-timeout, nic, rx-gro-hw
            g.yaml:5:32: ports."wan.7": unknown key "vlann", did you mean "vlan"?
              5 |   wan.7: { link: wan, vlan: 7, vlann: 8 }
                |                                ^
              allowed: link, vlan, protocol, pppoe, mac, mtu, addresses
            g.yaml:7:35: routes[0]: unknown key "gateway"
              7 |   - { to: 10.1.0.0/16, port: lan, gateway: 10.0.0.2 }
                |                                   ^
              allowed: to, via, port, type, metric
            g.yaml:9:5: neighbours[0]: "address" is missing
              9 |   - { adress: 10.0.0.2, mac: 02:00:00:00:00:09 }
                |     ^
            g.yaml:9:7: neighbours[0]: unknown key "adress", did you mean "address"?
              9 |   - { adress: 10.0.0.2, mac: 02:00:00:00:00:09 }
                |       ^
              allowed: address, mac, port
            """);
    }

    @Test
    void keysOfTheRunThatAreNotBuiltYetAreRefusedByName() {
        assertRefused("""
            audit: 1/1000
            ports: { lan: { wire: null } }
            """, """
            g.yaml:1:1: "audit" is not available yet in this version
              1 | audit: 1/1000
                | ^
              allowed: workers, threading, forwarding, ports, routes, neighbours, sysctl, ruleset, flowtable-lookup, nics, seed,
                       poll-interval, drain, control, counters, metrics
            """);
    }

    @Test
    void settingsOfConnectionTrackingAreChecked() {
        assertRefused("""
            ports: { lan: { wire: "null" } }
            flowtable-lookup: 2
            ruleset: nowhere.nft
            sysctl:
              net.netfilter.nf_conntrack_udp_timout: 10
              net.netfilter.nf_conntrack_tcp_loose: 2
            """, """
            g.yaml:2:19: flowtable-lookup: "2" is not known
              2 | flowtable-lookup: 2
                |                   ^
              allowed: on, off
            g.yaml:3:10: ruleset: "nowhere.nft" cannot be read
              3 | ruleset: nowhere.nft
                |          ^
              allowed: a file of nftables commands
            g.yaml:5:3: sysctl: unknown sysctl "net.netfilter.nf_conntrack_udp_timout", did you mean \
            "net.netfilter.nf_conntrack_udp_timeout"?
              5 |   net.netfilter.nf_conntrack_udp_timout: 10
                |   ^
            g.yaml:6:41: sysctl."net.netfilter.nf_conntrack_tcp_loose": 2 is out of range
              6 |   net.netfilter.nf_conntrack_tcp_loose: 2
                |                                         ^
              allowed: a whole number from 0 to 1
            """);
    }

    @Test
    void keysOfControlAreChecked() {
        assertRefused("""
            control: ""
            metrics: nowhere:x
            ports: { lan: { wire: "null" } }
            """, """
            g.yaml:1:10: control: an empty path
              1 | control: ""
                |          ^
              allowed: the name of a file
            g.yaml:2:10: metrics: "nowhere:x" is no place to serve metrics
              2 | metrics: nowhere:x
                |          ^
              allowed: ADDRESS:PORT or PORT, as in 127.0.0.1:9900
            """);
    }

    @Test
    void switchesOfMergingThatAreNone() {
        assertRefused("""
            ports:
              lan: { wire: null, gro: maybe, gro-flush-timeout: 2 s }
            """, """
            g.yaml:2:27: ports.lan.gro: "maybe" is not known
              2 |   lan: { wire: null, gro: maybe, gro-flush-timeout: 2 s }
                |                           ^
              allowed: on, off
            g.yaml:2:53: ports.lan.gro-flush-timeout: 2 s is out of range
              2 |   lan: { wire: null, gro: maybe, gro-flush-timeout: 2 s }
                |                                                     ^
              allowed: a whole number and a unit (ns, us, ms, s, min, h), 0 s to 1 s
            """);
    }

    @Test
    void keysAndWiresOfPortsThatAreNotBuiltYetAreRefusedByName() {
        assertRefused("""
            ports:
              lan: { wire: null }
              vm0: { wire: tap, device: vm0, rss: 0 }
              eth0: { wire: afpacket }
              eth1: { wire: afxdp }
            """, """
            g.yaml:3:34: ports.vm0: "rss" is not available yet in this version
              3 |   vm0: { wire: tap, device: vm0, rss: 0 }
                |                                  ^
              allowed: wire, rx, tx, loops, profile, ring, mac, mtu, addresses, queues, device, vnet-hdr, idle, gro, gso,
                       rx-udp-gro-forwarding, gro-flush-timeout, nic, rx-gro-hw
            g.yaml:4:17: ports.eth0.wire: "afpacket" is not available yet in this version
              4 |   eth0: { wire: afpacket }
                |                 ^
              allowed: pcap, replay, tap, gen, null
            g.yaml:5:17: ports.eth1.wire: "afxdp" is not available yet in this version
              5 |   eth1: { wire: afxdp }
                |                 ^
              allowed: pcap, replay, tap, gen, null
            """);
    }

    @Test
    void valuesOfTheRunThatCannotBeRead() {
        assertRefused("""
            workers: none
            threading: pinned
            forwarding: bridge
            seed: 0x10000000000000000
            poll-interval: 50
            drain: 2h
            ports: { lan: { wire: pcapp } }
            """, """
            g.yaml:1:10: workers: expected a whole number from 1 to 64, found "none"
              1 | workers: none
                |          ^
            g.yaml:2:12: threading: "pinned" is not known
              2 | threading: pinned
                |            ^
              allowed: shared, dedicated
            g.yaml:3:13: forwarding: "bridge" is not known
              3 | forwarding: bridge
                |             ^
              allowed: router, patch
            g.yaml:4:7: seed: 0x10000000000000000 is out of range
              4 | seed: 0x10000000000000000
                |       ^
              allowed: a whole number from -9223372036854775808 to 9223372036854775807
            g.yaml:5:16: poll-interval: "50" is no duration
              5 | poll-interval: 50
                |                ^
              allowed: a whole number and a unit (ns, us, ms, s, min, h), from 1us to 1s
            g.yaml:6:8: drain: 2h is out of range
              6 | drain: 2h
                |        ^
              allowed: a whole number and a unit (ns, us, ms, s, min, h), from 0s to 1h
            g.yaml:7:23: ports.lan.wire: "pcapp" is not known, did you mean "pcap"?
              7 | ports: { lan: { wire: pcapp } }
                |                       ^
              allowed: pcap, replay, tap, gen, null
            """);
    }

    @Test
    void unknownSysctls() {
        assertRefused("""
            ports: { lan: { wire: null }, lan.10: { link: lan, vlan: 10 } }
            sysctl:
              net.ipv4.icmp_ratelimits: 5
              net.ipv4.conf.lna.forwarding: 1
              net.ipv6.icmp.rate: 100
            """, """
            g.yaml:3:3: sysctl: unknown sysctl "net.ipv4.icmp_ratelimits", did you mean "net.ipv4.icmp_ratelimit"?
              3 |   net.ipv4.icmp_ratelimits: 5
                |   ^
              allowed: net.ipv4.conf.{all,default,PORT}.forwarding, net.ipv4.conf.{all,default,PORT}.send_redirects,
                       net.ipv4.conf.{all,default,PORT}.accept_source_route, \
            net.ipv4.conf.{all,default,PORT}.rp_filter,
                       net.ipv4.ip_forward, net.ipv4.ip_default_ttl, net.ipv4.icmp_ratelimit, net.ipv4.icmp_ratemask,
                       net.ipv4.icmp_msgs_per_sec, net.ipv4.icmp_msgs_burst, net.ipv4.icmp_echo_ignore_all,
                       net.ipv4.icmp_echo_ignore_broadcasts, net.ipv4.neigh.default.base_reachable_time_ms,
                       net.ipv4.neigh.default.delay_first_probe_time, net.ipv4.neigh.default.retrans_time_ms,
                       net.ipv4.neigh.default.mcast_solicit, net.ipv4.neigh.default.ucast_solicit, \
            net.ipv4.neigh.default.unres_qlen,
                       net.ipv4.neigh.default.gc_stale_time, net.ipv4.ipfrag_time, net.ipv4.ipfrag_high_thresh,
                       net.ipv4.ipfrag_max_dist
            g.yaml:4:3: sysctl: unknown sysctl "net.ipv4.conf.lna.forwarding", did you mean \
            "net.ipv4.conf.lan.forwarding"?
              4 |   net.ipv4.conf.lna.forwarding: 1
                |   ^
              allowed: net.ipv4.conf.{all,default,PORT}.forwarding, net.ipv4.conf.{all,default,PORT}.send_redirects,
                       net.ipv4.conf.{all,default,PORT}.accept_source_route, net.ipv4.conf.{all,default,PORT}.rp_filter
            g.yaml:5:3: sysctl: unknown sysctl "net.ipv6.icmp.rate", did you mean "net.ipv6.icmp.ratemask"?
              5 |   net.ipv6.icmp.rate: 100
                |   ^
              allowed: net.ipv6.icmp.ratelimit, net.ipv6.icmp.echo_ignore_all, net.ipv6.icmp.echo_ignore_multicast,
                       net.ipv6.icmp.ratemask
            """);
    }

    @Test
    void valuesThatNoSysctlHas() {
        assertRefused("""
            ports: { lan: { wire: null }, lan.10: { link: lan, vlan: 10 } }
            sysctl:
              net.ipv4.icmp_ratelimit: -1
              net.ipv4.ip_forward: yes
              net.ipv4.conf.all.rp_filter: 3
              net.ipv6.icmp.ratemask: 0-1,3-128
              net.ipv4.conf.lan/10.forwarding: 0
              net.ipv4.conf.lan.10.forwarding: 0
            """, """
            g.yaml:3:28: sysctl."net.ipv4.icmp_ratelimit": -1 is out of range
              3 |   net.ipv4.icmp_ratelimit: -1
                |                            ^
              allowed: a whole number from 0 to 2147483647
            g.yaml:4:24: sysctl."net.ipv4.ip_forward": expected a whole number from 0 to 1, found "yes"
              4 |   net.ipv4.ip_forward: yes
                |                        ^
            g.yaml:5:32: sysctl."net.ipv4.conf.all.rp_filter": 3 is out of range
              5 |   net.ipv4.conf.all.rp_filter: 3
                |                                ^
              allowed: a whole number from 0 to 2
            g.yaml:6:27: sysctl."net.ipv6.icmp.ratemask": "0-1,3-128" is no list of types: the range 3-128
              6 |   net.ipv6.icmp.ratemask: 0-1,3-128
                |                           ^
              allowed: types 0..127 and ranges of them, as in 0-1,3-127; empty for none
            g.yaml:8:3: sysctl: "net.ipv4.conf.lan.10.forwarding" is given twice
              8 |   net.ipv4.conf.lan.10.forwarding: 0
                |   ^
            """);
    }

    @Test
    void noPortsAtAll() {
        assertRefused("""
            workers: 1
            """, """
            g.yaml:1:1: "ports" is missing
              1 | workers: 1
                | ^
            """);
    }

    @Test
    void listInsteadOfAnObject() {
        assertRefused("""
            - ports
            """, """
            g.yaml:1:1: expected an object (key: value), found a list
              1 | - ports
                | ^
            """);
    }

    @Test
    void brokenYaml() {
        assertRefused("""
            ports:
              lan: {wire: null, mac: 02:00:00:00:00:01
            routes:
            """, """
            g.yaml:3:7: not valid YAML: while parsing a flow mapping: expected ',' or '}', but got :
              3 | routes:
                |       ^
            """);
    }
}
