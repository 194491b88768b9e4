package io.millrace.control.config;

import org.junit.jupiter.api.Test;

/// Captures that are missing or in each other's way, and the exact text that answers them.
class FileErrorTest extends RefusedConfigs {

    @Test
    void inputsThatCannotBeRead() {
        assertRefused("""
            ports:
              lan:
                wire: pcap
                rx: @/none.pcap
                tx: @/out/lan.pcap
              wan:
                wire: pcap
                rx: @/dir.pcap
              dmz: { wire: replay, rx: /dev/null }
            """, """
            g.yaml:4:9: ports.lan.rx: no such file: @/none.pcap
              4 |     rx: @/none.pcap
                |         ^
              allowed: a capture file
            g.yaml:8:9: ports.wan.rx: @/dir.pcap is a directory
              8 |     rx: @/dir.pcap
                |         ^
              allowed: a capture file
            g.yaml:9:28: ports.dmz.rx: /dev/null is not a regular file
              9 |   dmz: { wire: replay, rx: /dev/null }
                |                            ^
              allowed: a capture file
            """);
    }

    @Test
    void outputsThatCannotBeWritten() {
        assertRefused("""
            ports:
              lan:
                wire: pcap
                tx: @/out/wan.txt
              wan:
                wire: pcap
                tx: @/dir.pcap
              dmz:
                wire: pcap
                tx: @/plain/x.pcap
            """, """
            g.yaml:4:9: ports.lan.tx: cannot tell the format of @/out/wan.txt
              4 |     tx: @/out/wan.txt
                |         ^
              allowed: a name that ends in .pcap or .pcapng
            g.yaml:7:9: ports.wan.tx: @/dir.pcap cannot be written: it is a folder
              7 |     tx: @/dir.pcap
                |         ^
              allowed: a file that can be written
            g.yaml:10:9: ports.dmz.tx: @/plain/x.pcap cannot be written: @/plain is no folder
              10 |     tx: @/plain/x.pcap
                 |         ^
              allowed: a file that can be written
            """);
    }

    @Test
    void outputsInTheWayOfInputs() {
        assertRefused("""
            ports:
              lan:
                wire: pcap
                rx: @/lan.pcap
                tx: @/out/../lan.pcap
              wan:
                wire: pcap
                rx: @/none.pcap
                tx: @/link.pcap
              dmz:
                wire: pcap
                tx: @/none.pcap
              far:
                wire: pcap
                tx: @/hard.pcap
            """, """
            g.yaml:5:9: ports.lan.tx: @/out/../lan.pcap is the input of port lan and would be overwritten
              5 |     tx: @/out/../lan.pcap
                |         ^
              allowed: a file of its own
            g.yaml:8:9: ports.wan.rx: no such file: @/none.pcap
              8 |     rx: @/none.pcap
                |         ^
              allowed: a capture file
            g.yaml:9:9: ports.wan.tx: @/link.pcap is the input of port lan and would be overwritten
              9 |     tx: @/link.pcap
                |         ^
              allowed: a file of its own
            g.yaml:12:9: ports.dmz.tx: @/none.pcap is the input of port wan and would be overwritten
              12 |     tx: @/none.pcap
                 |         ^
              allowed: a file of its own
            g.yaml:15:9: ports.far.tx: @/hard.pcap is the input of port lan and would be overwritten
              15 |     tx: @/hard.pcap
                 |         ^
              allowed: a file of its own
            """);
    }

    @Test
    void outputsInTheWayOfEachOther() {
        assertRefused("""
            ports:
              lan:
                wire: pcap
                rx: @/lan.pcap
                tx: @/out/x.pcap
              wan:
                wire: pcap
                rx: @/wan.pcap
                tx: @/out/../out/x.pcap
            """, """
            g.yaml:9:9: ports.wan.tx: @/out/../out/x.pcap is the output of port lan too
              9 |     tx: @/out/../out/x.pcap
                |         ^
              allowed: a file of its own
            """);
    }

    @Test
    void meaningAndFilesTogether() {
        assertRefused("""
            ports:
              lan:
                wire: pcap
                rx: @/none.pcap
                tx: @/out/lan.pcap
                addresses: [10.0.0.1/24]
            routes: [{ to: 10.1.0.0/16, via: 10.2.0.1 }]
            """, """
            g.yaml:4:9: ports.lan.rx: no such file: @/none.pcap
              4 |     rx: @/none.pcap
                |         ^
              allowed: a capture file
            g.yaml:7:34: routes[0].via: next hop 10.2.0.1 is not on the link of any port
              7 | routes: [{ to: 10.1.0.0/16, via: 10.2.0.1 }]
                |                                  ^
              allowed: an address in 10.0.0.0/24 (lan)
            """);
    }
}
