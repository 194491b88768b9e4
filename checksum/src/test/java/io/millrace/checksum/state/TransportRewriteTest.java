package io.millrace.checksum.state;

import io.millrace.checksum.IncrementalUpdate;
import io.millrace.checksum.Ipv4Checksum;
import io.millrace.checksum.PacketFixture;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.Wire;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// Rewrites addresses and ports as NAT does, in every state, and compares with a packet built anew.
class TransportRewriteTest {

    private static final int L3 = 14;
    private static final int TCP_FIELD = 16;
    private static final int UDP_FIELD = 6;

    private final Random random = new Random(Seeds.next());
    private final PacketFixture fixture = new PacketFixture();
    private final TransportRewrite rewrite = new TransportRewrite(fixture.packets);
    private final ChecksumRecord record = new ChecksumRecord(fixture.packets);

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {ChecksumState.NONE, ChecksumState.UNNECESSARY, ChecksumState.COMPLETE, ChecksumState.PARTIAL})
    void rewrittenPacketIsThePacketBuiltAnew(int state) {
        for (int i = 0; i < 200; i++) {
            boolean isIpv4 = random.nextBoolean();
            boolean isUdp = random.nextBoolean();
            boolean isPartial = state == ChecksumState.PARTIAL;
            byte[] payload = payload();
            byte[] before = frame(isIpv4, isUdp, false, false, isPartial, payload);
            byte[] after = frame(isIpv4, isUdp, true, false, isPartial, payload);
            assertRewritten(state, isIpv4, isUdp, before, after);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {ChecksumState.NONE, ChecksumState.COMPLETE})
    void udpWithoutChecksumStaysWithout(int state) {
        for (int i = 0; i < 50; i++) {
            boolean isIpv4 = random.nextBoolean();
            byte[] payload = payload();
            byte[] before = frame(isIpv4, true, false, true, false, payload);
            byte[] after = frame(isIpv4, true, true, true, false, payload);
            assertRewritten(state, isIpv4, true, before, after);
        }
    }

    private void assertRewritten(int state, boolean isIpv4, boolean isUdp, byte[] before, byte[] after) {
        int l4 = L3 + (isIpv4 ? 20 : 40);
        int fieldAt = l4 + (isUdp ? UDP_FIELD : TCP_FIELD);
        int packet = fixture.packet(before, 100, random);
        switch (state) {
            case ChecksumState.UNNECESSARY -> record.unnecessary(packet, 1);
            case ChecksumState.COMPLETE ->
                record.complete(packet, L3, NaiveChecksum.sum(before, L3, before.length - L3));
            case ChecksumState.PARTIAL -> record.partial(packet, l4, fieldAt - l4);
            default -> record.none(packet);
        }
        rewriteSource(packet, isIpv4, isUdp, l4, fieldAt, after);
        assertThat(fixture.bytes(packet)).isEqualTo(after);
        assertThat(record.state(packet)).isEqualTo(state);
        if (state == ChecksumState.COMPLETE) {
            int sum = NaiveChecksum.sum(after, L3, after.length - L3);
            assertThat(fixture.meta.checksumSum(packet) % 0xffff).isEqualTo(sum % 0xffff);
        }
        fixture.pool.release(packet);
    }

    private void rewriteSource(int packet, boolean isIpv4, boolean isUdp, int l4, int fieldAt, byte[] after) {
        var memory = fixture.packets.segment();
        long frameAt = fixture.meta.frameAt(packet);
        if (isIpv4) {
            long at = frameAt + L3 + 12;
            int from = Wire.i32(memory, at);
            int to = (int) Octets.u32(after, L3 + 12);
            Wire.i32(memory, at, to);
            Ipv4Checksum.fill(memory, frameAt + L3);
            rewrite.addressIpv4(packet, fieldAt, IncrementalUpdate.delta32(from, to), isUdp);
        } else {
            long at = frameAt + L3 + 8;
            long fromHigh = Wire.i64(memory, at);
            long fromLow = Wire.i64(memory, at + 8);
            long toHigh = Octets.u32(after, L3 + 8) << 32 | Octets.u32(after, L3 + 12);
            long toLow = Octets.u32(after, L3 + 16) << 32 | Octets.u32(after, L3 + 20);
            Wire.i64(memory, at, toHigh);
            Wire.i64(memory, at + 8, toLow);
            rewrite.addressIpv6(packet, fieldAt, IncrementalUpdate.delta128(fromHigh, fromLow, toHigh, toLow), isUdp);
        }
        int fromPort = Wire.u16(memory, frameAt + l4);
        int toPort = Octets.u16(after, l4);
        Wire.u16(memory, frameAt + l4, toPort);
        rewrite.port(packet, fieldAt, IncrementalUpdate.delta16(fromPort, toPort), isUdp);
    }

    private static byte[] frame(boolean isIpv4, boolean isUdp, boolean isRewritten, boolean noChecksum,
                                boolean isPartial, byte[] payload) {
        Layer ethernet = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02");
        Layer ip = isIpv4
            ? ethernet.ipv4(isRewritten ? "203.0.113.200" : "10.0.0.1", "10.0.0.2")
            : ethernet.ipv6(isRewritten ? "2001:db8:ffff::9" : "fd00::1", "fd00::2");
        int port = isRewritten ? 61_234 : 1000;
        if (!isUdp) {
            var tcp = ip.tcp(port, 2000).ack();
            return (isPartial ? tcp.partialChecksum() : tcp).payload(payload).bytes();
        }
        var udp = ip.udp(port, 2000);
        if (noChecksum) udp.noChecksum();
        return (isPartial ? udp.partialChecksum() : udp).payload(payload).bytes();
    }

    private byte[] payload() {
        byte[] payload = new byte[random.nextInt(500)];
        random.nextBytes(payload);
        return payload;
    }
}
