package io.millrace.nic.sim;

import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.Wire;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.packet.rss.HashConfig;
import io.millrace.packet.rss.IndirectionTable;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;

/// Packets of one flow that lie in two queues, because what chooses the queue was changed between them.
class ChangedWayTest {

    private static final int FLOWS = 8;
    private static final int PAYLOAD_AT = 14 + 20 + 8;
    private static final int CHANNELS = 4;

    private final NicFixture fixture = new NicFixture(NicModel.FULL, CHANNELS);
    private final long seed = Seeds.next();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final int[] lastOfFlow = new int[FLOWS];
    private int givenCount;

    enum Change {
        HASH_OFF, TABLE, FEWER_CHANNELS, PARSER;

        void apply(NicFixture fixture) {
            SimPort port = fixture.port;
            CommandResult result = fixture.command(switch (this) {
                case HASH_OFF -> port.features(port.featureBits() & ~NicFeature.RECEIVE_HASH.bit());
                case TABLE -> {
                    var context =
                        port.steering().context(HashConfig.standard(), IndirectionTable.equal(128, 0, 1), true);
                    yield _ -> port.steering().spread(context);
                }
                case FEWER_CHANNELS -> port.steering().channelsCommand(1);
                case PARSER -> fixture.nic.fetchParser(ParseImage.of(ShippedGraph.L3.load()));
            });
            assertThat(result).isEqualTo(CommandResult.DONE);
        }
    }

    @ParameterizedTest
    @EnumSource(Change.class)
    void everyFlowComesOutInItsOrder(Change change) {
        give(100 + random.nextInt(100));
        change.apply(fixture);
        int takenCount = random.nextBoolean() ? turn().size() : 0;
        give(1 + random.nextInt(100));
        for (int turns = 0; takenCount < givenCount && turns < 20; turns++) takenCount += turn().size();
        assertThat(takenCount).as("seed %d", seed).isEqualTo(givenCount);
    }

    /// The worker comes to the rings only when packets of both ways lie there.
    @ParameterizedTest
    @EnumSource(Change.class)
    void whatCameBeforeTheChangeIsGivenFirstAndTheRestInAnotherTurn(Change change) {
        give(60);
        change.apply(fixture);
        give(60);
        assertThat(turn()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(numbers(0, 60));
        assertThat(turn()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(numbers(60, 120));
        give(10);
        assertThat(turn()).as("and then as always").hasSize(10);
    }

    private static List<Integer> numbers(int from, int until) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = from; i < until; i++) numbers.add(i);
        return numbers;
    }

    /// Frames of several flows, numbered, into the rings.
    private void give(int count) {
        for (int i = 0; i < count; i++) {
            int flow = random.nextInt(FLOWS);
            int number = givenCount++;
            fixture.first.give(Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0." + (1 + flow), "10.1.0.1").udp(5_000 + flow, 53)
                .payload(new byte[] {(byte) flow, (byte) (number >>> 8), (byte) number}).bytes());
        }
        fixture.turns();
    }

    /// As a worker has it: each queue once. Each flow's packets must come in their order; returns all numbers.
    private List<Integer> turn() {
        List<Integer> numbers = new ArrayList<>();
        for (int queue = 0; queue < fixture.port.capabilities().rxQueues(); queue++) {
            fixture.burst.clear();
            fixture.port.receive(queue, fixture.burst, fixture.pool, fixture.nowNs);
            for (int i = 0; i < fixture.burst.count(); i++) {
                long payloadAt = fixture.meta.frameAt(fixture.burst.packet(i)) + PAYLOAD_AT;
                int flow = Wire.u8(fixture.packets.segment(), payloadAt);
                int number = Wire.u16(fixture.packets.segment(), payloadAt + 1);
                assertThat(number).as("flow %d, seed %d", flow, seed).isGreaterThanOrEqualTo(lastOfFlow[flow]);
                lastOfFlow[flow] = number + 1;
                numbers.add(number);
            }
            fixture.pool.releaseAll(fixture.burst);
        }
        return numbers;
    }
}
