package io.millrace.nic.sim;

import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.nic.sim.steer.BitwiseToeplitz;
import io.millrace.nic.sim.steer.HashContext;
import io.millrace.packet.rss.FlowType;
import io.millrace.packet.rss.HashConfig;
import io.millrace.packet.rss.HashTransform;
import io.millrace.packet.rss.IndirectionTable;
import io.millrace.packet.rss.Toeplitz;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Project;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// The hash that a device gives to packets on its wire, and the queues they come out of.
class ReceiveSpreadTest {

    private static final String A = "02:00:00:00:00:01";
    private static final String B = "02:00:00:00:00:02";
    private static final HashConfig WITH_PORTS = HashConfig.standard().with(HashTransform.NONE)
        .with(FlowType.UDP4, HashConfig.parse("sdfn")).with(FlowType.UDP6, HashConfig.parse("sdfn"));

    private final NicFixture fixture = new NicFixture(NicModel.FULL, 4);

    @Test
    void hashesTheTableOfKnownVectors() throws IOException {
        Path table = Project.corpus().resolve("tables/rss_toeplitz.tsv");
        Assumptions.assumeTrue(Files.exists(table), "no corpus at " + Project.corpus());
        int count = 0;
        for (String line : Files.readAllLines(table)) {
            String[] row = line.split("\t");
            if (!row[0].matches("v[46]")) continue;
            boolean is4 = row[0].equals("v4");
            byte[] tcp = is4
                ? Frame.ethernet(A, B).ipv4(row[1], row[3]).tcp(Integer.parseInt(row[2]), Integer.parseInt(row[4]))
                    .bytes()
                : Frame.ethernet(A, B).ipv6(row[1], row[3]).tcp(Integer.parseInt(row[2]), Integer.parseInt(row[4]))
                    .bytes();
            for (boolean withPorts : new boolean[] {true, false}) {
                spread(WITH_PORTS.with(is4 ? FlowType.TCP4 : FlowType.TCP6,
                    HashConfig.parse(withPorts ? "sdfn" : "sd")));
                fixture.first.give(tcp);
                fixture.turns();
                int packet = fixture.received().getFirst();
                assertThat(fixture.meta.hash(packet)).as(line)
                    .isEqualTo(Integer.parseUnsignedInt(row[withPorts ? 6 : 5], 16));
                fixture.pool.release(packet);
                count++;
            }
        }
        assertThat(count).isEqualTo(16);
    }

    @Test
    void putsRandomTuplesWhereTheDefinitionSaysUnderChangingTables() throws IOException {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            byte[] key = new byte[40 + random.nextInt(13)];
            random.nextBytes(key);
            int channels = 1 + random.nextInt(16);
            assertThat(fixture.command(_ -> fixture.port.steering().channels(16))).isEqualTo(CommandResult.DONE);
            int[] entries = random.ints(128, 0, channels).toArray();
            HashConfig config = WITH_PORTS.with(new Toeplitz(key));
            HashContext context =
                fixture.port.steering().context(config, IndirectionTable.of(entries, channels), true);
            assertThat(fixture.command(_ -> fixture.port.steering().spread(context))).isEqualTo(CommandResult.DONE);
            var expected = new ArrayList<Integer>();
            for (int i = 0; i < 50; i++) {
                boolean is4 = random.nextBoolean();
                InetAddress source = address(random, is4);
                InetAddress target = address(random, is4);
                int from = random.nextInt(65_536);
                int to = random.nextInt(65_536);
                fixture.first.give(frame(is4, source, target, from, to, random.nextBoolean()));
                int hash = BitwiseToeplitz.hash(key, input(source, target, from, to));
                expected.add(entries[hash & 127]);
            }
            fixture.turns();
            assertQueues(expected, seed);
        }
    }

    private void assertQueues(List<Integer> expected, long seed) {
        fixture.burst.clear();
        assertThat(fixture.port.receiveInOrder(fixture.burst, fixture.pool, Long.MAX_VALUE)).isEqualTo(50);
        var queues = new ArrayList<Integer>();
        for (int i = 0; i < fixture.burst.count(); i++) queues.add(fixture.meta.queue(fixture.burst.packet(i)));
        assertThat(queues).as("seed %d", seed).isEqualTo(expected);
        fixture.pool.releaseAll(fixture.burst);
    }

    @Test
    void withoutTheFeatureAllGoesToTheFirstQueueUnhashed() {
        int bits = fixture.port.featureBits()
            & ~io.millrace.nic.sim.model.NicFeature.RECEIVE_HASH.bit();
        assertThat(fixture.command(fixture.port.features(bits))).isEqualTo(CommandResult.DONE);
        for (int i = 0; i < 20; i++) {
            fixture.first.give(Frame.ethernet(A, B).ipv4("10.0.0." + i, "10.1.0.1").tcp(i, 80).bytes());
        }
        fixture.turns();
        List<Integer> received = fixture.received();
        assertThat(received).hasSize(20).allSatisfy(packet -> {
            assertThat(fixture.meta.queue(packet)).isZero();
            assertThat(fixture.meta.hash(packet)).isZero();
        });
        received.forEach(fixture.pool::release);
    }

    @Test
    void discardsTheTypesThatAreToBeDiscarded() {
        spread(HashConfig.standard().with(HashTransform.NONE).with(FlowType.UDP4, HashConfig.parse("r")));
        fixture.first.give(Frame.ethernet(A, B).ipv4("10.0.0.1", "10.1.0.1").udp(1, 2).bytes());
        fixture.first.give(Frame.ethernet(A, B).ipv4("10.0.0.1", "10.1.0.1").tcp(1, 2).bytes());
        fixture.turns();
        List<Integer> received = fixture.received();
        assertThat(received).hasSize(1);
        assertThat(fixture.nic.account().receiveDrops(io.millrace.packet.memory.Verdict.NIC_HASH_DISCARD)).isOne();
        received.forEach(fixture.pool::release);
        fixture.assertAllSlotsAreBack();
    }

    @Test
    void aQueueThatIsFullMakesTheWireWaitOrDropsByName() {
        for (boolean isPausing : new boolean[] {true, false}) {
            PortSettings usual = PortSettings.usual(NicModel.FULL, 1);
            var world = new NicFixture(NicModel.FULL, new PortSettings(1, 64, usual.features(), isPausing),
                NicFaults.NONE);
            for (int i = 0; i < 200; i++) {
                world.first.give(Frame.ethernet(A, B).ipv4("10.0.0.1", "10.1.0.1").tcp(i, 80).bytes());
            }
            world.turns();
            assertThat(world.nic.held()).isEqualTo(64);
            int firstCount = world.received().size();
            world.turns();
            int secondCount = world.received().size();
            assertThat(firstCount).isEqualTo(64);
            assertThat(secondCount).isEqualTo(isPausing ? 64 : 0);
            assertThat(world.nic.account().receiveDrops()).isEqualTo(isPausing ? 0 : 136);
            assertThat(world.port.pauses() > 0).isEqualTo(isPausing);
            assertThat(world.first.isExhausted()).isEqualTo(!isPausing);
        }
    }

    private void spread(HashConfig config) {
        HashContext context = fixture.port.steering().context(config, IndirectionTable.equal(128, 0, 4), true);
        assertThat(fixture.command(_ -> fixture.port.steering().spread(context))).isEqualTo(CommandResult.DONE);
    }

    private static InetAddress address(Random random, boolean is4) throws IOException {
        byte[] bytes = new byte[is4 ? 4 : 16];
        random.nextBytes(bytes);
        bytes[0] = (byte) (is4 ? 10 : 0x20);
        return InetAddress.getByAddress(bytes);
    }

    private static byte[] frame(boolean is4, InetAddress source, InetAddress target, int from, int to, boolean isTcp) {
        String sourceText = source.getHostAddress();
        String targetText = target.getHostAddress();
        if (is4) {
            var ip = Frame.ethernet(A, B).ipv4(sourceText, targetText);
            return isTcp ? ip.tcp(from, to).bytes() : ip.udp(from, to).payload(new byte[8]).bytes();
        }
        var ip = Frame.ethernet(A, B).ipv6(sourceText, targetText);
        return isTcp ? ip.tcp(from, to).bytes() : ip.udp(from, to).payload(new byte[8]).bytes();
    }

    private static byte[] input(InetAddress source, InetAddress target, int from, int to) {
        var input = new ByteArrayOutputStream();
        input.writeBytes(source.getAddress());
        input.writeBytes(target.getAddress());
        input.writeBytes(new byte[] {(byte) (from >> 8), (byte) from, (byte) (to >> 8), (byte) to});
        return input.toByteArray();
    }
}
