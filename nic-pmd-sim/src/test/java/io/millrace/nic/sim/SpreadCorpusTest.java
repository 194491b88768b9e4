package io.millrace.nic.sim;

import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.nic.sim.steer.HashContext;
import io.millrace.nic.sim.steer.PortSteering;
import io.millrace.nic.sim.steer.ReceiveRule;
import io.millrace.packet.rss.FlowType;
import io.millrace.packet.rss.HashConfig;
import io.millrace.packet.rss.HashTransform;
import io.millrace.packet.rss.IndirectionTable;
import io.millrace.packet.rss.Toeplitz;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// Captures of public test suites through a device that is configured anew every few packets: number of channels,
/// indirection table, key, transform, fields, a context for TCP, single flows steered. Each packet comes out of the
/// queue that its bytes and the definitions say.
class SpreadCorpusTest {

    private static final int SAMPLE_COUNT = 80;
    private static final int FRAMES_OF_A_FILE_MAX = 2_000;
    private static final int FRAMES_BETWEEN_CHANGES = 50;
    private static final int CONTEXT = 3;
    private static final int QUEUES_MAX = NicModel.FULL.limits().queuesMax();
    private static final int SLOTS = NicModel.FULL.limits().indirectionSlots();
    private static final String[] PLAIN_FIELDS = {"sd", "sdfn", "s", "fn", "tsdf", "d"};
    private static final String[] PAIRED_FIELDS = {"sd", "sdfn", "fn"};
    private static final FlowType[] TYPES =
        {FlowType.TCP4, FlowType.UDP4, FlowType.SCTP4, FlowType.TCP6, FlowType.UDP6, FlowType.SCTP6};

    /// One way of spreading.
    private record Spread(byte[] key, HashTransform transform, Map<Integer, String> letters, int[] entries) {

        int queue(NaiveFlow flow) {
            int hash = flow.hash(key, transform, letters.get(flow.family() << 8 | flow.proto()));
            return entries[hash & SLOTS - 1];
        }
    }

    private final Random random = new Random(Seeds.next());
    private NicFixture fixture;
    private PortSteering steering;
    private int channels;
    private Spread standard;
    private Spread ofTcp;   // null: TCP is spread as all is
    private final Map<String, Integer> steered = new HashMap<>();
    private long judgedCount;
    private long steeredCount;
    private long frameCount;

    @Test
    void everyPacketLandsOnTheQueueThatTheDefinitionsSay() {
        List<CorpusFile> files = Corpus.sample(Corpus.required().ofLinkType(1), SAMPLE_COUNT, Seeds.next());
        for (CorpusFile file : files) {
            fixture = new NicFixture(random.nextBoolean() ? NicModel.FULL : offset(), 1);
            steering = fixture.port.steering();
            steered.clear();
            List<CapturedFrame> frames = file.frames();
            if (!Seeds.isFull()) frames = frames.subList(0, Math.min(frames.size(), FRAMES_OF_A_FILE_MAX));
            for (int from = 0; from < frames.size(); from += FRAMES_BETWEEN_CHANGES) {
                List<CapturedFrame> some = frames.subList(from, Math.min(frames.size(), from + FRAMES_BETWEEN_CHANGES));
                change();
                steerSome(some);
                pass(file, some);
            }
        }
        assertThat(judgedCount).as("judged of %d", frameCount).isGreaterThan(frameCount * 9 / 10);
        assertThat(steeredCount).as("steered").isPositive();
    }

    /// The same with zero-copy queues numbered behind the others.
    private static NicModel offset() {
        NicModel full = NicModel.FULL;
        return new NicModel("offset", full.receiveChecksum(), full.transmitChecksums(), full.segmentationTypes(),
            full.cutsTunnels(), full.hashes(), full.merges(), full.insertsTags(), true, full.limits());
    }

    private void change() {
        if (ofTcp != null && fixture.port.steering().tables().contexts().containsKey(CONTEXT)) {
            done(steering.removeRule(0));
            done(steering.removeContext(CONTEXT));
        }
        ofTcp = null;
        // A table that would keep the channels from becoming fewer goes first.
        done(steering.spread(steering.context(HashConfig.standard(), IndirectionTable.equal(SLOTS, 0, 1), true)));
        channels = 1 + random.nextInt(QUEUES_MAX);
        done(steering.channels(channels));
        standard = spread();
        done(steering.spread(context(standard)));
        if (random.nextBoolean()) return;
        ofTcp = spread();
        done(steering.context(CONTEXT, context(ofTcp)));
        long[] tcp = {0, 0, 0, 0, 6L << 32, 0};
        long[] mask = {0, 0, 0, 0, 0xffL << 32, 0};
        done(steering.addRule(new ReceiveRule(0, 0, tcp, mask, CONTEXT, 0)));
    }

    private Spread spread() {
        byte[] key = new byte[52 + random.nextInt(20)];
        random.nextBytes(key);
        HashTransform transform = HashTransform.values()[random.nextInt(HashTransform.values().length)];
        String[] fields = transform == HashTransform.NONE ? PLAIN_FIELDS : PAIRED_FIELDS;
        var letters = new HashMap<Integer, String>();
        for (FlowType type : TYPES) {
            letters.put(type.family() << 8 | type.proto(), fields[random.nextInt(fields.length)]);
        }
        return new Spread(key, transform, letters, random.ints(SLOTS, 0, channels).toArray());
    }

    private HashContext context(Spread spread) {
        HashConfig config = HashConfig.standard().with(new Toeplitz(spread.key)).with(spread.transform);
        for (FlowType type : TYPES) {
            config = config.with(type, HashConfig.parse(spread.letters.get(type.family() << 8 | type.proto())));
        }
        return steering.context(config, IndirectionTable.of(spread.entries, channels), true);
    }

    /// As accelerated receive flow steering does, by the numbers that users write.
    private void steerSome(List<CapturedFrame> frames) {
        for (CapturedFrame frame : frames) {
            NaiveFlow flow = NaiveFlow.of(frame.bytes());
            boolean isSteerable = flow != null && flow.ports() && flow.proto() != 132 && !flow.isTagged();
            if (!isSteerable || random.nextInt(20) != 0) continue;
            boolean hasOffsets = steering.numbering().hasOffsets();
            int channel = random.nextInt(channels);
            boolean isZeroCopy = hasOffsets && random.nextBoolean();
            done(steering.steer(flow.key(), isZeroCopy ? channels + channel : channel));
            steered.put(name(flow), isZeroCopy ? QUEUES_MAX + channel : channel);
        }
    }

    private static String name(NaiveFlow flow) {
        StringBuilder name = new StringBuilder();
        for (long word : flow.key()) name.append(HexFormat.of().toHexDigits(word));
        return name.toString();
    }

    private void pass(CorpusFile file, List<CapturedFrame> frames) {
        frames.forEach(frame -> fixture.first.give(frame.bytes()));
        fixture.turns();
        var packets = new ArrayList<>(fixture.receivedInOrder());
        assertThat(packets).as(file.name()).hasSameSizeAs(frames);
        for (int i = 0; i < frames.size(); i++) {
            frameCount++;
            NaiveFlow flow = NaiveFlow.of(frames.get(i).bytes());
            if (flow == null) continue;
            judgedCount++;
            assertThat(fixture.meta.queue(packets.get(i))).as("%s: %s", file.name(), flow).isEqualTo(expected(flow));
        }
        packets.forEach(fixture.pool::release);
    }

    private int expected(NaiveFlow flow) {
        if (ofTcp != null && flow.family() != 0 && flow.proto() == 6) return ofTcp.queue(flow);
        Integer queue = flow.ports() && !flow.isTagged() ? steered.get(name(flow)) : null;
        if (queue == null) return standard.queue(flow);
        steeredCount++;
        return queue;
    }

    private static void done(CommandResult result) {
        assertThat(result).isEqualTo(CommandResult.DONE);
    }
}
