package io.millrace.control.nft;

import io.millrace.flow.ruleset.Ruleset;
import io.millrace.testkit.kernel.KernelNetwork;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// The same commits under `nft monitor` and Linux in a namespace of their own, and compared by Millrace: the same
/// lines.
class MonitorKernelTest {

    /// One commit a line.
    private static final List<String> COMMITS = List.of(
        "add table ip t",
        "add table inet u { flags dormant; comment \"x y\"; }",
        "add chain ip t c { type filter hook input priority 0; policy drop; }",
        "add chain ip t plain { comment \"hi\"; }",
        "add set ip t s { type ipv4_addr; flags interval; size 100; timeout 1h; }",
        "add set ip t w { type ipv4_addr . inet_service; }",
        "add map ip t m { type inet_service : verdict; }",
        "add element ip t w { 10.0.0.1 . 22, 10.0.0.2 . 80 }",
        "delete element ip t w { 10.0.0.1 . 22 }",
        "add element ip t m { 22 : accept, 23 : jump plain }",
        "add rule ip t c counter accept comment \"foo\"",
        "add rule ip t c ip saddr { 1.2.3.4, 1.2.3.5 } drop",
        "add rule ip t c ip saddr @s drop; add rule ip t c meta mark set 5; add rule ip t plain return",
        "insert rule ip t c tcp dport 22 accept",
        "add counter ip t k",
        "add quota ip t q { over 10 mbytes; comment \"zz\"; }",
        "add limit ip t l { rate 5/second; }",
        "delete element ip t m { 23 }",
        "flush set ip t w",
        "delete element ip t m { 22 }; add element ip t w { 10.0.0.3 . 443 }; add rule ip t plain drop",
        "flush chain ip t c",
        "flush chain ip t plain; delete counter ip t k",
        "delete chain ip t plain",
        "delete set ip t s",
        "rename chain ip t c d",
        "add chain ip t d { policy accept; }",
        "add table ip t { flags dormant; }",
        "flush ruleset",
        "add table ip6 a; add chain ip6 a b; add rule ip6 a b accept; add rule ip6 a b drop",
        "delete table ip6 a");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tellsOfCommitsAsNftDoes(boolean hasHandles) throws Exception {
        List<String> ours = ours(COMMITS, new TextListing.Style(hasHandles, false, false));
        try (KernelNetwork network = KernelNetwork.required()) {
            List<String> theirs = network.run(() -> theirs(COMMITS, hasHandles));
            // Sets of rules have names there, which no rule of a person can use.
            theirs.removeIf(line -> line.startsWith("delete set ip t __") || line.startsWith("#"));
            // Tables were counted there before.
            assertThat(withoutTableHandles(ours)).isEqualTo(withoutTableHandles(theirs));
        }
    }

    private static List<String> withoutTableHandles(List<String> lines) {
        return lines.stream().map(line -> line.replaceFirst("^(\\w+ table .*# handle) \\d+$", "$1")).toList();
    }

    @Test
    void tellsOfASwapOfAFileWhatWentAndWhatCame() {
        String file = "flush ruleset\ntable ip t {\n set s { type ipv4_addr; elements = { 10.0.0.1 } }\n"
            + " chain c { type filter hook input priority 0; ip saddr @s accept\n }\n}\n";
        assertThat(ours(List.of(file, file), new TextListing.Style(false, false, false))).containsExactly(
            "add table ip t",
            "add chain ip t c { type filter hook input priority filter; policy accept; }",
            "add set ip t s { type ipv4_addr; } ",
            "add element ip t s { 10.0.0.1 }",
            "add rule ip t c ip saddr @s accept",
            "delete rule ip t c handle 3",
            "delete set ip t s",
            "delete chain ip t c",
            "delete table ip t",
            "add table ip t",
            "add chain ip t c { type filter hook input priority filter; policy accept; }",
            "add set ip t s { type ipv4_addr; } ",
            "add element ip t s { 10.0.0.1 }",
            "add rule ip t c ip saddr @s accept");
    }

    private static List<String> ours(List<String> commits, TextListing.Style style) {
        List<String> lines = new ArrayList<>();
        Ruleset before = Ruleset.EMPTY;
        for (String commit : commits) {
            NftLoader.Outcome outcome = NftLoader.load(Source.of("commit", commit), before);
            assertThat(outcome.isFine()).as(commit + ": " + outcome.errorText()).isTrue();
            for (RulesetEvent each : RulesetDifference.between(before, outcome.ruleset())) {
                lines.add(each.text().apply(style));
            }
            before = outcome.ruleset();
        }
        return lines;
    }

    private List<String> theirs(List<String> commits, boolean hasHandles) throws IOException, InterruptedException {
        Path file = folder.resolve("monitor");
        List<String> words = hasHandles ? List.of("nft", "-a", "monitor") : List.of("nft", "monitor");
        Process monitor = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(file.toFile()).start();
        try {
            // It says nothing until it hears something, so it is asked until it does.
            for (int i = 0; i < 500 && Files.size(file) == 0; i++) {
                nft("add table ip probe; delete table ip probe");
                Thread.sleep(10);
            }
            for (String commit : commits) nft(commit);
            nft("add table ip the-end");
            for (int i = 0; i < 500 && !Files.readString(file).contains("the-end"); i++) Thread.sleep(10);
        } finally {
            monitor.destroy();
            monitor.waitFor();
        }
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.removeIf(line -> line.contains(" ip probe") || line.contains("the-end"));
        return lines;
    }

    private static void nft(String commit) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("nft", commit).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        assertThat(output).as(commit).isEmpty();
    }
}
