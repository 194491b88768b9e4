package io.millrace.control;

import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.account.NicAccount;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;

/// A NIC whose offloads and rings are switched while packets are on their way, in turn with the worker and on a thread
/// of its own: what leaves are the right bytes, in order, and nothing is lost.
class OffloadSwitchTest {

    private static final int CONNECTIONS = 4;
    private static final int SEGMENT_BYTES = 500;
    private static final int ROUNDS = 6_000;
    /// Fits the smallest transmit ring: one that is full drops.
    private static final int UNDERWAY_MAX = 200;
    private static final List<String> COMMANDS = List.of("ethtool -K wan tx off", "ethtool -K wan tx on",
        "ethtool -K wan gso off", "ethtool -K wan gso on", "ethtool -K wan txvlan off", "ethtool -K wan txvlan on",
        "ethtool -K lan rx off", "ethtool -K lan rx on", "ethtool -K lan gro off", "ethtool -K lan gro on",
        "ethtool -G lan rx 128", "ethtool -G lan rx 1024", "ethtool -G wan tx 256", "ethtool -G wan tx 512");

    @TempDir
    private Path folder;
    private final Random random = new Random(Seeds.next());
    private final AtomicInteger takenCount = new AtomicInteger();
    private volatile boolean isOver;
    private volatile String refused = "";
    private volatile int switchCount;

    /// One segment of each connection, and a datagram.
    private static byte[][] round(String from, String to, int ttl, int round) {
        byte[][] frames = new byte[CONNECTIONS + 1][];
        for (int i = 0; i < CONNECTIONS; i++) {
            Layer ethernet = Frame.ethernet(from, to);
            frames[i] = ethernet.ipv4("10.0.0.7", "10.9.0.1").ttl(ttl).dontFragment().tcp(4_000 + i, 80)
                .sequence(1 + (long) SEGMENT_BYTES * round).ack().payloadOf(SEGMENT_BYTES).bytes();
        }
        frames[CONNECTIONS] = Frame.ethernet(from, to).ipv4("10.0.0.7", "10.9.0.1").ttl(ttl).udp(5_000, 53)
            .payloadOf(2 + round % 300).bytes();
        return frames;
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "dedicated"})
    void everyPacketLeavesRightAndInOrder(String threading) throws Exception {
        String yaml = LiveRouter.withNic("full").replace("threading: shared", "threading: " + threading);
        try (var router = new LiveRouter(folder, yaml)) {
            router.fine("ethtool -K lan gro on");
            var feeder = new Thread(() -> feed(router), "feeder");
            var switching = new Thread(() -> switchOften(router), "switching");
            feeder.start();
            switching.start();
            int[] next = new int[CONNECTIONS + 1];
            for (int i = 0; i < ROUNDS * (CONNECTIONS + 1); i++) {
                byte[] frame = router.wan.sent.poll(10, TimeUnit.SECONDS);
                assertThat(frame).as("frame %d", i).isNotNull();
                takenCount.incrementAndGet();
                int connection = frame[23] == 17 ? CONNECTIONS : (frame[34] << 8 | frame[35] & 0xff) - 4_000;
                byte[] expected = round("02:4d:52:00:00:02", LiveRouter.GATEWAY_MAC, 63, next[connection])[connection];
                assertThat(frame).as("connection %d, packet %d; %d dropped", connection, next[connection],
                    router.ledger().count(Verdict.Ending.DROPPED)).isEqualTo(expected);
                next[connection]++;
            }
            isOver = true;
            feeder.join();
            switching.join();
            NicAccount account = nic(router).account();
            assertThat(account.receiveDrops()).isZero();
            assertThat(account.transmitDrops()).isZero();
            assertThat(account.merged()).as("merged by the device").isPositive();
            assertThat(account.cut()).as("cut by the device").isPositive();
            assertThat(router.wan.sent).isEmpty();
            assertThat(refused).isEmpty();
            assertThat(switchCount).isGreaterThan(20);
        }
    }

    private static SimNic nic(LiveRouter router) {
        return (SimNic) router.dataplane.devices().getFirst();
    }

    private void feed(LiveRouter router) {
        for (int round = 0; round < ROUNDS && !isOver; round++) {
            while ((round + 1) * (CONNECTIONS + 1) - takenCount.get() > UNDERWAY_MAX && !isOver) Thread.onSpinWait();
            router.lan.toReceive.addAll(List.of(round(LiveRouter.HOST_MAC, LiveRouter.LAN_MAC, 64, round)));
        }
    }

    private void switchOften(LiveRouter router) {
        while (!isOver) {
            LiveRouter.Result result = router.ctl(COMMANDS.get(random.nextInt(COMMANDS.size())).split(" "));
            // Cutting stays off while transmit checksums are: status 1, and what it is now.
            if (!result.err().isEmpty()) refused = result.err();
            switchCount++;
        }
    }

    /// What is switched off is done in software from the next packet on: the device is not asked for it.
    @Test
    void theDeviceIsAskedForWhatIsOnAndNothingElse() throws Exception {
        try (var router = new LiveRouter(folder, LiveRouter.withNic("full"))) {
            NicAccount account = nic(router).account();
            router.fine("ethtool -K lan gro on");
            pass(router, account);
            assertThat(account.cut()).isPositive();
            for (String off : List.of("ethtool -K wan gso off", "ethtool -K wan tx off")) {
                router.ctl(off.split(" "));
                long cutBefore = account.cut();
                long filledInBefore = account.checksumsFilledIn();
                pass(router, account);
                assertThat(account.cut()).as(off).isEqualTo(cutBefore);
                if (off.contains(" tx ")) assertThat(account.checksumsFilledIn()).isEqualTo(filledInBefore);
            }
            router.fine("ethtool -K wan tx on");
            long cutBefore = account.cut();
            pass(router, account);
            assertThat(account.cut()).isGreaterThan(cutBefore);
        }
    }

    /// Until the device has merged some.
    private static void pass(LiveRouter router, NicAccount account) throws InterruptedException {
        long mergedBefore = account.merged();
        for (int round = 0; round < 5_000 && account.merged() == mergedBefore; round += 8) {
            for (int i = 0; i < 8; i++) {
                router.lan.toReceive.addAll(List.of(round(LiveRouter.HOST_MAC, LiveRouter.LAN_MAC, 64, round + i)));
            }
            for (int i = 0; i < 8 * (CONNECTIONS + 1); i++) assertThat(router.nextSent(router.wan)).isNotNull();
        }
        assertThat(account.merged()).isGreaterThan(mergedBefore);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "dedicated"})
    void aWholeDeviceEndsWithNothingHeld(String threading) throws IOException {
        String yaml = LiveRouter.withNic("full").replace("threading: shared", "threading: " + threading);
        LiveRouter router = new LiveRouter(folder, yaml);
        for (int round = 0; round < 200; round++) {
            router.lan.toReceive.addAll(List.of(round(LiveRouter.HOST_MAC, LiveRouter.LAN_MAC, 64, round)));
        }
        router.close();   // holds that every packet is accounted for
        assertThat(nic(router).held()).isZero();
    }
}
