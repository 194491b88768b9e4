package io.millrace.packet.parse;

import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// Host and device agree on whatever they are given; neither throws, loops or reads past the packet.
class AgreementFuzzTest {

    private static final int[] LINK_TYPES = {0, 1, 101, 113, 228, 229, 276, 147};

    @Test
    void agreeOnRandomGraphs() {
        Random random = new Random(Seeds.next());
        Map<ParseResult, Integer> results = new EnumMap<>(ParseResult.class);
        int graphCount = Seeds.isFull() ? 20_000 : 400;
        for (int i = 0; i < graphCount; i++) {
            var parsers = new TwoParsers(ParseProgram.of(RandomGraph.of(random)));
            for (int k = 0; k < 120; k++) {
                byte[] frame = RandomGraph.frame(random);
                results.merge(ParseOutcome.result(parsers.parse(frame, k % 10 == 9 ? 101 : 1)), 1, Integer::sum);
                int start = random.nextInt(frame.length + 4);
                parsers.parse(frame, start, start + random.nextInt(80));
            }
        }
        assertThat(results.keySet()).as("every result is met").containsExactly(ParseResult.values());
    }

    @Test
    void agreeOnEveryTruncationOfASample() {
        long seed = Seeds.next();
        List<CorpusFile> files = Corpus.sample(Corpus.required().files(), 60, seed);
        for (ShippedGraph graph : ShippedGraph.values()) {
            var parsers = new TwoParsers(graph.load());
            for (CorpusFile file : files) {
                List<CapturedFrame> frames = file.frames();
                for (CapturedFrame frame : frames.subList(0, Math.min(5, frames.size()))) {
                    for (int bytes = 0; bytes <= Math.min(frame.bytes().length, 300); bytes++) {
                        parsers.parse(Arrays.copyOf(frame.bytes(), bytes), frame.linkType());
                    }
                }
            }
        }
    }

    @Test
    void agreeOnMutatedCaptures() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        List<CorpusFile> files = Corpus.sample(Corpus.required().files(), 120, seed);
        for (ShippedGraph graph : ShippedGraph.values()) {
            var parsers = new TwoParsers(graph.load());
            for (CorpusFile file : files) {
                List<CapturedFrame> frames = file.frames();
                for (CapturedFrame frame : frames.subList(0, Math.min(20, frames.size()))) {
                    for (int k = 0; k < 8; k++) {
                        parsers.parse(mutated(frame.bytes(), random), LINK_TYPES[random.nextInt(LINK_TYPES.length)]);
                        parsers.parse(mutated(frame.bytes(), random), frame.linkType());
                    }
                }
            }
        }
    }

    @Test
    void agreeOnRandomBytes() {
        Random random = new Random(Seeds.next());
        for (ShippedGraph graph : ShippedGraph.values()) {
            var parsers = new TwoParsers(graph.load());
            for (int i = 0; i < 20_000; i++) {
                byte[] frame = new byte[random.nextInt(160)];
                random.nextBytes(frame);
                parsers.parse(frame, LINK_TYPES[random.nextInt(LINK_TYPES.length)]);
                parsers.parse(frame, random.nextInt(20), random.nextInt(160));
            }
        }
    }

    /// Some bytes changed, mostly among the headers; at times cut or doubled.
    private static byte[] mutated(byte[] frame, Random random) {
        byte[] changed = random.nextInt(6) == 0 ? Arrays.copyOf(frame, random.nextInt(2 * frame.length + 1))
            : frame.clone();
        if (changed.length == 0) return changed;
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            int at = random.nextInt(Math.min(changed.length, random.nextBoolean() ? 64 : 1500));
            changed[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : changed[at] ^ 1 << random.nextInt(8));
        }
        return changed;
    }
}
