package io.millrace.checksum.receive;

import io.millrace.checksum.PacketFixture;
import io.millrace.checksum.cover.ChecksumStatus;
import io.millrace.checksum.cover.NetworkHeader;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.testkit.Addresses;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Ipv4Layer;
import io.millrace.testkit.Layer;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class ReceiveChecksumTest {

    private static final int L3 = 14;

    private final Random random = new Random(Seeds.next());
    private final PacketFixture fixture = new PacketFixture();
    private final ReceiveChecksum receive = new ReceiveChecksum(fixture.packets);
    private final ChecksumRecord record = new ChecksumRecord(fixture.packets);
    private final NetworkHeader ip = new NetworkHeader(fixture.packets);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void sumsWhatNobodyVouchesForAndKeepsTheSum() {
        byte[] frame = ipv4().tcp(1, 2).payloadOf(3_000).bytes();
        int packet = packet(frame);
        assertThat(verify(packet, L3)).isEqualTo(ChecksumStatus.GOOD);
        assertThat(record.isValid(packet)).isTrue();
        assertCompleteIsTrue(packet, frame);
        assertThat(record.isBySoftware(packet)).isTrue();
    }

    @Test
    void findsAChangedByteWrong() {
        byte[] frame = ipv4().udp(1, 2).payloadOf(100).bytes();
        frame[60]++;
        int packet = packet(frame);
        assertThat(verify(packet, L3)).isEqualTo(ChecksumStatus.BAD);
        assertThat(record.isValid(packet)).isFalse();
        assertCompleteIsTrue(packet, frame);
    }

    @Test
    void believesADevicesSumWithoutReadingThePayload() {
        byte[] frame = Octets.concat(ipv6().udp(1, 2).payloadOf(501).bytes(), new byte[] {1, 2, 3});
        int packet = packet(frame);
        record.complete(packet, L3, NaiveChecksum.sum(frame, L3, frame.length - L3));
        fixture.packets.segment().set(ValueLayout.JAVA_BYTE, fixture.meta.frameAt(packet) + 100, (byte) 0);
        assertThat(verify(packet, L3)).isEqualTo(ChecksumStatus.GOOD);
        assertThat(record.isBySoftware(packet)).isFalse();
    }

    @Test
    void countsADeviceThatSummedWrong() {
        int packet = packet(ipv4().tcp(1, 2).payloadOf(77).bytes());
        record.complete(packet, L3, 0x1234);
        assertThat(verify(packet, L3)).isEqualTo(ChecksumStatus.GOOD);
        assertThat(receive.wrongDeviceSums()).isEqualTo(1);
        assertThat(record.isBySoftware(packet)).isTrue();
        int wrong = packet(ipv4().tcp(1, 2).checksum(1).payloadOf(77).bytes());
        record.complete(wrong, L3, 0x1234);
        assertThat(verify(wrong, L3)).isEqualTo(ChecksumStatus.BAD);
        assertThat(receive.wrongDeviceSums()).as("a wrong packet accuses nobody").isEqualTo(1);
    }

    @Test
    void usesUpOneLevelOfUnnecessaryForEachHeader() {
        byte[] frame = ipv4().udp(1, 4789).vxlan(1).ethernet("02:00:00:00:00:03", "02:00:00:00:00:04")
            .ipv4("10.1.0.1", "10.1.0.2").tcp(1, 2).checksum(0xbad).bytes();
        int innerL3 = L3 + 20 + 8 + 8 + 14;
        int packet = packet(frame);
        record.unnecessary(packet, 2);
        assertThat(verify(packet, L3)).isEqualTo(ChecksumStatus.GOOD);
        assertThat(record.state(packet)).isEqualTo(ChecksumState.UNNECESSARY);
        assertThat(verify(packet, innerL3)).as("the device said so").isEqualTo(ChecksumStatus.GOOD);
        assertThat(record.state(packet)).isEqualTo(ChecksumState.NONE);
        assertThat(verify(packet, innerL3)).as("nobody says so any more").isEqualTo(ChecksumStatus.BAD);
    }

    @Test
    void acceptsPartialUpToItsStartAndNotBehind() {
        byte[] frame = ipv4().udp(1, 4789).checksum(1).vxlan(1).ethernet("02:00:00:00:00:03", "02:00:00:00:00:04")
            .ipv4("10.1.0.1", "10.1.0.2").tcp(1, 2).checksum(1).bytes();
        int innerL3 = L3 + 20 + 8 + 8 + 14;
        int packet = packet(frame);
        record.partial(packet, L3 + 20, 6);
        assertThat(verify(packet, L3)).isEqualTo(ChecksumStatus.GOOD);
        assertThat(verify(packet, innerL3)).isEqualTo(ChecksumStatus.BAD);
    }

    @Test
    void convertsAVouchedOuterChecksumIntoCompleteForTheInner() {
        for (int i = 0; i < 100; i++) {
            byte[] inner = new byte[random.nextInt(1_200)];
            random.nextBytes(inner);
            byte[] frame = Octets.concat(ipv6().udp(1, 4789).vxlan(1).ethernet("02:00:00:00:00:03", "02:00:00:00:00:04")
                .ipv4("10.1.0.1", "10.1.0.2").tcp(1, 2).payload(inner).bytes(), new byte[random.nextInt(4)]);
            int packet = packet(frame);
            record.unnecessary(packet, 1);
            assertThat(verify(packet, L3)).isEqualTo(ChecksumStatus.GOOD);
            assertThat(receive.convert(packet)).isTrue();
            assertCompleteIsTrue(packet, frame);
            assertThat(verify(packet, L3 + 40 + 8 + 8 + 14)).isEqualTo(ChecksumStatus.GOOD);
            assertThat(record.isBySoftware(packet)).as("no payload was summed").isFalse();
            fixture.pool.release(packet);
        }
    }

    @Test
    void doesNotConvertWhatHasNoChecksumOrMoreToSay() {
        int without = packet(ipv4().udp(1, 4789).noChecksum().payloadOf(9).bytes());
        record.unnecessary(without, 1);
        assertThat(verify(without, L3)).isEqualTo(ChecksumStatus.ABSENT);
        assertThat(receive.convert(without)).isFalse();
        int more = packet(ipv4().udp(1, 4789).payloadOf(9).bytes());
        record.unnecessary(more, 2);
        verify(more, L3);
        assertThat(receive.convert(more)).isFalse();
    }

    @Test
    void knowsTheRulesOfZero() {
        assertThat(verify(packet(ipv4().udp(1, 2).noChecksum().bytes()), L3)).isEqualTo(ChecksumStatus.ABSENT);
        assertThat(verify(packet(ipv6().udp(1, 2).checksum(0).bytes()), L3)).isEqualTo(ChecksumStatus.ILLEGAL);
        assertThat(verify(packet(ipv4().udpLite(1, 2).checksum(0).bytes()), L3)).isEqualTo(ChecksumStatus.ILLEGAL);
        assertThat(track(packet(ipv6().udp(1, 2).checksum(0).bytes()))).as("conntrack")
            .isEqualTo(ChecksumStatus.ABSENT);
    }

    @Test
    void knowsEveryTransport() {
        byte[] coverage = Addresses.ipv6("fd00::77");
        for (Layer right : new Layer[] {
            ipv4().tcp(1, 2).payloadOf(33), ipv6().tcp(1, 2).payloadOf(33), ipv4().udp(1, 2).payloadOf(33),
            ipv4().udpLite(1, 2).payloadOf(33), ipv6().udpLite(1, 2).coverageBytes(8).payload(coverage),
            ipv4().udpLite(1, 2).coverageBytes(13).payload(coverage), ipv4().icmpEchoRequest(1, 2).payloadOf(33),
            ipv6().icmpv6EchoRequest(1, 2).payloadOf(33), ipv4().sctp(1, 2).data(1, 2, 3, coverage),
            ipv6().sctp(1, 2).data(1, 2, 3, coverage),
            ipv4().gre().withChecksum().ipv4("1.1.1.1", "2.2.2.2").udp(1, 2)}) {
            byte[] frame = right.bytes();
            assertThat(verify(packet(frame), L3)).as("%s", right).isEqualTo(ChecksumStatus.GOOD);
            int l4 = L3 + (frame[12] == 8 ? 20 : 40);
            frame[l4]++;
            assertThat(verify(packet(frame), L3)).as("%s", right).isEqualTo(ChecksumStatus.BAD);
        }
    }

    @Test
    void leavesUncoveredBytesOfUdpLiteAlone() {
        byte[] frame = ipv4().udpLite(1, 2).coverageBytes(8).payloadOf(40).bytes();
        frame[frame.length - 1]++;
        assertThat(verify(packet(frame), L3)).isEqualTo(ChecksumStatus.GOOD);
        byte[] tooMuch = ipv4().udpLite(1, 2).coverageBytes(49).checksum(0x1234).payloadOf(40).bytes();
        assertThat(verify(packet(tooMuch), L3)).isEqualTo(ChecksumStatus.BAD);
        byte[] tooLittle = ipv4().udpLite(1, 2).coverageBytes(7).checksum(0x1234).payloadOf(40).bytes();
        assertThat(verify(packet(tooLittle), L3)).isEqualTo(ChecksumStatus.BAD);
    }

    /// The coverage of a DCCP checksum is 0 for all, else the header and so many words less one (RFC 4340 §9.2).
    @Test
    void sumsWhatDccpCovers() {
        int words = 10;
        for (int coverage = 0; coverage < 16; coverage++) {
            byte[] segment = new byte[12 + words * 4];
            random.nextBytes(segment);
            segment[4] = 3;
            segment[5] = (byte) Math.min(coverage, words + 1);
            byte[] source = Addresses.ipv4("10.0.0.1");
            byte[] target = Addresses.ipv4("10.0.0.2");
            Octets.u16(segment, 6, NaiveChecksum.transport(NaiveChecksum.DCCP, source, target, segment));
            segment[5] = (byte) coverage;
            Layer packet = ipv4("10.0.0.1", "10.0.0.2").protocol(NaiveChecksum.DCCP).payload(segment);
            assertThat(verify(packet(packet.bytes()), L3)).as("coverage %d", coverage)
                .isEqualTo(coverage <= words + 1 ? ChecksumStatus.GOOD : ChecksumStatus.BAD);
        }
    }

    @Test
    void usesTheFinalTargetOfASegmentRoute() {
        Layer segments = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv6("fd00::1", "fd00::a")
            .segmentRouting(1, "fd00::b", "fd00::a");
        byte[] frame = segments.tcp(1, 2).payloadOf(20).bytes();
        assertThat(verify(packet(frame), L3)).isEqualTo(ChecksumStatus.GOOD);
        assertThat(track(packet(frame))).as("conntrack takes the header's target").isEqualTo(ChecksumStatus.BAD);
    }

    @Test
    void trackingMarksWhatItFoundRightAndUsesNothingUp() {
        int packet = packet(ipv4().tcp(1, 2).payloadOf(5).bytes());
        assertThat(track(packet)).isEqualTo(ChecksumStatus.GOOD);
        assertThat(record.state(packet)).isEqualTo(ChecksumState.UNNECESSARY);
        assertThat(track(packet)).isEqualTo(ChecksumStatus.GOOD);
        assertThat(record.state(packet)).isEqualTo(ChecksumState.UNNECESSARY);
        int wrong = packet(ipv4().tcp(1, 2).checksum(3).bytes());
        assertThat(track(wrong)).isEqualTo(ChecksumStatus.BAD);
    }

    @Test
    void saysWhyItCannotTell() {
        assertThat(verify(packet(ipv4("10.0.0.1", "10.0.0.2").moreFragments().tcp(1, 2).bytes()), L3))
            .isEqualTo(ChecksumStatus.FRAGMENT);
        byte[] frame = ipv4().tcp(1, 2).payloadOf(50).bytes();
        int cut = packet(Arrays.copyOf(frame, frame.length - 10));
        ip.read(cut, L3, frame.length);
        assertThat(receive.verify(cut, ip)).isEqualTo(ChecksumStatus.CUT);
        assertThat(verify(packet(ipv4().udp(1, 2).datagramBytes(100).checksum(5).payloadOf(10).bytes()), L3))
            .isEqualTo(ChecksumStatus.LENGTH);
    }

    private ChecksumStatus verify(int packet, int l3) {
        ip.read(packet, l3, fixture.meta.packetBytes(packet));
        return receive.verify(packet, ip);
    }

    private ChecksumStatus track(int packet) {
        ip.read(packet, L3, fixture.meta.packetBytes(packet));
        return receive.track(packet, ip);
    }

    private void assertCompleteIsTrue(int packet, byte[] frame) {
        assertThat(record.state(packet)).isEqualTo(ChecksumState.COMPLETE);
        int from = record.start(packet);
        assertThat(fixture.meta.checksumSum(packet) % 0xffff)
            .isEqualTo(NaiveChecksum.sum(frame, from, frame.length - from) % 0xffff);
    }

    private int packet(byte[] frame) {
        return fixture.packet(frame, 150, random);
    }

    private static Layer ipv4() {
        return ipv4("10.0.0.1", "10.0.0.2");
    }

    private static Ipv4Layer ipv4(String source, String target) {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4(source, target);
    }

    private static Layer ipv6() {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv6("fd00::1", "fd00::2");
    }
}
