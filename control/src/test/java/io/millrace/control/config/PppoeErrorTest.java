package io.millrace.control.config;

import org.junit.jupiter.api.Test;

/// PPPoE sessions that cannot be, and the exact text that answers them.
class PppoeErrorTest extends RefusedConfigs {

    @Test
    void keysAndValuesThatCannotBe() {
        assertRefused("""
            ports:
              wan: { wire: null }
              ppp0: { link: wan, pppoe: { session: 0, peer: "01:00:5e:00:00:01", seession: 1 } }
              ppp1: { link: wan, vlan: 3, pppoe: { session: 0x11, peer: "02:00:00:00:00:01" } }
              ppp2: { link: wan, pppoe: { session: 0x12 } }
            """, """
            g.yaml:3:40: ports.ppp0.pppoe.session: 0 is out of range
              3 |   ppp0: { link: wan, pppoe: { session: 0, peer: "01:00:5e:00:00:01", seession: 1 } }
                |                                        ^
              allowed: a whole number from 1 to 65534
            g.yaml:3:49: ports.ppp0.pppoe.peer: "01:00:5e:00:00:01" is a group address
              3 |   ppp0: { link: wan, pppoe: { session: 0, peer: "01:00:5e:00:00:01", seession: 1 } }
                |                                                 ^
              allowed: an even first byte, as in 02:00:00:00:00:01
            g.yaml:3:70: ports.ppp0.pppoe: unknown key "seession", did you mean "session"?
              3 |   ppp0: { link: wan, pppoe: { session: 0, peer: "01:00:5e:00:00:01", seession: 1 } }
                |                                                                      ^
              allowed: session, peer
            g.yaml:4:22: ports.ppp1: "vlan" has no meaning for a PPPoE session
              4 |   ppp1: { link: wan, vlan: 3, pppoe: { session: 0x11, peer: "02:00:00:00:00:01" } }
                |                      ^
              allowed: an interface of its own for the VLAN below
            g.yaml:5:29: ports.ppp2.pppoe: "peer" is missing
              5 |   ppp2: { link: wan, pppoe: { session: 0x12 } }
                |                             ^
            """);
    }

    @Test
    void sessionsThatDoNotFitTogether() {
        assertRefused("""
            ports:
              wan: { wire: null }
              ppp0: { link: wan, pppoe: { session: 0x11, peer: "02:00:00:00:00:01" } }
              ppp1: { link: wan, pppoe: { session: 0x11, peer: "02:00:00:00:00:01" } }
              v: { link: ppp0, vlan: 3 }
            """, """
            g.yaml:4:40: ports.ppp1.pppoe.session: session 0x11 with this peer of wan is taken by ppp0
              4 |   ppp1: { link: wan, pppoe: { session: 0x11, peer: "02:00:00:00:00:01" } }
                |                                        ^
            g.yaml:5:14: ports.v.link: nothing lies on a PPPoE session
              5 |   v: { link: ppp0, vlan: 3 }
                |              ^
              allowed: wan
            """);
    }
}
