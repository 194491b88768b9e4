package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/// The same filters once in the NIC alone and once in software alone: the same frames leave, the same filters match.
class TcAgreementTest {

    private static final int WORLDS = 25;
    private static final int FILTERS = 12;
    private static final int FRAMES = 60;
    /// Nothing more will leave a router that has sent nothing for so long.
    private static final int QUIET_MS = 50;
    /// No filter looks for it.
    private static final byte[] LAST = Frame.ethernet("02:00:00:00:00:0c", LiveRouter.LAN_MAC)
        .ipv4("10.0.0.99", "10.9.7.7").tcp(1, 2).syn().bytes();

    @TempDir
    private Path folder;

    /// Frames that left, in the order of their bytes: between what hardware sends itself and what it gives to the
    /// router there is no order; and packets of each filter.
    private record Outcome(List<String> lan, List<String> wan, TreeMap<String, String> matched) {}

    @Test
    void hardwareAndSoftwareDoTheSame() throws IOException, InterruptedException {
        long seed = Seeds.next();
        var random = new SplittableRandom(seed);
        Files.createDirectory(folder.resolve("hardware"));
        Files.createDirectory(folder.resolve("software"));
        long matchedCount = 0;
        try (var hardware = router("hardware"); var software = router("software")) {
            for (int world = 0; world < WORLDS; world++) {
                var source = new RandomTc(random.split());
                List<String> filters = new ArrayList<>();
                for (int i = 0; i < FILTERS; i++) filters.add(source.filter());
                List<byte[]> frames = new ArrayList<>();
                for (int i = 0; i < FRAMES; i++) frames.add(source.frame());
                Outcome inHardware = run(hardware, filters, "skip_sw", frames);
                Outcome inSoftware = run(software, filters, "skip_hw", frames);
                String where = "seed " + seed + ", world " + world + "\n" + String.join("\n", filters);
                assertThat(inHardware.matched()).as(where).isEqualTo(inSoftware.matched());
                assertThat(inHardware.lan()).as(where).isEqualTo(inSoftware.lan());
                assertThat(inHardware.wan()).as(where).isEqualTo(inSoftware.wan());
                matchedCount += inHardware.matched().values().stream().filter(each -> !each.startsWith("0 ")).count();
            }
        }
        assertThat(matchedCount).as("filters that matched something").isGreaterThan(WORLDS * FILTERS / 4);
    }

    private LiveRouter router(String name) throws IOException {
        String neighbours = "neighbours:\n  - { address: \"fd00::5\", mac: \"02:00:00:00:00:05\" }\n";
        // A frame may go round 16 times and be copied each time: the copies of all have to fit into a ring at once.
        return new LiveRouter(folder.resolve(name), LiveRouter.withNic("full, ring: 4096").replace("routes:\n",
            "routes:\n  - { to: \"fd00:9::/64\", via: \"fd00::5\", port: wan }\n").replace("neighbours:\n", neighbours));
    }

    private static Outcome run(LiveRouter router, List<String> filters, String flag, List<byte[]> frames)
            throws IOException, InterruptedException {
        router.fine("tc qdisc add dev lan clsact");
        var script = new StringBuilder();
        for (String each : filters) {
            script.append("tc filter add dev lan ingress ").append(each.replace("FLAGS", flag)).append('\n');
        }
        Result result = router.script(script.toString());   // some are refused: their key is there already
        assertThat(result.err().lines().filter(line -> line.startsWith("Error") || line.startsWith("RTNETLINK")))
            .as(result.err()).allMatch(line -> line.equals("RTNETLINK answers: File exists"));
        router.lan.toReceive.addAll(frames);
        router.lan.toReceive.add(LAST);
        var wan = new ArrayList<String>();
        while (true) {
            byte[] sent = router.nextSent(router.wan);
            assertThat(sent).as("the last frame was not seen").isNotNull();
            if (sent.length >= 34 && sent[32] == 7 && sent[33] == 7 && sent[23] == 6) break;
            wan.add(HexFormat.of().formatHex(sent));
        }
        var lan = new ArrayList<String>();
        // A ring gives a burst a turn: what was copied before the last frame came may leave after it.
        for (byte[] sent = inTime(router.lan.sent); sent != null; sent = inTime(router.lan.sent)) {
            lan.add(HexFormat.of().formatHex(sent));
        }
        lan.sort(null);
        wan.sort(null);
        var outcome = new Outcome(lan, wan, matched(router));
        router.fine("tc qdisc del dev lan clsact");
        return outcome;
    }

    private static byte[] inTime(Queue<byte[]> sent) throws InterruptedException {
        for (int i = 0; sent.isEmpty() && i < QUIET_MS; i++) Thread.sleep(1);
        return sent.poll();
    }

    private static TreeMap<String, String> matched(LiveRouter router) {
        var matched = new TreeMap<String, String>();
        for (JsonNode filter : new ObjectMapper().readTree(router.fine("tc -s -j filter show dev lan ingress"))) {
            JsonNode options = filter.get("options");
            if (options == null) continue;
            JsonNode stats = options.get("actions").get(0).get("stats");
            matched.put(filter.get("chain") + "/" + filter.get("pref") + "/" + options.get("handle"),
                stats.get("packets") + " packets " + stats.get("bytes") + " bytes");
        }
        return matched;
    }
}
