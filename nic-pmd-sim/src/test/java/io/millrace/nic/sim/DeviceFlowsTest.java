package io.millrace.nic.sim;

import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.flow.DeviceFlows;
import io.millrace.nic.sim.flow.EntryState;
import io.millrace.nic.sim.flow.FlowCount;
import io.millrace.nic.sim.flow.FlowEntry;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.testkit.Frame;
import io.millrace.testkit.FrameAssert;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// A connection from the first port to the second, source NAT, in the flow table of the device.
class DeviceFlowsTest {

    private static final String HOST = "02:00:00:00:01:10";
    private static final String ROUTER = "02:00:00:00:00:01";
    private static final String ROUTER_WAN = "02:00:00:00:00:02";
    private static final String GATEWAY = "02:00:00:00:00:fe";
    private static final int OUTSIDE_PORT = 61_000;

    private final FlowCount there = new FlowCount();
    private final FlowCount back = new FlowCount();

    @Test
    void staysArmedUntilTheWorkerHasLetGoAndThenSendsWhatSoftwareWould() {
        var fixture = new NicFixture(NicModel.FULL, 2);
        DeviceFlows flows = fixture.nic.flows();
        assertThat(add(fixture, 1_000)).isEqualTo(CommandResult.DONE);
        int slot = flows.addedSlot();
        send(fixture, 1_000, 1);
        assertThat(fixture.second.sent()).isEmpty();
        send(fixture, 1_000, 2);
        assertThat(fixture.nic.held()).as("armed: to the worker").isEqualTo(2);
        fixture.received().forEach(fixture.pool::release);
        send(fixture, 1_000, 3);
        assertThat(fixture.second.sent()).as("received, not published").isEmpty();
        fixture.received().forEach(fixture.pool::release);
        letGo(fixture);
        send(fixture, 1_000, 4);
        FrameAssert.assertThatFrame(fixture.second.sent().removeFirst()).fromMac(ROUTER_WAN).toMac(GATEWAY)
            .from("203.0.113.1", OUTSIDE_PORT).to("198.51.100.7", 80).ttl(63).withSequence(4).hasValidChecksums();
        assertThat(fixture.nic.account().hits()).isOne();
        assertThat(count(fixture, slot)).isEqualTo(CommandResult.DONE);
        assertThat(there.state()).isEqualTo(EntryState.ACTIVE);
        assertThat(back.state()).as("the reply has its own pace").isEqualTo(EntryState.ARMED);
        assertThat(there.packets()).isOne();
        assertThat(there.bytes()).isEqualTo(20 + 20 + 8);
        fixture.assertAllSlotsAreBack();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void finSynAndRstGoToTheWorkerAndNothingOvertakesThem(int flag) {
        var fixture = new NicFixture(NicModel.FULL, 1);
        add(fixture, 1_000);
        activate(fixture, 1_000);
        int hits = fixture.second.sent().size();
        fixture.first.give(frame(1_000, 7).flags(0x10 | flag).bytes());
        send(fixture, 1_000, 8);
        assertThat(fixture.second.sent()).hasSize(hits);
        assertThat(fixture.nic.held()).isEqualTo(2);
        count(fixture, fixture.nic.flows().addedSlot());
        assertThat(there.state()).isEqualTo(EntryState.STOPPED);
        assertThat(back.state()).isEqualTo(EntryState.STOPPED);
    }

    @Test
    void whatSoftwareWouldNotForwardAlikeGoesToTheWorker() {
        var fixture = new NicFixture(NicModel.FULL, 1);
        add(fixture, 1_000);
        activate(fixture, 1_000);
        int hits = fixture.second.sent().size();
        fixture.first.give(Frame.ethernet(HOST, ROUTER).ipv4("192.168.1.10", "198.51.100.7").ttl(1).tcp(1_000, 80)
            .ack().bytes());
        fixture.first.give(Frame.ethernet(HOST, ROUTER).ipv4("192.168.1.10", "198.51.100.7").moreFragments()
            .tcp(1_000, 80).ack().bytes());
        fixture.first.give(Frame.ethernet(HOST, ROUTER).vlan(5).ipv4("192.168.1.10", "198.51.100.7").tcp(1_000, 80)
            .ack().bytes());
        fixture.first.give(Frame.ethernet(HOST, ROUTER).ipv4("192.168.1.10", "198.51.100.7").tcp(1_000, 80).ack()
            .payload(new byte[1_480]).bytes());
        fixture.turns();
        assertThat(fixture.second.sent()).hasSize(hits);
        assertThat(fixture.received()).hasSize(4);
    }

    @Test
    void oldGenerationsAreRefusedAndCounted() {
        var fixture = new NicFixture(NicModel.FULL, 1);
        DeviceFlows flows = fixture.nic.flows();
        add(fixture, 1_000);
        int slot = flows.addedSlot();
        int generation = flows.generation(slot);
        assertThat(flows.stop(slot, generation, there, back)).isEqualTo(CommandResult.DONE);
        assertThat(flows.remove(slot, generation, there, back)).isEqualTo(CommandResult.DONE);
        assertThat(flows.remove(slot, generation, there, back)).isEqualTo(CommandResult.STALE);
        add(fixture, 1_000);
        assertThat(flows.addedSlot()).as("used again").isEqualTo(slot);
        assertThat(flows.remove(slot, generation, there, back)).isEqualTo(CommandResult.STALE);
        assertThat(flows.stop(slot, generation, there, back)).isEqualTo(CommandResult.STALE);
        assertThat(flows.count(slot, generation, there, back)).isEqualTo(CommandResult.STALE);
        assertThat(flows.stop(99, 0, there, back)).isEqualTo(CommandResult.STALE);
        assertThat(flows.staleCount()).isEqualTo(5);
        assertThat(flows.count()).isOne();
    }

    @Test
    void theTableIsFullAtItsLimitAndRefusesTheSameTwice() {
        NicModel small = NicModel.FULL.with(NicModel.FULL.limits().withFlowEntries(20));
        var fixture = new NicFixture(small, 1);
        for (int i = 0; i < 10; i++) assertThat(add(fixture, 1_000 + i)).isEqualTo(CommandResult.DONE);
        assertThat(add(fixture, 2_000)).isEqualTo(CommandResult.NO_SPACE);
        DeviceFlows flows = fixture.nic.flows();
        assertThat(flows.remove(3, flows.generation(3), there, back)).isEqualTo(CommandResult.DONE);
        assertThat(add(fixture, 1_004)).isEqualTo(CommandResult.EXISTS);
        assertThat(add(fixture, 2_000)).isEqualTo(CommandResult.DONE);
        assertThat(flows.addedSlot()).isEqualTo(3);
    }

    @Test
    void faultsOfTheTableAreSeenAsDocumented() {
        boolean[] loses = {false};
        long[] error = {0};
        var fixture = new NicFixture(NicModel.FULL, PortSettings.usual(NicModel.FULL, 1), new NicFaults() {
            @Override
            public boolean losesEntry() { return loses[0]; }

            @Override
            public long counterError() { return error[0]; }
        });
        loses[0] = true;
        assertThat(add(fixture, 1_000)).isEqualTo(CommandResult.DONE);
        assertThat(fixture.nic.flows().count()).isZero();
        loses[0] = false;
        add(fixture, 1_000);
        activate(fixture, 1_000);
        error[0] = 1_000;
        count(fixture, fixture.nic.flows().addedSlot());
        assertThat(there.packets()).isEqualTo(1_001);
        error[0] = NicFaults.STANDS_STILL;
        count(fixture, fixture.nic.flows().addedSlot());
        assertThat(there.packets()).isOne();
        long lastUsedNs = there.lastUsedNs();
        error[0] = 0;
        send(fixture, 1_000, 2);
        count(fixture, fixture.nic.flows().addedSlot());
        assertThat(there.packets()).as("stands still from then on").isOne();
        assertThat(there.lastUsedNs()).isGreaterThan(lastUsedNs);
    }

    @Test
    void changingTheWayToAQueueHoldsActivationUntilEveryQueueHasLetGo() {
        var fixture = new NicFixture(NicModel.FULL, 4);
        add(fixture, 1_000);
        send(fixture, 1_000, 1);
        fixture.received().forEach(fixture.pool::release);
        for (int other = 2_000; other < 2_020; other++) send(fixture, other, 1);   // wait in all queues
        assertThat(fixture.command(_ -> fixture.port.steering().channels(2))).isEqualTo(CommandResult.DONE);
        send(fixture, 1_000, 2);
        fixture.burst.clear();
        for (int queue = 0; queue < 2; queue++) {
            fixture.port.receive(queue, fixture.burst, fixture.pool, fixture.nowNs);
            fixture.port.allLeft(queue);
        }
        fixture.pool.releaseAll(fixture.burst);
        assertThat(fixture.port.receivedBy(2) + fixture.port.receivedBy(3)).as("wait elsewhere").isPositive();
        send(fixture, 1_000, 3);
        assertThat(fixture.second.sent()).isEmpty();
        fixture.received().forEach(fixture.pool::release);
        letGo(fixture);
        send(fixture, 1_000, 4);
        assertThat(fixture.second.sent()).hasSize(1);
    }

    @Test
    void whatLiesInTheTransmitRingsGoesBeforeTheFirstPacketThatPassesTheWorker() {
        var fixture = new NicFixture(NicModel.FULL, 1);
        add(fixture, 1_000);
        for (int i = 1; i <= 200; i++) send(fixture, 1_000, i);
        forward(fixture, fixture.receivedInOrder());
        letGo(fixture);
        fixture.first.give(frame(1_000, 201).bytes());
        fixture.nic.turn(fixture.nowNs);
        assertInOrder(fixture.second.sent(), 0);
        assertThat(fixture.second.sent()).hasSize(201);
        assertThat(fixture.nic.account().hits()).isOne();
    }

    /// A worker that takes its time, a table that changes: at the wire each connection's packets are in order, and all
    /// are there.
    @Test
    void noPacketOvertakesAnotherWhileConnectionsComeAndGo() {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (boolean merges : new boolean[] {false, true}) {
            PortSettings usual = PortSettings.usual(NicModel.FULL, 3);
            var fixture = new NicFixture(NicModel.FULL, merges ? usual.with(NicFeature.MERGING) : usual,
                NicFaults.NONE);
            DeviceFlows flows = fixture.nic.flows();
            int[] sequences = new int[8];
            int[] slots = new int[8];
            Arrays.fill(slots, -1);
            var inWorker = new ArrayList<Integer>();
            int given = 0;
            for (int step = 0; step < 3_000; step++) {
                int flow = random.nextInt(8);
                switch (random.nextInt(8)) {
                    case 0 -> {
                        if (slots[flow] < 0) {
                            assertThat(add(fixture, 1_000 + flow)).isEqualTo(CommandResult.DONE);
                            slots[flow] = flows.addedSlot();
                        } else if (random.nextInt(4) == 0) {
                            flows.remove(slots[flow], flows.generation(slots[flow]), there, back);
                            slots[flow] = -1;
                        }
                    }
                    case 1 -> {
                        if (random.nextInt(10) == 0) fixture.port.steering().channels(1 + random.nextInt(8));
                    }
                    case 2 -> inWorker.addAll(fixture.receivedInOrder());
                    case 3 -> {
                        inWorker.addAll(fixture.receivedInOrder());
                        forward(fixture, inWorker);
                        letGo(fixture);
                    }
                    default -> {
                        sequences[flow] += 8;
                        fixture.first.give(frame(1_000 + flow, sequences[flow]).bytes());
                        given++;
                        fixture.turns();
                    }
                }
            }
            inWorker.addAll(fixture.receivedInOrder());
            forward(fixture, inWorker);
            fixture.turns();
            assertInOrder(fixture.second.sent(), seed);
            assertThat(fixture.second.sent()).as("seed %d", seed).hasSize(given);
            assertThat(fixture.nic.account().hits()).as("hits, seed %d", seed).isPositive();
        }
    }

    private static void forward(NicFixture fixture, List<Integer> inWorker) {
        for (int packet : inWorker) {
            fixture.burst.clear();
            fixture.burst.add(packet);
            assertThat(fixture.other.transmit(0, fixture.burst, fixture.pool, fixture.nowNs)).isOne();
        }
        inWorker.clear();
        fixture.burst.clear();
    }

    /// Sequence numbers of each connection only rise; those that the worker sent are not rewritten here.
    private static void assertInOrder(List<byte[]> frames, long seed) {
        var last = new HashMap<Integer, Integer>();
        for (byte[] frame : frames) {
            int port = (frame[34] & 0xff) << 8 | frame[35] & 0xff;
            int connection = port >= OUTSIDE_PORT ? port - OUTSIDE_PORT : port - 1_000;
            int sequence = (frame[40] & 0xff) << 8 | frame[41] & 0xff;
            assertThat(sequence).as("connection %d, seed %d", connection, seed)
                .isGreaterThan(last.getOrDefault(connection, 0));
            last.put(connection, sequence);
        }
    }

    static void activate(NicFixture fixture, int port) {
        send(fixture, port, 1);
        fixture.receivedInOrder().forEach(fixture.pool::release);
        letGo(fixture);
        send(fixture, port, 2);
        assertThat(fixture.nic.account().hits()).isPositive();
    }

    private static void letGo(NicFixture fixture) {
        for (int queue = 0; queue < fixture.port.capabilities().rxQueues(); queue++) fixture.port.allLeft(queue);
    }

    static void send(NicFixture fixture, int port, int sequence) {
        fixture.first.give(frame(port, sequence).bytes());
        fixture.turns();
    }

    private static Segment frame(int port, int sequence) {
        return new Segment(port, sequence, 0x10);
    }

    /// A segment of eight bytes.
    private record Segment(int port, int sequence, int tcpFlags) {

        Segment flags(int other) {
            return new Segment(port, sequence, other);
        }

        byte[] bytes() {
            return Frame.ethernet(HOST, ROUTER).ipv4("192.168.1.10", "198.51.100.7").tcp(port, 80).sequence(sequence)
                .flags(tcpFlags).payload(new byte[8]).bytes();
        }
    }

    private CommandResult count(NicFixture fixture, int slot) {
        DeviceFlows flows = fixture.nic.flows();
        return flows.count(slot, flows.generation(slot), there, back);
    }

    static CommandResult add(NicFixture fixture, int port) {
        long inside = 0xc0a8_010aL;
        long outside = 0xcb00_7101L;
        long server = 0xc633_6407L;
        int outsidePort = OUTSIDE_PORT + port - 1_000;
        var first = new FlowEntry(0, 0x02_00_00_00_00_01L, 4, 6,
            new FlowEntry.Tuple(0, inside, port, 0, server, 80),
            new FlowEntry.Tuple(0, outside, outsidePort, 0, server, 80), 1, 0x02_00_00_00_00_02L, 0x02_00_00_00_00_feL,
            1_500);
        var second = new FlowEntry(1, 0x02_00_00_00_00_02L, 4, 6,
            new FlowEntry.Tuple(0, server, 80, 0, outside, outsidePort),
            new FlowEntry.Tuple(0, server, 80, 0, inside, port), 0, 0x02_00_00_00_00_01L, 0x02_00_00_00_01_10L, 1_500);
        return fixture.nic.flows().add(first, second, fixture.nic.eswitch().generation(), fixture.nowNs);
    }
}
