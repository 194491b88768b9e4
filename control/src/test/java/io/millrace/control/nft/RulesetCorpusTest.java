package io.millrace.control.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flow.rules.NotExecutable;
import io.millrace.flow.rules.RuleInterfaces;
import io.millrace.flow.rules.RulesetCompiler;
import io.millrace.flow.ruleset.Ruleset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Rulesets that people run, against what nft 1.0.6 and Linux made of them.
class RulesetCorpusTest {

    /// Refused by Linux as well: it jumps to a chain that another file holds.
    private static final List<String> REFUSED = List.of("github__microsoft_azurelinux__specs_n_nftables_router");

    /// Where nft 1.0.6 lists its own file wrongly, so that what it lists is not what was loaded.
    private static final Map<String, String> WRONG_IN_NFT = Map.of(
        "nftables__transactions__dumps__0002table_0", "a dormant table's flags are its name",
        "github__dlakelan_routerperf__dscptag", "a field of less than a byte as key of a map is raw payload");

    /// `destroy` came with nftables 1.0.7; before, the word was a syntax error.
    private static final List<String> KNOWS_DESTROY =
        List.of("github__mv37-org_workdir__deploy_nftables_sandbox-nat", "github__optiplex");

    private static final Map<String, String> NOT_EXECUTABLE = Map.of(
        "firewall4__01_configuration__01_ruleset", "ct helper",
        "firewall4__02_zones__06_family_selections", "ct helper",
        "firewall4__02_zones__07_helpers", "ct helper",
        "nftables__parsing__dumps__large_rule_pipe", "ct helper",
        "github__SadraKhorami_ShitM-Guard__infra_nftables_entry", "meter");
    private static final Pattern MISSED_INTERFACE = Pattern.compile("interface (\\S+) does not exist");

    @Test
    void loadsEveryAcceptedFile() {
        List<String> refused = new ArrayList<>();
        for (Path file : Rulesets.files(Rulesets.required("rulesets").resolve("accept"), ".nft")) {
            NftLoader.Outcome outcome = Rulesets.load(Rulesets.read(file));
            boolean isWrong = !outcome.isFine() && !REFUSED.contains(name(file));
            if (isWrong) refused.add(name(file) + ": " + outcome.errorText());
        }
        assertThat(refused).isEmpty();
    }

    /// What loads can also be run, given the interfaces that it names; but for what a router here has no part for.
    @Test
    void executesEveryAcceptedFile() {
        Map<String, String> refused = new TreeMap<>();
        for (Path file : Rulesets.files(Rulesets.required("rulesets").resolve("accept"), ".nft")) {
            Ruleset ruleset = Rulesets.load(Rulesets.read(file)).ruleset();
            String reason = refusal(ruleset);
            if (!reason.isEmpty()) refused.put(name(file), reason.replaceAll(".*: ", ""));
        }
        assertThat(refused).isEqualTo(NOT_EXECUTABLE);
    }

    /// Why the ruleset cannot be run; empty if it can. Interfaces that are missed are added one by one.
    private static String refusal(Ruleset ruleset) {
        List<RuleInterfaces.RuleInterface> interfaces = new ArrayList<>();
        while (true) {
            try {
                RulesetCompiler.compile(ruleset, new RuleInterfaces(interfaces), 0, 0);
                return "";
            } catch (NotExecutable e) {
                Matcher missed = MISSED_INTERFACE.matcher(e.getMessage());
                if (!missed.find()) return e.getMessage();
                interfaces.add(new RuleInterfaces.RuleInterface(missed.group(1), RuleInterfaces.TYPE_ETHERNET, 0));
            }
        }
    }

    @Test
    void listsTheSameJsonAsNft() {
        Path oracle = Rulesets.required("oracle/nft");
        Path accept = Rulesets.required("rulesets").resolve("accept");
        int compared = 0;
        for (Path file : Rulesets.files(oracle, ".json")) {
            boolean isWithoutFlows = file.toString().endsWith(".noflow.json");
            String name = file.getFileName().toString().replaceAll("(\\.noflow)?\\.json$", "");
            if (WRONG_IN_NFT.containsKey(name)) continue;
            NftLoader.Outcome outcome = Rulesets.load(Rulesets.read(accept.resolve(name + ".nft")));
            JsonNode listed = SampleJson.read(JsonListing.of(outcome.ruleset(), Listing.ALL, Rulesets.PLAIN));
            assertThat(isWithoutFlows ? withoutFlows(listed) : listed).as(name)
                .isEqualTo(isWithoutFlows ? withoutFlows(SampleJson.read(Rulesets.read(file)))
                    : SampleJson.read(Rulesets.read(file)));
            compared++;
        }
        assertThat(compared).isGreaterThanOrEqualTo(89);
    }

    /// The kernel that the listing is of has no flowtables: `flow add` was made a counter, and they were left out.
    private static JsonNode withoutFlows(JsonNode listing) {
        var objects = (ArrayNode) listing.get("nftables");
        for (int i = objects.size() - 1; i >= 0; i--) {
            if (objects.get(i).has("flowtable")) objects.remove(i);
        }
        for (JsonNode object : objects) {
            if (!object.has("rule")) continue;
            var statements = (ArrayNode) object.get("rule").get("expr");
            for (int i = 0; i < statements.size(); i++) {
                if (statements.get(i).has("flow")) {
                    ObjectNode counter = statements.objectNode();
                    counter.putObject("counter").put("packets", 0).put("bytes", 0);
                    statements.set(i, counter);
                }
            }
        }
        return listing;
    }

    @Test
    void readsItsOwnListingBackUnchanged() {
        for (Path file : Rulesets.files(Rulesets.required("rulesets").resolve("accept"), ".nft")) {
            if (REFUSED.contains(name(file))) continue;
            String listed = Rulesets.listed(Rulesets.read(file));
            assertThat(Rulesets.listed(listed)).as(name(file)).isEqualTo(listed);
        }
    }

    @Test
    void refusesEveryRejectedFileWhereNftDoes() throws Exception {
        Path folder = Rulesets.required("rulesets");
        for (String row : Files.readAllLines(folder.resolve("MANIFEST.tsv"))) {
            String[] cells = row.split("\t");
            if (!cells[0].equals("rejected")) continue;
            String name = cells[1].replaceAll("\\.nft$", "");
            NftLoader.Outcome outcome = NftLoader.load(
                Source.of("/dev/stdin", Rulesets.read(folder.resolve("rejected").resolve(cells[1]))), Ruleset.EMPTY);
            if (KNOWS_DESTROY.contains(name)) continue;
            assertThat(outcome.isFine()).as(name).isFalse();
            assertThat(outcome.ruleset()).isSameAs(Ruleset.EMPTY);
            assertThat(outcome.errorText()).as(name).startsWith(cells[3].replaceAll(":[0-9]+-.*", ":"));
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString().replaceAll("\\.nft$", "");
    }
}
