package io.millrace.control.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Seeds;
import io.millrace.testkit.kernel.KernelNetwork;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same random rulesets through nft and Linux in a namespace of their own, and through Millrace: both
/// list the same.
class KernelListingTest {

    private static final int RULESETS = 40;

    @TempDir
    private Path folder;

    @Test
    void listsWhatLinuxLists() throws Exception {
        long seed = Seeds.next();
        var random = new Random(seed);
        try (KernelNetwork network = KernelNetwork.required()) {
            for (int i = 0; i < RULESETS; i++) {
                String text = new RandomRuleset(random).text();
                Path file = folder.resolve("r" + i + ".nft");
                Files.writeString(file, text);
                String kernel = network.run(() -> nft(file));
                assertThat(Rulesets.listed(text)).as("seed=" + seed + ", ruleset:\n" + text).isEqualTo(kernel);
            }
        }
    }

    @Test
    void allocatesTheHandlesThatLinuxAllocates() throws Exception {
        long seed = Seeds.next();
        String text = new RandomRuleset(new Random(seed)).text();
        Path file = folder.resolve("handles.nft");
        Files.writeString(file, text);
        try (KernelNetwork network = KernelNetwork.required()) {
            String kernel = network.run(() -> nft(file, "-a"));
            NftLoader.Outcome outcome = Rulesets.load(text);
            assertThat(TextListing.of(outcome.ruleset(), Listing.ALL, new TextListing.Style(true, false, false)))
                .as("seed=" + seed).isEqualTo(kernel);
        }
    }

    private static String nft(Path file, String... options) throws IOException, InterruptedException {
        run("nft", "flush", "ruleset");
        String errors = run("nft", "-f", file.toString());
        assertThat(errors).as("nft -f of\n" + Files.readString(file)).isEmpty();
        return options.length == 0 ? run("nft", "list", "ruleset") : run("nft", options[0], "list", "ruleset");
    }

    private static String run(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
