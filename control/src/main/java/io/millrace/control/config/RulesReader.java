package io.millrace.control.config;

import io.millrace.control.nft.NftLoader;
import io.millrace.control.nft.Source;
import io.millrace.dataplane.config.RulesConfig;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Reads `ruleset`, the name of a file in the language of nftables, and `flowtable-lookup`.
final class RulesReader {

    private final DocumentNode root;
    private final DocumentProblems problems;
    private String nftErrors = "";

    RulesReader(DocumentNode root, DocumentProblems problems) {
        this.root = root;
        this.problems = problems;
    }

    RulesConfig read() {
        boolean looksUpFlows = root.get("flowtable-lookup")
            .flatMap(node -> problems.attempt(() -> node.asOneOf("on", "off").equals("on"))).orElse(true);
        Optional<DocumentNode> node = root.get("ruleset");
        if (node.isEmpty()) return new RulesConfig(Optional.empty(), Ruleset.EMPTY, looksUpFlows);
        return problems.attempt(() -> read(node.get(), looksUpFlows)).orElse(RulesConfig.NONE);
    }

    private RulesConfig read(DocumentNode node, boolean looksUpFlows) {
        Path file = node.as(Path::of);
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw node.error("\"" + file + "\" cannot be read", "a file of nftables commands");
        }
        NftLoader.Outcome outcome =
            NftLoader.load(new Source(file.toString(), text, file.toAbsolutePath().getParent()), Ruleset.EMPTY);
        if (!outcome.isFine()) nftErrors = outcome.errorText();
        return new RulesConfig(Optional.of(file), outcome.ruleset(), looksUpFlows);
    }

    /// Says what is wrong in the ruleset itself, as nft does.
    void refuseWrongRules() {
        if (!nftErrors.isEmpty()) throw new RulesetException(nftErrors);
    }
}
