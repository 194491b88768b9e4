package io.millrace.checksum;

import io.millrace.checksum.cover.NetworkHeader;
import io.millrace.checksum.receive.ReceiveChecksum;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.checksum.transmit.ChecksumHelp;
import io.millrace.checksum.transmit.DeviceChecksums;
import io.millrace.checksum.transmit.LegacyTransmit;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Allocation;
import org.junit.jupiter.api.Test;


import static org.assertj.core.api.Assertions.assertThat;

/// What runs for every packet allocates nothing once it is compiled: vectors are registers, not objects.
class ChecksumAllocationTest {

    private static final int L3 = 14;
    private static final int ROUNDS = 20_000;

    @Test
    void allocatesNothingOnceWarm() {
        try (PacketFixture fixture = new PacketFixture()) {
            byte[] frame = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv6("fd00::1", "fd00::2")
                .tcp(1, 2).payloadOf(1_400).bytes();
            Work work = new Work(fixture, fixture.packet(frame), fixture.packet(frame),
                fixture.packet(new byte[5_000]));
            assertThat(Allocation.bytesOnceWarm(() -> work.run(ROUNDS))).isZero();
            assertThat(work.goodCount).isPositive().isEqualTo(work.roundCount);
        }
    }

    private static final class Work {

        private final PacketSum sums;
        private final ReceiveChecksum receive;
        private final NetworkHeader ip;
        private final ChecksumRecord record;
        private final ChecksumHelp help;
        private final LegacyTransmit legacy;
        private final int packet;
        private final int packetBytes;
        private final int helped;
        private final int chain;
        private int goodCount;
        private int roundCount;

        Work(PacketFixture fixture, int packet, int helped, int chain) {
            this.sums = new PacketSum(fixture.packets);
            this.receive = new ReceiveChecksum(fixture.packets);
            this.ip = new NetworkHeader(fixture.packets);
            this.record = new ChecksumRecord(fixture.packets);
            this.help = new ChecksumHelp(fixture.packets);
            this.legacy = new LegacyTransmit(fixture.packets);
            this.packet = packet;
            this.packetBytes = fixture.meta.packetBytes(packet);
            this.helped = helped;
            this.chain = chain;
        }

        void run(int rounds) {
            roundCount += rounds;
            for (int i = 0; i < rounds; i++) {
                long sum = sums.sum(chain, 1, 4_900 - (i & 63));
                ip.read(packet, L3, packetBytes);
                record.none(packet);
                boolean isGood = receive.verify(packet, ip).word().equals("good");
                record.partial(packet, L3 + 40, 16);
                boolean isAble = legacy.canChecksum(packet, DeviceChecksums.CLASSIC);
                record.partial(helped, 20, 16);
                help.checksumHelp(helped);
                record.partialCrc32c(helped, 20, 8);
                help.checksumHelp(helped);
                if (isGood && isAble && sum == 0) goodCount++;
            }
        }
    }
}
