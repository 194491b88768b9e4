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

import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class ChecksumHelpTest {

    private static final int L4 = 34;

    private final Random random = new Random(Seeds.next());
    private final PacketFixture fixture = new PacketFixture();
    private final ChecksumHelp help = new ChecksumHelp(fixture.packets);
    private final ChecksumRecord record = new ChecksumRecord(fixture.packets);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void makesAPartialPacketTheWholeOne() {
        for (int i = 0; i < 200; i++) {
            byte[] payload = random(random.nextInt(4_000));
            byte[] whole = ipv4().tcp(1, 2).payload(payload).bytes();
            byte[] partial = ipv4().tcp(1, 2).partialChecksum().payload(payload).bytes();
            int packet = fixture.packet(partial, 60, random);
            record.partial(packet, L4, 16);
            assertThat(help.checksumHelp(packet)).isEqualTo(ChecksumHelp.Outcome.DONE);
            assertThat(fixture.bytes(packet)).isEqualTo(whole);
            assertThat(record.state(packet)).isEqualTo(ChecksumState.NONE);
            fixture.pool.release(packet);
        }
    }

    @Test
    void sendsZeroAsAllOnesWhateverTheProtocol() {
        byte[] frame = ipv4().tcp(1, 2).partialChecksum().payload(new byte[2]).bytes();
        Octets.u16(frame, frame.length - 2, 0xffff - NaiveChecksum.sum(frame, L4, frame.length - L4));
        int packet = fixture.packet(frame);
        record.partial(packet, L4, 16);
        help.checksumHelp(packet);
        assertThat(Octets.u16(fixture.bytes(packet), L4 + 16)).isEqualTo(0xffff);
    }

    @Test
    void fillsInTheCrcOfSctp() {
        byte[] message = random(333);
        byte[] whole = ipv4().sctp(1, 2).data(1, 2, 3, message).bytes();
        byte[] open = ipv4().sctp(1, 2).checksum(random.nextInt(1 << 30)).data(1, 2, 3, message).bytes();
        int packet = fixture.packet(open, 60, random);
        assertThat(record.partialCrc32c(packet, L4, 8)).isTrue();
        assertThat(help.checksumHelp(packet)).isEqualTo(ChecksumHelp.Outcome.DONE);
        assertThat(fixture.bytes(packet)).isEqualTo(whole);
    }

    @Test
    void forgetsWhatWasReceivedAndChangesNoByte() {
        byte[] frame = ipv4().tcp(1, 2).checksum(0x1234).bytes();
        int packet = fixture.packet(frame);
        record.complete(packet, 14, 0x4321);
        assertThat(help.checksumHelp(packet)).isEqualTo(ChecksumHelp.Outcome.DONE);
        assertThat(record.state(packet)).isEqualTo(ChecksumState.NONE);
        assertThat(fixture.bytes(packet)).isEqualTo(frame);
    }

    @Test
    void refusesAPacketOfSeveralSegments() {
        int packet = fixture.packet(ipv4().tcp(1, 2).partialChecksum().payload(random(3_000)).bytes());
        record.partial(packet, L4, 16);
        fixture.meta.gsoSize(packet, 1_000);
        byte[] before = fixture.bytes(packet);
        assertThat(help.checksumHelp(packet)).isEqualTo(ChecksumHelp.Outcome.SEGMENT_FIRST);
        assertThat(fixture.bytes(packet)).isEqualTo(before);
        assertThat(record.state(packet)).isEqualTo(ChecksumState.PARTIAL);
    }

    @Test
    void refusesAFieldOutsideTheFirstSlot() {
        int packet = fixture.packet(random(100));
        assertThat(record.partial(packet, 80, 19)).isFalse();
        assertThat(record.partial(packet, -1, 2)).isFalse();
        assertThat(record.partial(packet, 0x7fffffff, 0x7fffffff)).isFalse();
        assertThat(record.state(packet)).isEqualTo(ChecksumState.NONE);
        assertThat(record.partial(packet, 80, 18)).isTrue();
        fixture.meta.slotBytes(packet, 99);   // somebody shortened the slot behind the record's back
        assertThat(help.checksumHelp(packet)).isEqualTo(ChecksumHelp.Outcome.FIELD_OUTSIDE);
    }

    private static Layer ipv4() {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2");
    }

    private byte[] random(int byteCount) {
        byte[] bytes = new byte[byteCount];
        random.nextBytes(bytes);
        return bytes;
    }
}
