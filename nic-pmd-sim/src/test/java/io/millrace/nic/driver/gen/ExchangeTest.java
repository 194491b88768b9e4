package io.millrace.nic.driver.gen;

import io.millrace.nic.driver.gen.session.CaptureDialogues;
import io.millrace.nic.driver.gen.session.Dialogue;
import io.millrace.nic.driver.gen.session.SessionFaults;
import io.millrace.nic.driver.gen.session.SessionLoad;
import io.millrace.nic.driver.gen.session.SessionProtocol;
import io.millrace.nic.driver.gen.session.SessionSpec;
import io.millrace.nic.driver.gen.session.SessionTalk;
import io.millrace.nic.driver.gen.stream.FieldValues;
import io.millrace.nic.driver.link.LinkFaults;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// UDP exchanges, dialogues out of captures, faults that the ends plant, very many sessions at once.
class ExchangeTest {

    private final long seed = Seeds.next();

    @TempDir
    private Path folder;

    private SessionSpec udp(long count, SessionFaults faults) {
        return Generated.sessions(SessionProtocol.UDP, new SessionLoad(20_000, 1000, count, 0, SessionLoad.ENDLESS, 0),
            SessionTalk.sizes(new FieldValues.Uniform(12, 1200), new FieldValues.Uniform(4, 9000)), faults, seed);
    }

    @Test
    void everyExchangeGetsItsAnswer() {
        try (var world = new SessionWorld(udp(2000, SessionFaults.NONE), LinkFaults.NONE)) {
            world.run();
            assertThat(world.clients.counts().completed()).isEqualTo(2000);
            assertThat(world.clients.counts().repaired() + world.clients.counts().unknown()).isZero();
            assertThat(world.servers.counts().opened()).isEqualTo(2000);
            assertThat(world.clients.counts().transaction().getTotalCount()).isEqualTo(2000);
        }
    }

    @Test
    void lostAndReorderedDatagramsAreAskedForAgain() {
        var faults = new SessionFaults(0.03, 0.05, 20_000_000);
        try (var world = new SessionWorld(udp(1000, faults), LinkFaults.NONE)) {
            world.run();
            assertThat(world.clients.counts().completed()).isEqualTo(1000);
            assertThat(world.clients.counts().repaired()).isPositive();
            assertThat(world.clients.counts().plantedLosses()).isPositive();
            assertThat(world.servers.counts().plantedReorderings()).isPositive();
        }
    }

    @Test
    void plantedReorderingIsRepairedOverTcp() {
        SessionSpec spec = Generated.sessions(SessionProtocol.TCP,
            new SessionLoad(5000, 100, 300, 0, SessionLoad.ENDLESS, 0),
            SessionTalk.sizes(new FieldValues.Uniform(100, 5000), new FieldValues.Uniform(100, 30_000)),
            new SessionFaults(0, 0.05, 20_000_000), seed);
        try (var world = new SessionWorld(spec, LinkFaults.NONE)) {
            world.run();
            assertThat(world.clients.counts().completed()).isEqualTo(300);
            assertThat(world.servers.counts().plantedReorderings()).isPositive();
        }
    }

    private static Dialogue dialogue(SessionProtocol protocol, String[] client, String[] server) {
        return new Dialogue("d", protocol, 80, bytes(client), ends(client), bytes(server), ends(server));
    }

    private static byte[] bytes(String[] parts) {
        return String.join("", parts).getBytes(StandardCharsets.US_ASCII);
    }

    private static int[] ends(String[] parts) {
        int[] ends = new int[parts.length];
        int sum = 0;
        for (int i = 0; i < parts.length; i++) ends[i] = sum += parts[i].length();
        return ends;
    }

    private SessionSpec speaking(SessionProtocol protocol, List<Dialogue> dialogues, SessionFaults faults) {
        int least = protocol == SessionProtocol.TCP ? 8 : 12;
        return Generated.sessions(protocol, new SessionLoad(1000, 10, 40, 0, SessionLoad.ENDLESS, 0),
            new SessionTalk(new FieldValues.Uniform(least, least), new FieldValues.Uniform(4, 4), dialogues, false,
                100), faults, seed);
    }

    @Test
    void dialoguesAreSpokenAsTheCaptureHasThem() throws Exception {
        Dialogue first = dialogue(SessionProtocol.TCP, new String[] {"", "HELO me\r\n", "QUIT\r\n"},
            new String[] {"220 ready\r\n", "250 " + "x".repeat(500) + "\r\n", "221 bye\r\n"});
        Dialogue second = dialogue(SessionProtocol.TCP, new String[] {"GET /\r\n"}, new String[] {"200 fine\r\n"});
        try (var world = new SessionWorld(speaking(SessionProtocol.TCP, List.of(first, second), SessionFaults.NONE),
            LinkFaults.NONE)) {
            world.isRecording = true;
            world.run();
            assertThat(world.clients.counts().completed()).isEqualTo(40);
            Path file = new Generated(world.frames, world.timesNs, world.nowNs).writtenTo(folder.resolve("d.pcap"));
            List<Dialogue> spoken = CaptureDialogues.read(List.of(file), SessionProtocol.TCP, 1460);
            assertThat(spoken).hasSize(40).allSatisfy(each -> {
                Dialogue original = each.clientBytes().length == first.clientBytes().length ? first : second;
                assertThat(each.clientBytes()).isEqualTo(original.clientBytes());
                assertThat(each.serverBytes()).isEqualTo(original.serverBytes());
                assertThat(each.clientEnds()).isEqualTo(original.clientEnds());
                assertThat(each.serverEnds()).isEqualTo(original.serverEnds());
                assertThat(each.serverPort()).isEqualTo(80);
            });
            assertThat(spoken.stream().mapToInt(Dialogue::turnCount).distinct().toArray()).contains(1, 3);
        }
    }

    @Test
    void datagramsOfADialogueKeepTheirSizesAndSurviveLoss() throws Exception {
        Dialogue dialogue = dialogue(SessionProtocol.UDP, new String[] {"what is the answer?"},
            new String[] {"forty-", "two"});
        var faults = new SessionFaults(0.1, 0, 5_000_000);
        try (var world = new SessionWorld(speaking(SessionProtocol.UDP, List.of(dialogue), faults), LinkFaults.NONE)) {
            world.run();
            assertThat(world.clients.counts().completed()).isEqualTo(40);
        }
        try (var world = new SessionWorld(speaking(SessionProtocol.UDP, List.of(dialogue), SessionFaults.NONE),
            LinkFaults.NONE)) {
            world.isRecording = true;
            world.run();
            // Every packet is seen twice, before the link and behind it: the second time it is no new question.
            List<byte[]> once = everySecond(world.frames);
            Path file = new Generated(once, world.timesNs.subList(0, once.size()), world.nowNs)
                .writtenTo(folder.resolve("u.pcap"));
            List<Dialogue> spoken = CaptureDialogues.read(List.of(file), SessionProtocol.UDP, 1460);
            assertThat(spoken).hasSize(40).allSatisfy(each -> {
                assertThat(each.clientBytes()).isEqualTo(dialogue.clientBytes());
                assertThat(each.serverEnds()).isEqualTo(new int[] {6, 9});
            });
        }
    }

    /// What the link was given: its packets come again in the same order, interleaved by bursts.
    private static List<byte[]> everySecond(List<byte[]> frames) {
        var seen = new HashSet<ByteBuffer>();
        var once = new ArrayList<byte[]>();
        for (byte[] frame : frames) {
            if (seen.add(ByteBuffer.wrap(frame))) once.add(frame);
        }
        return once;
    }

    @Test
    void veryManySessionsAreOpenAtOnce() {
        int count = Seeds.isFull() ? 2 << 20 : 1 << 16;
        SessionSpec spec = Generated.sessions(SessionProtocol.UDP,
            new SessionLoad(5e6, count, count, 0, SessionLoad.ENDLESS, 60_000_000_000L),
            SessionTalk.sizes(new FieldValues.Uniform(12, 12), new FieldValues.Uniform(4, 4)), SessionFaults.NONE,
            seed);
        try (var world = new SessionWorld(spec, LinkFaults.NONE)) {
            for (int turn = 0; world.clients.counts().established() < count && turn < count; turn++) {
                world.turn();
            }
            assertThat(world.clients.counts().established()).isEqualTo(count);
            assertThat(world.clients.counts().active()).isEqualTo(count);
            assertThat(world.clients.counts().completed()).isZero();
        }
    }

    @Test
    void sessionsThatFindTooManyOpenAreRefused() {
        SessionSpec spec = Generated.sessions(SessionProtocol.UDP,
            new SessionLoad(100_000, 10, SessionLoad.ENDLESS, 0, 50_000_000, 10_000_000),
            SessionTalk.sizes(new FieldValues.Uniform(12, 12), new FieldValues.Uniform(4, 4)), SessionFaults.NONE,
            seed);
        try (var world = new SessionWorld(spec, LinkFaults.NONE)) {
            world.run();
            long opened = world.clients.counts().opened();
            assertThat(opened).isBetween(40L, 61L);   // 10 at once, each for 10 ms of 50
            assertThat(opened + world.clients.counts().refused()).isBetween(4990L, 5001L);
        }
    }

    @Test
    void refusesWhatNoEndCouldSend() {
        assertThatThrownBy(() -> Generated.sessions(SessionProtocol.UDP,
            new SessionLoad(1, 1, 1, 0, 1, 0), SessionTalk.sizes(new FieldValues.Uniform(8, 8),
                new FieldValues.Uniform(4, 4)), SessionFaults.NONE, 1)).hasMessageContaining("requests have 12 bytes");
        assertThatThrownBy(() -> new SessionFaults(1, 0, 1)).hasMessageContaining("loss must be below 1");
    }
}
