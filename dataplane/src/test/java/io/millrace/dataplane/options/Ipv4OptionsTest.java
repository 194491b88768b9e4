package io.millrace.dataplane.options;

import io.millrace.dataplane.PacketBench;
import io.millrace.dataplane.TestAddresses;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Hex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;

import static io.millrace.testkit.FrameAssert.assertThatPacket;
import static org.assertj.core.api.Assertions.assertThat;

class Ipv4OptionsTest {

    private static final int ARRIVAL = Addresses.parseIpv4("10.0.0.1");
    private static final int EGRESS = Addresses.parseIpv4("10.0.1.1");
    private static final long NOW_NS = 86_400_000_000_000L * 3 + 0x1234567L * 1_000_000;   // day 3, 0x01234567 ms

    private final PacketBench bench = new PacketBench(64);
    private final Ipv4Options options = new Ipv4Options(bench.packets, new TestAddresses());

    @Test
    void seesWhetherThereAreOptions() {
        assertThat(options.isPresent(bench.put(Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
            .ipv4("10.0.0.2", "10.0.2.2").udp(1, 2).bytes()))).isFalse();
        assertThat(options.isPresent(put("00000000"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "01010101",                                  // nothing
        "00ffffff",                                  // an end, then anything
        "94040000",                                  // router alert
        "94040001",                                  // of another kind
        "0707040a00000200",                          // record route with room for one
        "070708 0a00000200",                         // full
        "0703 0400",                                 // of no room at all
        "4408 0500 00000000",                        // timestamp with room
        "4404 05e0",                                 // full, 14 hosts without room
        "440c 0501 0000000000000000",                // with addresses
        "440c 0503 0a00000100000000",                // of this host
        "4408 0502 00000000",                        // of unknown kind
        "8307 04 0a000202 00",                       // loose source route
        "8907 08 0a000202 00",                       // strict, used up
        "8606 000000010000 0000",                    // CIPSO and security are nobody's business here
        "8203 00 00", "e002 0000",                   // unknown
    })
    void acceptsWhatIsSound(String hex) {
        int packet = put(hex);
        byte[] before = bench.network(packet);
        assertThat(options.check(packet)).isEqualTo(Verdict.FORWARD);
        assertThat(bench.network(packet)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "01010107, 23",                              // a length beyond the header
        "07000000, 20", "07010000, 20", "07050400, 20", "01ff0400, 21",
        "07020000, 21", "070704 00000000 0702040000, 27",   // too short for a pointer; a second one
        "07070300 00000000, 22", "0707 05 0000000000, 22",  // pointer too small; less than a slot left
        "44030000, 21", "4404 0400, 22", "4408 0600 00000000, 22", "440804 0000000000, 22",
        "4408 0501 00000000, 22", "4408 0503 00000000, 22", // address and time do not fit
        "4404 05f0, 23", "4404050044040500, 24",     // nobody more can be counted; a second one
        "83020000, 21", "83030300, 22", "8307040a0000018907040a000001 0000, 27",
        "94030000, 21", "94020000, 21",
    })
    void pointsToWhatIsWrong(String hex, int pointer) {
        int packet = put(hex.strip());
        byte[] before = bench.network(packet);
        assertThat(options.check(packet)).isEqualTo(Verdict.IPV4_OPTIONS_MALFORMED);
        assertThat(options.problemAt()).isEqualTo(pointer);
        assertThat(bench.network(packet)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "01 0707 04 00000000,                  01 0707 08 0a000101",                  // the address it leaves from
        "070b 08 0a000002 00000000 00,         070b 0c 0a000002 0a000101 00",
        "0707 08 0a000002 00,                  0707 08 0a000002 00",                  // full: nothing
        "4408 0500 00000000,                   4408 0900 01234567",
        "440c 0501 0000000000000000,           440c 0d01 0a00000101234567",           // where it came in, and when
        "440c 0503 0a00010100000000,           440c 0d03 0a00010101234567",           // one of ours was asked
        "440c 0503 0a00020200000000,           440c 0503 0a00020200000000",           // another was
        "4404 0500,                            4404 0510",                            // one more without room
        "4404 05e1,                            4404 05f1",
        "01 00 ffff,                           01 00 0000",                           // behind the end is nothing
        "94040000,                             94040000",
    })
    void completesThemOnTheWayOut(String before, String after) {
        int packet = put(before.strip());
        assertThat(options.check(packet)).isEqualTo(Verdict.FORWARD);
        options.forward(packet, ARRIVAL, EGRESS, 0, NOW_NS);
        assertThat(Hex.format(optionsOf(packet))).isEqualTo(Hex.format(Hex.parse(after)));
        assertThatPacket(bench.network(packet)).hasValidChecksums();
    }

    @Test
    void refusesSourceRoutesWhereTheyAreNotAccepted() {
        int packet = put("8307040a000202 00");
        assertThat(options.check(packet)).isEqualTo(Verdict.FORWARD);
        assertThat(options.hasSourceRoute()).isTrue();
        assertThat(options.isStrict()).isFalse();
        assertThat(options.followSourceRoute(packet, false)).isEqualTo(Verdict.IPV4_OPTIONS_MALFORMED);
        assertThat(options.problemAt()).isNegative();
    }

    @Test
    void passesALooseRouteThatIsNotForItsHere() {
        int packet = put("8307040a000202 00");   // target 10.0.2.2
        options.check(packet);
        assertThat(options.followSourceRoute(packet, true)).isEqualTo(Verdict.FORWARD);
        assertThat(options.sourceRouteHop()).isZero();
    }

    @Test
    void refusesAStrictRouteThatDoesNotNameThisHost() {
        int packet = put("8907040a000202 00");
        options.check(packet);
        assertThat(options.isStrict()).isTrue();
        assertThat(options.followSourceRoute(packet, true)).isEqualTo(Verdict.IPV4_OPTIONS_MALFORMED);
        assertThat(options.problemAt()).isEqualTo(16);
    }

    @Test
    void followsASourceRouteToTheNextHop() {
        int packet = put("10.0.0.1", "830b040a0002020a000303 00");
        options.check(packet);
        assertThat(options.followSourceRoute(packet, true)).isEqualTo(Verdict.FORWARD);
        assertThat(options.sourceRouteHop()).isEqualTo(Addresses.parseIpv4("10.0.2.2"));
        options.forward(packet, ARRIVAL, EGRESS, options.sourceRouteHop(), NOW_NS);
        assertThatPacket(bench.network(packet)).to("10.0.2.2").hasValidChecksums();
        assertThat(Hex.format(optionsOf(packet))).isEqualTo("830b080a0001010a00030300");
    }

    @Test
    void skipsHopsThatAreItsOwn() {
        int packet = put("10.0.0.1", "830f040a0001010a0002020a000303 00");
        options.check(packet);
        assertThat(options.followSourceRoute(packet, true)).isEqualTo(Verdict.FORWARD);
        assertThat(options.sourceRouteHop()).isEqualTo(Addresses.parseIpv4("10.0.2.2"));
        assertThatPacket(bench.network(packet)).to("10.0.1.1").hasValidChecksums();
        options.forward(packet, ARRIVAL, EGRESS, options.sourceRouteHop(), NOW_NS);
        assertThat(Hex.format(optionsOf(packet))).isEqualTo("830f0c0a0001010a0001010a00030300");
    }

    @Test
    void staysHereWhereTheRouteIsUsedUp() {
        int packet = put("10.0.0.1", "8307080a000202 00");
        options.check(packet);
        assertThat(options.followSourceRoute(packet, true)).isEqualTo(Verdict.FORWARD);
        assertThat(options.sourceRouteHop()).isZero();
    }

    @Test
    void pointsToASourceRoutePointerWithLessThanASlot() {
        int packet = put("10.0.0.1", "8307060a000202 00");
        options.check(packet);
        assertThat(options.followSourceRoute(packet, true)).isEqualTo(Verdict.IPV4_OPTIONS_MALFORMED);
        assertThat(options.problemAt()).isEqualTo(22);
    }

    private int put(String hex) {
        return put("10.0.2.2", hex);
    }

    private int put(String target, String hex) {
        return bench.put(Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.2", target)
            .options(Hex.parse(hex)).protocol(200).payloadOf(10).bytes());
    }

    private byte[] optionsOf(int packet) {
        byte[] network = bench.network(packet);
        return Arrays.copyOfRange(network, 20, (network[0] & 0xf) * 4);
    }
}
