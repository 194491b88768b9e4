package io.millrace.checksum.transmit;

import io.millrace.checksum.PacketFixture;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class RemoteChecksumTest {

    private static final int L3 = 14;
    private static final int UDP = L3 + 20;
    private static final int VXLAN = UDP + 8;
    private static final int BASE = VXLAN + 8;
    private static final int INNER_L4 = BASE + 14 + 20;
    private static final int TCP_FIELD = 16;
    private static final int UDP_FIELD = 6;
    private static final String MAC = "02:00:00:00:00:01";

    private final Random random = new Random(Seeds.next());
    private final PacketFixture fixture = new PacketFixture();
    private final RemoteChecksum remote = new RemoteChecksum(fixture.packets);
    private final ChecksumHelp help = new ChecksumHelp(fixture.packets);
    private final LocalChecksum local = new LocalChecksum(fixture.packets);
    private final ChecksumRecord record = new ChecksumRecord(fixture.packets);

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatTheSenderLeftTheReceiverFillsIn(boolean mayStayPartial) {
        for (int i = 0; i < 100; i++) {
            boolean isUdp = random.nextBoolean();
            byte[] payload = new byte[random.nextInt(1_500)];
            random.nextBytes(payload);
            int packet = fixture.packet(frame(isUdp, true, payload), INNER_L4 + 20, random);
            record.partial(packet, INNER_L4, isUdp ? UDP_FIELD : TCP_FIELD);
            assertThat(remote.sendVxlan(packet, VXLAN)).isTrue();
            local.fillUdp(packet, L3, UDP, true);
            help.checksumHelp(packet);
            assertOuterIsRight(fixture.bytes(packet));

            record.none(packet);
            if (random.nextBoolean()) {
                byte[] sent = fixture.bytes(packet);
                record.complete(packet, L3, NaiveChecksum.sum(sent, L3, sent.length - L3));
            }
            assertThat(remote.receiveVxlan(packet, VXLAN, mayStayPartial)).isTrue();
            if (mayStayPartial) {
                assertThat(record.start(packet)).isEqualTo(INNER_L4);
                help.checksumHelp(packet);
            } else {
                assertCompleteIsTrue(packet);
            }
            byte[] whole = frame(isUdp, false, payload);
            byte[] received = fixture.bytes(packet);
            assertThat(Octets.range(received, BASE, received.length - BASE))
                .isEqualTo(Octets.range(whole, BASE, whole.length - BASE));
            fixture.pool.release(packet);
        }
    }

    @Test
    void writesFlagAndPlaceAsVxlanDoes() {
        int packet = fixture.packet(frame(true, true, new byte[4]));
        record.partial(packet, INNER_L4, UDP_FIELD);
        remote.sendVxlan(packet, VXLAN);
        byte[] sent = fixture.bytes(packet);
        assertThat(Octets.u32(sent, VXLAN)).isEqualTo(0x08200000L);
        assertThat(Octets.u8(sent, VXLAN + 7)).isEqualTo(0x80 | (INNER_L4 - BASE) / 2);
        assertThat(record.state(packet)).isEqualTo(ChecksumState.NONE);
    }

    @Test
    void keepsWhatVxlanCannotSay() {
        byte[] frame = frame(false, true, new byte[400]);
        assertThat(isSent(frame, INNER_L4 + 1, TCP_FIELD)).as("odd start").isFalse();
        assertThat(isSent(frame, INNER_L4, 18)).as("another offset").isFalse();
        assertThat(isSent(frame, BASE + 256, TCP_FIELD)).as("far start").isFalse();
        assertThat(isSent(frame, BASE + 254, TCP_FIELD)).isTrue();
        assertThat(isSent(frame, VXLAN, TCP_FIELD)).as("outer checksum").isFalse();
        int done = fixture.packet(frame);
        assertThat(remote.sendVxlan(done, VXLAN)).as("nothing to hand over").isFalse();
    }

    @Test
    void refusesAPlaceOutsideThePacket() {
        byte[] frame = frame(false, true, new byte[0]);
        Octets.u16(frame, VXLAN, 0x0820);
        frame[VXLAN + 7] = 0x7f;
        int packet = fixture.packet(frame);
        assertThat(remote.receiveVxlan(packet, VXLAN, true)).isFalse();
        assertThat(remote.receiveVxlan(packet, VXLAN, false)).isFalse();
        assertThat(fixture.bytes(packet)).isEqualTo(frame);
    }

    @Test
    void leavesAPacketWithoutTheFlagAlone() {
        byte[] frame = frame(false, false, new byte[10]);
        int packet = fixture.packet(frame);
        assertThat(remote.receiveVxlan(packet, VXLAN, true)).isTrue();
        assertThat(record.state(packet)).isEqualTo(ChecksumState.NONE);
    }

    /// GUE names start and field by two 16-bit numbers in its private data, here before the inner packet.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesThroughGueToo(boolean mayStayPartial) {
        byte[] payload = new byte[333];
        random.nextBytes(payload);
        byte[] inner = Frame.ipv4("10.1.0.1", "10.1.0.2").udp(1, 2).payload(payload).bytes();
        byte[] open = Frame.ipv4("10.1.0.1", "10.1.0.2").udp(1, 2).partialChecksum().payload(payload).bytes();
        byte[] frame = Octets.concat(Frame.ethernet(MAC, MAC).ipv4("10.0.0.1", "10.0.0.2").udp(9, 6080)
            .noChecksum().payload(new byte[8]).bytes(), open);
        int fieldsAt = UDP + 8 + 4;
        int base = fieldsAt + 4;
        int packet = fixture.packet(frame, base + 60, random);
        record.partial(packet, base + 20, UDP_FIELD);
        assertThat(remote.sendGue(packet, fieldsAt, base)).isTrue();
        assertThat(Octets.u32(fixture.bytes(packet), fieldsAt)).isEqualTo(20L << 16 | 26);
        assertThat(remote.receiveGue(packet, fieldsAt, base, mayStayPartial)).isTrue();
        if (mayStayPartial) help.checksumHelp(packet);
        assertThat(Octets.range(fixture.bytes(packet), base, inner.length)).isEqualTo(inner);
    }

    private boolean isSent(byte[] frame, int start, int offset) {
        int packet = fixture.packet(frame);
        assertThat(record.partial(packet, start, offset)).isTrue();
        boolean isSent = remote.sendVxlan(packet, VXLAN);
        assertThat(record.state(packet)).isEqualTo(isSent ? ChecksumState.NONE : ChecksumState.PARTIAL);
        return isSent;
    }

    private void assertCompleteIsTrue(int packet) {
        byte[] bytes = fixture.bytes(packet);
        int from = record.start(packet);
        assertThat(record.state(packet)).isEqualTo(ChecksumState.COMPLETE);
        assertThat(fixture.meta.checksumSum(packet) % 0xffff)
            .isEqualTo(NaiveChecksum.sum(bytes, from, bytes.length - from) % 0xffff);
    }

    private static void assertOuterIsRight(byte[] frame) {
        assertThat(NaiveChecksum.isValid(NaiveChecksum.UDP, Octets.range(frame, L3 + 12, 4),
            Octets.range(frame, L3 + 16, 4), Octets.range(frame, UDP, frame.length - UDP))).isTrue();
    }

    private static byte[] frame(boolean isUdp, boolean isOpen, byte[] payload) {
        Layer ip = Frame.ethernet(MAC, "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2").udp(9, 4789).vxlan(0)
            .ethernet(MAC, MAC).ipv4("10.1.0.1", "10.1.0.2");
        if (isUdp) {
            var udp = ip.udp(1, 2);
            return (isOpen ? udp.partialChecksum() : udp).payload(payload).bytes();
        }
        var tcp = ip.tcp(1, 2);
        return (isOpen ? tcp.partialChecksum() : tcp).payload(payload).bytes();
    }
}
