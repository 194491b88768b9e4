package io.millrace.nic.sim;

import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.nic.sim.steer.ChannelRules;
import io.millrace.nic.sim.steer.HashContext;
import io.millrace.nic.sim.steer.PortSteering;
import io.millrace.nic.sim.steer.QueueNumbering;
import io.millrace.nic.sim.steer.ReceiveRule;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.rss.HashConfig;
import io.millrace.packet.rss.IndirectionTable;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class SteeringTest {

    private final NicFixture fixture = new NicFixture(NicModel.FULL, 4);
    private final PortSteering steering = fixture.port.steering();

    @Test
    void theRuleWithTheLowestLocationDecides() {
        done(anyTcp(7, 3));
        done(rule(3, 80, 1));
        assertThat(queueOf(80)).isEqualTo(1);
        assertThat(fixture.command(_ -> steering.removeRule(3))).isEqualTo(CommandResult.DONE);
        assertThat(queueOf(80)).isEqualTo(3);
        assertThat(fixture.command(_ -> steering.removeRule(3))).isEqualTo(CommandResult.NOT_FOUND);
    }

    @Test
    void aRuleThatDropsIsCounted() {
        done(rule(0, 80, ReceiveRule.DROP));
        fixture.first.give(tcp(80));
        fixture.turns();
        assertThat(fixture.received()).isEmpty();
        assertThat(fixture.nic.account().receiveDrops(Verdict.NIC_RULE)).isOne();
        fixture.assertAllSlotsAreBack();
    }

    @Test
    void refusesRulesThatCannotBe() {
        assertThat(add(rule(1024, 80, 0))).as("behind the table").isEqualTo(CommandResult.NO_SPACE);
        assertThat(add(rule(0, 80, 4))).as("no such queue").isEqualTo(CommandResult.INVALID);
        assertThat(add(withContext(0, 80, 1, 0))).as("no such context").isEqualTo(CommandResult.NOT_FOUND);
        done(rule(5, 80, 0));
        assertThat(add(rule(6, 80, 1))).as("the same elsewhere").isEqualTo(CommandResult.EXISTS);
        done(rule(5, 80, 1));
        assertThat(queueOf(80)).as("replaced in its place").isEqualTo(1);
        assertThat(steering.tables().rules()).hasSize(1);
    }

    @Test
    void contextsSpreadWhatTheirRulesMatch() {
        HashContext context =
            steering.context(HashConfig.standard(), IndirectionTable.equal(128, 1, 1), true);
        assertThat(fixture.command(_ -> steering.context(9, context))).isEqualTo(CommandResult.NO_SPACE);
        assertThat(fixture.command(_ -> steering.context(2, context))).isEqualTo(CommandResult.DONE);
        assertThat(add(withContext(0, 80, 2, 3))).as("1 + 3 is no queue").isEqualTo(CommandResult.INVALID);
        done(withContext(0, 80, 2, 2));
        assertThat(queueOf(80)).isEqualTo(3);
        assertThat(fixture.command(_ -> steering.removeContext(2))).isEqualTo(CommandResult.BUSY);
        assertThat(fixture.command(_ -> steering.removeRule(0))).isEqualTo(CommandResult.DONE);
        assertThat(fixture.command(_ -> steering.removeContext(2))).isEqualTo(CommandResult.DONE);
        assertThat(fixture.command(_ -> steering.removeContext(2))).isEqualTo(CommandResult.NOT_FOUND);
    }

    @Test
    void switchedOffRulesAreForgotten() {
        done(rule(0, 80, 3));
        int bits = fixture.port.featureBits() & ~io.millrace.nic.sim.model.NicFeature.RULES.bit();
        assertThat(fixture.command(fixture.port.features(bits))).isEqualTo(CommandResult.DONE);
        assertThat(steering.tables().rules()).isEmpty();
        assertThat(add(rule(0, 80, 3))).isEqualTo(CommandResult.UNSUPPORTED);
    }

    @Test
    void fewerChannelsAreRefusedInLinuxsWords() {
        assertThat(refusal(17)).isEqualTo("requested channel count exceeds maximum");
        assertThat(refusal(0))
            .isEqualTo("requested channel counts would result in no RX or TX channel being configured");
        done(rule(0, 80, 3));
        assertThat(refusal(3)).isEqualTo("requested channel counts are too low for existing ntuple filter settings");
        assertThat(refusal(4)).isNull();
        HashContext chosen = steering.context(HashConfig.standard(), IndirectionTable.equal(128, 0, 3), true);
        assertThat(fixture.command(_ -> steering.spread(chosen))).isEqualTo(CommandResult.DONE);
        assertThat(refusal(2)).isEqualTo("requested channel counts are too low for existing indirection table (2)");
        assertThat(fixture.command(_ -> steering.channels(2))).isEqualTo(CommandResult.INVALID);
        assertThat(steering.tables().channelCount()).isEqualTo(4);
    }

    private String refusal(int count) {
        return ChannelRules.refusal(steering.tables(), NicModel.FULL.limits(), steering.numbering(), count);
    }

    /// The table that nobody chose follows; one that was chosen stays.
    @Test
    void theUsualTableFollowsTheChannels() {
        assertThat(fixture.command(_ -> steering.channels(8))).isEqualTo(CommandResult.DONE);
        assertThat(steering.tables().standard().table().queueMost()).isEqualTo(7);
        assertThat(fixture.command(_ -> steering.channels(2))).isEqualTo(CommandResult.DONE);
        assertThat(steering.tables().standard().table().queueMost()).isEqualTo(1);
    }

    @Test
    void nothingIsLostWhileChannelsAndRingsChangeUnderTraffic() {
        long seed = Seeds.next();
        var random = new Random(seed);
        int given = 0;
        int received = 0;
        for (int round = 0; round < 300; round++) {
            for (int i = random.nextInt(60); i > 0; i--, given++) fixture.first.give(tcp(given & 0xffff));
            int channels = 1 + random.nextInt(16);
            int slots = 64 << random.nextInt(7);
            fixture.nic.mailbox().post(_ -> steering.channels(channels), fixture.nowNs);
            if (random.nextInt(4) == 0) fixture.nic.mailbox().post(fixture.port.receiveRings(slots), fixture.nowNs);
            fixture.nic.turn(fixture.nowNs);
            fixture.nic.mailbox().poll((_, _, _) -> {}, fixture.nowNs);
            fixture.nowNs += random.nextInt(5_000);
            if (random.nextInt(3) > 0) continue;
            List<Integer> packets = fixture.received();
            received += packets.size();
            packets.forEach(fixture.pool::release);
        }
        List<Integer> rest;
        do {
            fixture.turns();
            rest = fixture.received();
            received += rest.size();
            rest.forEach(fixture.pool::release);
        } while (!rest.isEmpty());
        assertThat(received).as("seed %d", seed).isEqualTo(given);
        fixture.assertAllSlotsAreBack();
    }

    @Test
    void steeredFlowsGoToTheirWorkersQueueUntilForgotten() {
        long seed = Seeds.next();
        var random = new Random(seed);
        var model = new HashMap<Integer, Integer>();
        for (int step = 0; step < 3_000; step++) {
            int port = random.nextInt(300);
            if (random.nextInt(3) == 0) {
                CommandResult expected = model.remove(port) == null ? CommandResult.NOT_FOUND : CommandResult.DONE;
                assertThat(steering.unsteer(key(port))).as("seed %d", seed).isEqualTo(expected);
            } else {
                int queue = random.nextInt(4);
                assertThat(steering.steer(key(port), queue)).isEqualTo(CommandResult.DONE);
                model.put(port, queue);
            }
        }
        assertThat(steering.steer(key(1), 4)).isEqualTo(CommandResult.INVALID);
        model.forEach((port, queue) -> assertThat(queueOf(port)).as("seed %d port %d", seed, port).isEqualTo(queue));
    }

    @Test
    void steeredFlowsHaveALimit() {
        int port = 0;
        while (steering.steer(key(port), 0) == CommandResult.DONE) port++;
        assertThat(port).isEqualTo(NicModel.FULL.limits().steeredMax());
        assertThat(steering.unsteer(key(0))).isEqualTo(CommandResult.DONE);
        assertThat(steering.steer(key(port), 0)).isEqualTo(CommandResult.DONE);
        assertThat(steering.steer(key(port + 1), 0)).isEqualTo(CommandResult.NO_SPACE);
    }

    /// A zero-copy queue has the number of its channel + the number of channels, which changes.
    @Test
    void offsetQueueNumbersGoOnHittingTheQueueTheyWereMadeFor() {
        NicModel full = NicModel.FULL;
        var model = new NicModel("mlx", full.receiveChecksum(), full.transmitChecksums(), full.segmentationTypes(),
            true, true, true, true, true, full.limits());
        var world = new NicFixture(model, 4);
        PortSteering steering = world.port.steering();
        assertThat(world.command(_ -> steering.addRule(rule(0, 80, 4 + 1)))).isEqualTo(CommandResult.DONE);
        assertThat(world.command(_ -> steering.addRule(rule(1, 81, 8)))).isEqualTo(CommandResult.INVALID);
        int zeroCopyOfChannel1 = 16 + 1;
        for (int channels : new int[] {4, 8, 2, 16}) {
            assertThat(world.command(_ -> steering.channels(channels))).isEqualTo(CommandResult.DONE);
            world.first.give(tcp(80)).give(tcp(443));
            world.turns();
            List<Integer> packets = world.received();
            assertThat(packets).hasSize(2);
            for (int packet : packets) {
                boolean isRuled = world.bytesAre(packet, tcp(80));
                int queue = world.meta.queue(packet);
                if (isRuled) assertThat(queue).isEqualTo(zeroCopyOfChannel1);
                else assertThat(queue).as("hash never spreads over zero-copy queues").isLessThan(channels);
            }
            assertThat(steering.numbering().toUser(zeroCopyOfChannel1, channels)).isEqualTo(channels + 1);
        }
        assertThat(world.command(_ -> steering.channels(1))).as("channel 1 is needed").isEqualTo(CommandResult.INVALID);
        assertThat(new QueueNumbering(16, false).toDevice(4, 4)).isEqualTo(QueueNumbering.NO_QUEUE);
    }

    @Test
    void aTableThatIsFullEarlySaysSoAndOneThatLosesEntriesDoesNot() {
        var full = new NicFixture(NicModel.FULL, PortSettings.usual(NicModel.FULL, 2), new NicFaults() {
            @Override
            public boolean isFullEarly() { return true; }
        });
        assertThat(full.command(_ -> full.port.steering().addRule(rule(0, 80, 1)))).isEqualTo(CommandResult.NO_SPACE);
        var losing = new NicFixture(NicModel.FULL, PortSettings.usual(NicModel.FULL, 2), new NicFaults() {
            @Override
            public boolean losesEntry() { return true; }
        });
        assertThat(losing.command(_ -> losing.port.steering().addRule(rule(0, 80, 1)))).isEqualTo(CommandResult.DONE);
        assertThat(losing.port.steering().tables().rules()).isEmpty();
    }

    private void done(ReceiveRule rule) {
        assertThat(add(rule)).isEqualTo(CommandResult.DONE);
    }

    private CommandResult add(ReceiveRule rule) {
        return fixture.command(_ -> steering.addRule(rule));
    }

    private int queueOf(int targetPort) {
        fixture.first.give(tcp(targetPort));
        fixture.turns();
        int packet = fixture.received().getFirst();
        int queue = fixture.meta.queue(packet);
        fixture.pool.release(packet);
        return queue;
    }

    private static byte[] tcp(int targetPort) {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.1.0.1")
            .tcp(1_000, targetPort).bytes();
    }

    private static long[] key(int targetPort) {
        return new long[] {0, 0x0a00_0001L, 0, 0x0a01_0001L, 1_000 | (long) targetPort << 16 | 6L << 32 | 4L << 40, 0};
    }

    /// TCP over IPv4 to this port.
    private static ReceiveRule rule(int location, int targetPort, int queue) {
        return withContext(location, targetPort, ReceiveRule.NO_CONTEXT, queue);
    }

    private static ReceiveRule anyTcp(int location, int queue) {
        long[] values = new long[ParseRecords.KEY_WORDS];
        long[] masks = new long[ParseRecords.KEY_WORDS];
        values[ParseRecords.PORTS_WORD] = 6L << 32;
        masks[ParseRecords.PORTS_WORD] = 0xffL << 32;
        return new ReceiveRule(location, 0, values, masks, ReceiveRule.NO_CONTEXT, queue);
    }

    private static ReceiveRule withContext(int location, int targetPort, int context, int queue) {
        long[] values = new long[ParseRecords.KEY_WORDS];
        long[] masks = new long[ParseRecords.KEY_WORDS];
        values[ParseRecords.PORTS_WORD] = (long) targetPort << 16 | 6L << 32;
        masks[ParseRecords.PORTS_WORD] = 0xffffL << 16 | 0xffL << 32;
        return new ReceiveRule(location, 4, values, masks, context, queue);
    }
}
