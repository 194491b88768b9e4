package io.millrace.control.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flow.ruleset.Ruleset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The rules of nftables' own tests, one by one: whether they load, how they are listed, as text and as JSON. Those
/// tests are of a newer version, so a part of them is outside of the language that is spoken here.
class RuleSamplesTest {

    private static final int LOADED_MIN = 1_160;
    private static final int SAME_TEXT_MIN = 1_090;
    private static final int SAME_JSON_MIN = 1_085;
    private static final int REFUSED_MIN = 118;

    private final List<String> notes = new ArrayList<>();
    private int loaded;
    private int sameText;
    private int sameJson;
    private int comparedJson;
    private int refused;
    private int shouldFail;

    @Test
    void listsTheRulesOfNftablesTestsInTheirCanonicalForm() throws Exception {
        for (Path file : Rulesets.files(Rulesets.required("rulesets").resolve("tests-py"), ".t")) readFile(file);
        if (Boolean.getBoolean("millrace.notes")) notes.forEach(System.out::println);
        String counts = "loaded " + loaded + ", same text " + sameText + ", same JSON " + sameJson + " of "
            + comparedJson + ", refused " + refused + " of " + shouldFail + " that must be";
        assertThat(loaded).as(counts).isGreaterThanOrEqualTo(LOADED_MIN);
        assertThat(sameText).as(counts).isGreaterThanOrEqualTo(SAME_TEXT_MIN);
        assertThat(sameJson).as(counts).isGreaterThanOrEqualTo(SAME_JSON_MIN);
        assertThat(refused).as(counts).isGreaterThanOrEqualTo(REFUSED_MIN);
        if (Boolean.getBoolean("millrace.notes")) System.out.println(counts);
    }

    private void readFile(Path file) throws Exception {
        Map<String, String> chains = new HashMap<>();
        String table = null;
        String chain = null;
        StringBuilder setup = new StringBuilder();
        Map<String, JsonNode> json = json(file);
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#") || line.startsWith("-")) continue;
            if (line.startsWith(":")) {
                String[] parts = line.substring(1).split(";", 2);
                chains.put(parts[0], parts[1]);
            } else if (line.startsWith("*")) {
                if (table != null) continue;
                String[] parts = line.substring(1).split(";");
                table = parts[0] + " t";
                chain = parts[2].split(",")[0];
                setup.append("add table ").append(table).append("\nadd chain ").append(table).append(' ').append(chain)
                    .append(" { ").append(chains.get(chain)).append("; }\n");
            } else if (line.startsWith("!") || line.startsWith("?")) {
                declare(setup, table, line);
            } else {
                rule(file, setup.toString(), "add rule " + table + " " + chain + " ", line, json);
            }
        }
    }

    /// `!set1 type ipv4_addr;ok` declares a set, `?set1 1.2.3.4;ok` adds to it.
    private static void declare(StringBuilder setup, String table, String line) {
        String[] parts = line.substring(1).split(";");
        String[] words = parts[0].split(" ", 2);
        String command = line.startsWith("?")
            ? "add element " + table + " " + words[0] + " { " + words[1] + " }\n"
            : "add " + (parts[0].contains(" : ") ? "map " : "set ") + table + " " + words[0] + " { "
                + words[1].replace(" timeout ", "; timeout ").replace(" flags ", "; flags ") + "; }\n";
        if (Rulesets.load(setup + command).isFine()) setup.append(command);
    }

    private static Map<String, JsonNode> json(Path file) {
        Map<String, JsonNode> samples = new HashMap<>();
        for (String ending : List.of(".json", ".json.output")) {
            Path path = file.resolveSibling(file.getFileName() + ending);
            if (!Files.exists(path)) continue;
            String name = null;
            StringBuilder text = new StringBuilder();
            for (String line : (Rulesets.read(path) + "\n# end").split("\n")) {
                if (!line.startsWith("# ")) {
                    text.append(line).append('\n');
                    continue;
                }
                if (name != null && !text.toString().isBlank()) samples.put(name, SampleJson.read(text.toString()));
                name = line.substring(2);
                text.setLength(0);
            }
        }
        return samples;
    }

    private void rule(Path file, String setup, String head, String line, Map<String, JsonNode> json) {
        String[] parts = line.split(";");
        String rule = parts[0];
        boolean mustFail = parts[1].equals("fail");
        NftLoader.Outcome outcome = Rulesets.load(setup + head + rule + "\n");
        String where = file.getParent().getFileName() + "/" + file.getFileName() + ": " + rule;
        if (mustFail) {
            shouldFail++;
            if (!outcome.isFine()) refused++;
            if (outcome.isFine()) notes.add("LOADS " + where);
            return;
        }
        if (!outcome.isFine()) {
            notes.add("REFUSED " + where + " -> " + outcome.errors().getFirst().message());
            return;
        }
        loaded++;
        compareText(where, outcome.ruleset(), parts.length > 2 ? parts[2] : rule);
        JsonNode wanted = json.get(rule);
        if (wanted == null) return;
        comparedJson++;
        JsonNode got = json(outcome.ruleset(), false);
        boolean isSame = uncounted(wanted).equals(uncounted(got))
            || uncounted(wanted).equals(uncounted(json(outcome.ruleset(), true)));
        if (isSame) sameJson++;
        if (!isSame) notes.add("JSON " + where + "\n   wanted " + wanted + "\n   got    " + got);
    }

    private static JsonNode json(Ruleset ruleset, boolean isNumeric) {
        var style = new TextListing.Style(false, false, isNumeric);
        JsonNode rule = null;
        for (JsonNode object : SampleJson.read(JsonListing.of(ruleset, Listing.ALL, style)).get("nftables")) {
            if (object.has("rule")) rule = object.get("rule").get("expr");
        }
        return rule;
    }

    /// The samples leave out what a counter stands at.
    private static String uncounted(JsonNode node) {
        return node.toString().replaceAll("\\{\"counter\":(null|\\{[^}]*\\})\\}", "{\"counter\":null}");
    }

    private void compareText(String where, Ruleset ruleset, String canonical) {
        var table = ruleset.tables().firstEntry().getValue();
        var rule = table.chains().firstEntry().getValue().rules().getLast();
        String got = TextListing.rule(table, rule, new TextListing.Style(false, true, true));
        String named = TextListing.rule(table, rule, new TextListing.Style(false, false, false));
        boolean isSame = normal(got).equals(normal(canonical)) || normal(named).equals(normal(canonical));
        if (isSame) sameText++;
        if (!isSame) notes.add("TEXT " + where + "\n   wanted " + normal(canonical) + "\n   got    " + normal(named));
    }

    /// Blanks around braces and commas, and the order inside braces, are free.
    private static String normal(String text) {
        String spaced = text.replaceAll(" packets 0 bytes 0", "").replaceAll("\\s*,\\s*", ",")
            .replaceAll("\\{\\s*", "{").replaceAll("\\s*\\}", "}").replaceAll("\\s*:\\s+", ":").trim();
        int open = spaced.indexOf('{');
        int close = spaced.lastIndexOf('}');
        if (open < 0 || close < open) return spaced;
        String[] items = spaced.substring(open + 1, close).split(",");
        Arrays.sort(items);
        return spaced.substring(0, open + 1) + String.join(",", items) + spaced.substring(close);
    }
}
