package io.millrace.packet.text;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

import static org.assertj.core.api.Assertions.assertThat;

/// The expected lines were compared with those of tcpdump 4.99 (`-nne -S`) for the same frames: where both print a
/// field, they print the same value.
class PacketPrinterTest {

    private static final String ETHERNET = "0200000000fe020000000001";
    private static final String ETHERNET_TEXT = "02:00:00:00:00:01 > 02:00:00:00:00:fe, ethertype ";

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 2);
    private final PacketMeta meta = new PacketMeta(packets);
    private final PacketPrinter printer = new PacketPrinter(packets);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        // TCP: a SYN as Linux sends it, data over the end of the sequence numbers, SACK blocks
        "0800 4500003c0001000040060000 0a000001 0a000002 c3500050112233440000000 0a002faf0abcd0000 020405b4 0402 "
            + "080a0000000100000000 01 030307"
            + " | IPv4 (0x0800), length 74: 10.0.0.1.50000 > 10.0.0.2.80: Flags [S], seq 287454020, win 64240,"
            + " options [mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7], length 0",
        "0800 4500002c0001000040060000 0a000001 0a000002 c3500050 ffffffff 80000001 5018 faf0 abcd0000 61626364"
            + " | IPv4 (0x0800), length 58: 10.0.0.1.50000 > 10.0.0.2.80: Flags [P.], seq 4294967295:3, ack 2147483649,"
            + " win 64240, length 4",
        "0800 4500003c0001000040060000 0a000001 0a000002 c3500050 00000001 00000002 a0f0 0001 abcd0007"
            + " 0101 0512 00000005 00000009 fffffff0 00000001"
            + " | IPv4 (0x0800), length 74: 10.0.0.1.50000 > 10.0.0.2.80: Flags [.UEW], seq 1, ack 2, win 1, urg 7,"
            + " options [nop,nop,sack 2 {5:9}{4294967280:1}], length 0",
        // UDP, its checksum and payload not read; a later and a first fragment
        "0800 4500002000010000401166ca 0a000001 0a000002 c3500035000cbeef 01020304"
            + " | IPv4 (0x0800), length 46: 10.0.0.1.50000 > 10.0.0.2.53: UDP, length 4",
        "0800 46ba0020000120b94011b052 0a000001 0a000002 94040000 0102030405060708"
            + " | IPv4 (0x0800), length 46: 10.0.0.1 > 10.0.0.2 frag (id 1, offset 1480, flags [+]): UDP (17)",
        "0800 4500002000012000401166ca 0a000001 0a000002 c3500035 0fff beef 01020304"
            + " | IPv4 (0x0800), length 46: 10.0.0.1.50000 > 10.0.0.2.53 frag (id 1, offset 0, flags [+]): UDP, "
            + "length 4087",
        // ICMP
        "0800 4500001c0001000040010000 0a000001 0a000002 0800123400010002"
            + " | IPv4 (0x0800), length 42: 10.0.0.1 > 10.0.0.2: ICMP echo request, id 1, seq 2, length 8",
        "0800 450000380001000040010000 0a000001 0a000002 03041234000005dc 4500001c0001000040110000 0a000001 "
            + "0a000002 0001000200080000"
            + " | IPv4 (0x0800), length 70: 10.0.0.1 > 10.0.0.2: ICMP need to frag (mtu 1500), length 36",
        "0800 4500001c0001000040010000 0a000001 0a000002 05011234c0000201"
            + " | IPv4 (0x0800), length 42: 10.0.0.1 > 10.0.0.2: ICMP redirect host to 192.0.2.1, length 8",
        "0800 4500001c0001000040010000 0a000001 0a000002 2a071234c0000201"
            + " | IPv4 (0x0800), length 42: 10.0.0.1 > 10.0.0.2: ICMP type 42, code 7, length 8",
        // ARP
        "0806 00010800060400010200000000010a00000100000000000 00a000002"
            + " | ARP (0x0806), length 42: Request who-has 10.0.0.2 tell 10.0.0.1, length 28",
        "0806 0001080006040002020000000001 0a000001 0200000000fe 0a000002 0000"
            + " | ARP (0x0806), length 44: Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 30",
        // IPv6 and its extension headers
        "86dd 6000000000183a40 <6> 8000123400010002 00112233445566778899aabbccddeeff"
            + " | IPv6 (0x86dd), length 78: 2001:db8::1 > 2001:db8::2: ICMP6 echo request, id 1, seq 2, length 24",
        "86dd 6000000000180040 <6> 3a0105020000000001060000000000008000123400010001"
            + " | IPv6 (0x86dd), length 78: 2001:db8::1 > 2001:db8::2: HBH (5:0000)(pad 1)(pad 1)(pad 8):"
            + " ICMP6 echo request, id 1, seq 1, length 8",
        "86dd 60000000003c2b40 <6> 0604040101000007 20010db800000000000000000000000a "
            + "20010db800000000000000000000000b <tcp>"
            + " | IPv6 (0x86dd), length 114: 2001:db8::1 > 2001:db8::2: RT6 (type 4, segleft 1, [0]2001:db8::a,"
            + " [1]2001:db8::b): 50000 > 80: Flags [S], seq 1, win 64240, length 0",
        "86dd 6000000000182b40 <6> 3a010303fe400000aabbccdd00000000 8000123400010001"
            + " | IPv6 (0x86dd), length 78: 2001:db8::1 > 2001:db8::2: RT6 (type 3, segleft 3, [0]~aa, [1]~bb, "
            + "[2]~ccdd):"
            + " ICMP6 echo request, id 1, seq 1, length 8",
        "86dd 6000000000102c40 <6> 110005c9deadbeef 0000000000000000"
            + " | IPv6 (0x86dd), length 70: 2001:db8::1 > 2001:db8::2: frag (id 0xdeadbeef, offset 1480, flags [+])",
        "86dd 6000000000203aff <6> 88001234e0000000 fe8000000000000000000000000000fe 02010200000000fe"
            + " | IPv6 (0x86dd), length 86: 2001:db8::1 > 2001:db8::2: ICMP6 neighbor advertisement, tgt is fe80::fe,"
            + " Flags [RSO], target 02:00:00:00:00:fe, length 32",
        "86dd 6000000000183aff <6> 8700123400000000 fe8000000000000000000000000000fe"
            + " | IPv6 (0x86dd), length 78: 2001:db8::1 > 2001:db8::2: ICMP6 neighbor solicitation, who has "
            + "fe80::fe, length 24",
        "86dd 6000000000003b40 <6> | IPv6 (0x86dd), length 54: 2001:db8::1 > 2001:db8::2: no next header (59)",
        // tags, labels, sessions
        "8100 babc 0806 0001080006040003 020000000001 0a000001 0200000000fe 0a000002"
            + " | 802.1Q (0x8100), length 46: vlan 2748, p 5, DEI, ethertype ARP (0x0806): operation 3, length 28",
        "88a8 0064 8100 000a 0800 4500001c0001000040110000 0a000001 0a000002 0001000200080000"
            + " | 802.1Q-QinQ (0x88a8), length 50: vlan 100, p 0, ethertype 802.1Q (0x8100): vlan 10, p 0, ethertype"
            + " IPv4 (0x0800): 10.0.0.1.1 > 10.0.0.2.2: UDP, length 0",
        "8847 00064a40 12345b40 4500001c0001000040110000 0a000001 0a000002 0001000200080000"
            + " | MPLS unicast (0x8847), length 50: MPLS (label 100, tc 5, ttl 64): MPLS (label 74565, tc 5, [S], "
            + "ttl 64):"
            + " 10.0.0.1.1 > 10.0.0.2.2: UDP, length 0",
        "8864 11000011001e0021 4500001c0001000040110000 0a000001 0a000002 0001000200080000"
            + " | PPPoE S (0x8864), length 50: PPPoE [ses 0x11] PPP 0x0021, length 30: 10.0.0.1.1 > 10.0.0.2.2: "
            + "UDP, length 0",
        "8863 110900000000 | PPPoE D (0x8863), length 20: PPPoE [ses 0x0] code 0x09, length 0",
        "88cc 0207 | LLDP (0x88cc), length 16",
        "1234 0207 | unknown (0x1234), length 16",
        // tunnels
        "0800 4500003c00010000402f0000 0a000001 0a000002 b0000800abcd00000000007b80000001"
            + " 4500001800010000 40590000 0a000001 0a000002 00000000"
            + " | IPv4 (0x0800), length 74: 10.0.0.1 > 10.0.0.2: GRE v0, cksum 0xabcd, key 0x7b, seq 2147483649,"
            + " proto IPv4 (0x0800), length 40: 10.0.0.1 > 10.0.0.2: unknown (89)",
        "0800 4500004e0001000040110000 0a000001 0a000002 c35012b5003a0000 0800000000007b00 <eth> 0806"
            + " 0001080006040001020000000001 0a000001 000000000000 0a000002"
            + " | IPv4 (0x0800), length 92: 10.0.0.1.50000 > 10.0.0.2.4789: UDP, length 50: VXLAN vni 123:"
            + " 02:00:00:00:00:01 > 02:00:00:00:00:fe, ethertype ARP (0x0806), length 42:"
            + " Request who-has 10.0.0.2 tell 10.0.0.1, length 28",
        "0800 450000480001000040110000 0a000001 0a000002 c35017c100340000 02400800fedcba00 0001028001deadbe"
            + " 4500001c0001000040010000 0a000001 0a000002 0800123400010002"
            + " | IPv4 (0x0800), length 86: 10.0.0.1.50000 > 10.0.0.2.6081: UDP, length 44: Geneve vni 0xfedcba, "
            + "critical,"
            + " proto IPv4 (0x0800), options 8 bytes: 10.0.0.1 > 10.0.0.2: ICMP echo request, id 1, seq 2, length 8",
        "0800 4500004400010000 40110000 0a000001 0a000002 0868086800300000 36ff0020 80000001 beef0085 01000900"
            + " 4500001800010000 40010000 0a000001 0a000002 08001234"
            + " | IPv4 (0x0800), length 82: 10.0.0.1.2152 > 10.0.0.2.2152: UDP, length 40: GTP-U teid 0x80000001, "
            + "type 255,"
            + " seq 48879: 10.0.0.1 > 10.0.0.2: ICMP (1) [ICMP cut short at byte 78: 4 of 8 bytes]",
        "0800 4500003400010000 40840000 0a000001 0a000002 c3500b5911223344deadbeef 0100001480000001 "
            + "0001a000000affff 00000001"
            + " | IPv4 (0x0800), length 66: 10.0.0.1.50000 > 10.0.0.2.2905: SCTP tag 0x11223344 [INIT, length 20]",
    })
    void printsOnOneLine(String frame, String expected) {
        given(frame);
        assertThat(printer.line(0)).isEqualTo(ETHERNET_TEXT + expected);
    }

    @Test
    void printsEveryFieldOnSeveralLines() {
        given("0800 450000300001400040060000 0a000001 0a000002 c3500050112233440000000b 6002faf0abcd0000 020405b4 "
            + "61626364");
        assertThat(printer.lines(0)).isEqualTo("""
            Ethernet 02:00:00:00:00:01 > 02:00:00:00:00:fe, ethertype IPv4 (0x0800), length 62
              IPv4 10.0.0.1 > 10.0.0.2, tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), \
            length 48, cksum 0x0000
              TCP 50000 > 80, Flags [S], cksum 0xabcd, seq 287454020:287454024, ack 11, win 64240, urg 0, \
            options [mss 1460], length 4
                0x0000:  6162 6364                                abcd""");
    }

    @Test
    void marksTheQuotedPacket() {
        given("0800 450000380001000040010000 0a000001 0a000002 0b001234 00000000 4500002800020000 01060000 0a000002 "
            + "0a000001 0050c350 00000007");
        assertThat(printer.line(0)).endsWith("10.0.0.1 > 10.0.0.2: ICMP time exceeded in transit, length 36");
        assertThat(printer.lines(0)).endsWith("""
            ICMP time exceeded in transit, cksum 0x1234, length 36
              | IPv4 10.0.0.2 > 10.0.0.1, tos 0x0, ttl 1, id 2, offset 0, flags [none], proto TCP (6), \
            length 40, cksum 0x0000
              | TCP 80 > 50000, seq 7""");
    }

    @Test
    void printsAPacketThatClaimsMoreThanThereIs() {
        given("0800 450005dc0001400040060000 0a000001 0a000002 c3500050112233440000000b 5010faf0abcd0000 61626364");
        assertThat(printer.line(0)).endsWith("10.0.0.1.50000 > 10.0.0.2.80: Flags [.], seq 287454020:287454024, ack 11,"
            + " win 64240, length 4 [IPv4 at byte 14 says 1500 bytes, 1456 are missing]");
        given("86dd 6000000000203a40 <6> 8000123400010002");
        assertThat(printer.line(0)).endsWith(
            "ICMP6 echo request, id 1, seq 2, length 8 [IPv6 at byte 14 says 72 bytes, 24 are missing]");
    }

    @Test
    void showsTheFirstBytesOfALongPayload() {
        byte[] frame = new byte[14 + 300];
        frame[12] = 0x12;
        given(frame);
        assertThat(printer.lines(0).lines()).hasSize(1 + 16 + 1).endsWith("    … 44 more bytes");
    }

    @Test
    void saysWhichHeaderIsCutWhere() {
        int frameBytes = given("8100000a 0800 450000300001400040060000 0a000001 0a000002"
            + " c3500050112233440000000b 7002faf0abcd0000 020405b4 01030307");
        String[] titles = {"Ethernet", "vlan", "IPv4", "TCP"};
        int[] ends = {14, 18, 38, 66};
        int[] wanted = {14, 4, 20, 28};
        for (int cutBytes = 0; cutBytes < frameBytes; cutBytes++) {
            meta.slotBytes(0, cutBytes);
            int header = 0;
            while (cutBytes >= ends[header]) header++;
            int headerAt = ends[header] - wanted[header];
            int bytesMin = header == 3 && cutBytes < 58 ? 20 : wanted[header];
            assertThat(printer.line(0)).as("%d bytes", cutBytes).endsWith("[%s cut short at byte %d: %d of %d bytes]"
                .formatted(titles[header], headerAt, cutBytes - headerAt, bytesMin));
        }
    }

    @Test
    void saysWhatMakesNoSense() {
        given("0800 55000014 00010000 40060000 0a000001 0a000002");
        assertThat(printer.line(0)).isEqualTo(ETHERNET_TEXT + "IPv4 (0x0800), length 34"
            + " [IPv4 malformed at byte 14: 5500001400010000400600000a0000010a000002]");
        given("0800 45000028 00010000 40060000 0a000001 0a000002 0001000200000003000000044002000500060007");
        assertThat(printer.line(0)).endsWith(
            ": 10.0.0.1 > 10.0.0.2: TCP (6) [TCP malformed at byte 34: 0001000200000003000000044002000500060007]");
        given("0800 4500002c 00010000 40060000 0a000001 0a000002 0001000200000003000000046002000500060007 02050102");
        assertThat(printer.line(0)).endsWith("options [malformed], length 0");
    }

    @Test
    void countsTheBytesOfTheWholePacketOfAChain() {
        int firstBytes = given("0800 4500ffff00014000400600000a0000010a000002c3500050112233440000000b5010faf0abcd0000");
        meta.packetBytes(0, 14 + 0xffff);
        meta.next(0, 1);
        assertThat(meta.slotBytes(0)).isEqualTo(firstBytes);
        assertThat(printer.line(0)).contains("length 65549: ")
            .endsWith("seq 287454020:287519515, ack 11, win 64240, length 65495");
    }

    @Test
    void countsTheBytesThatACaptureLeftOut() {
        given("0800 450005dc00014000400600000a0000010a000002c3500050112233440000000b5010faf0abcd0000");
        meta.originalBytes(0, 1514);
        assertThat(printer.line(0)).contains("length 1514: ").endsWith("length 1460");
    }

    @Test
    void readsPacketsWithoutALinkHeader() {
        byte[] packet = HexFormat.of().parseHex("4500001c0001000040110000" + "0a0000010a000002" + "0001000200080000");
        for (int linkType : new int[] {101, 228}) {
            given(packet);
            meta.linkType(0, linkType);
            assertThat(printer.line(0)).isEqualTo("10.0.0.1.1 > 10.0.0.2.2: UDP, length 0");
        }
        meta.linkType(0, 229);
        assertThat(printer.line(0)).isEqualTo("[IPv6 cut short at byte 0: 28 of 40 bytes]");
        meta.linkType(0, 105);
        assertThat(printer.line(0)).isEqualTo("[link type 105 is not read]");
        assertThat(printer.lines(0)).startsWith("[link type 105 is not read]\n    0x0000:  4500 001c");
    }

    @Test
    void stopsInAnEndlessStack() {
        byte[] frame = new byte[1500];
        frame[12] = (byte) 0x88;
        frame[13] = 0x47;
        given(frame);
        assertThat(printer.line(0)).endsWith("[stopped after 32 headers]");
    }

    /// Puts the frame into packet 0; returns its length.
    private int given(String frame) {
        return given(HexFormat.of().parseHex((ETHERNET + frame)
            .replace("<6>", "20010db8000000000000000000000001 20010db8000000000000000000000002")
            .replace("<tcp>", "c350005000000001000000005002faf000000000")
            .replace("<eth>", ETHERNET)
            .replace(" ", "")));
    }

    private int given(byte[] frame) {
        meta.begin(0, frame.length, 0, 0, 0);
        MemorySegment.copy(MemorySegment.ofArray(frame), 0, packets.segment(), meta.frameAt(0), frame.length);
        return frame.length;
    }
}
