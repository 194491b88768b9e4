package io.millrace.control.command.nft;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Steps;
import io.millrace.control.command.Words;
import io.millrace.control.live.RunningDataplane;
import io.millrace.control.live.RunningRules;
import io.millrace.control.nft.JsonListing;
import io.millrace.control.nft.Listing;
import io.millrace.control.nft.TextListing;
import io.millrace.flow.ruleset.Ruleset;

import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// `nft [OPTIONS] COMMAND`, `nft [OPTIONS] -f FILE|-`: all of it happens, or nothing. Parsed and compiled by a thread
/// of its own; counters, sets and connections go on.
public final class NftCommand implements ControlVerb {

    private static final int COMMAND_CHARS_MAX = 200;

    private final RunningDataplane running;
    private final RunningRules rules;
    private final RulesetFollowing following;
    private final JsonMapper mapper = new JsonMapper();

    public NftCommand(RunningDataplane running, RulesetFollowing following) {
        this.running = running;
        this.following = following;
        this.rules = new RunningRules(running);
    }

    @Override
    public String name() {
        return "nft";
    }

    @Override
    public List<String> usage() {
        return List.of("nft [-acjns] -f FILE|-",
            "nft [-acjns] add|create|insert|replace|delete|destroy|flush|rename|reset …",
            "nft [-ajns] list ruleset|tables|table|chains|chain|sets|set|maps|map|flowtables|flowtable|counters|quotas"
                + "|limits [FAMILY] [TABLE] [NAME]",
            "nft [-ajn] monitor [new|destroy] [" + String.join("|", MonitorOptions.WHATS) + "]");
    }

    private record Read(RunningRules.Prepared prepared, NftOptions options, Ruleset before) {
    }

    @Override
    public Answer run(Words words, Caller caller) {
        running.router();
        NftOptions options = NftOptions.read(words);
        if (MonitorOptions.isAsked(options)) {
            following.add(MonitorOptions.read(options, words.isJson()), caller);
            return Answer.DONE;
        }
        boolean isJson = words.isJson();
        RunningRules.Present present = rules.present();
        return Answer.later(Steps.after(
            () -> new Read(rules.read(options.source(), present), options, RunningRules.shown(present)),
            read -> done(read, isJson)));
    }

    private Answer done(Read read, boolean isJson) {
        NftOptions options = read.options();
        RunningRules.Prepared prepared = read.prepared();
        if (prepared.config() != null && !options.isCheck()) rules.commit(prepared, command(options));
        if (options.isCheck()) return Answer.DONE;
        Ruleset after = prepared.outcome().ruleset();
        List<Listing> listings = prepared.outcome().listings();
        if (isJson) return Answer.json(json(listings, read, after));
        var text = new StringBuilder();
        for (Listing each : listings) {
            text.append(TextListing.of(each.isReset() ? read.before() : after, each, options.style()));
        }
        return Answer.text(text);
    }

    /// What `nft -j` prints; the objects of several listings together.
    private JsonNode json(List<Listing> listings, Read read, Ruleset after) {
        JsonNode whole = null;
        for (Listing each : listings) {
            JsonNode one = mapper.readTree(
                JsonListing.of(each.isReset() ? read.before() : after, each, read.options().style()));
            if (whole == null) {
                whole = one;
            } else {
                ArrayNode objects = (ArrayNode) whole.get("nftables");
                for (int i = 1; i < one.get("nftables").size(); i++) objects.add(one.get("nftables").get(i));
            }
        }
        return whole;
    }

    private static String command(NftOptions options) {
        String text = options.said();
        return text.length() <= COMMAND_CHARS_MAX ? text : text.substring(0, COMMAND_CHARS_MAX) + "…";
    }
}
