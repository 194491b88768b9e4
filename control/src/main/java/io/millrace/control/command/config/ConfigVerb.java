package io.millrace.control.command.config;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Words;
import io.millrace.control.config.ConfigFile;
import io.millrace.control.config.ConfigWriter;
import io.millrace.control.config.ControlConfig;
import io.millrace.control.config.RulesetException;
import io.millrace.control.event.ControlEvent;
import io.millrace.control.live.ConfigDifference;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningConfig;
import io.millrace.control.live.RunningDataplane;
import io.millrace.control.nft.Listing;
import io.millrace.control.nft.NftLoader;
import io.millrace.control.nft.Source;
import io.millrace.control.nft.TextListing;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.Forwarding;
import io.millrace.dataplane.config.RulesConfig;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.packet.document.DocumentException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// `config diff|reload|save [FILE]`. Paths are relative to the folder in which the run was started; without FILE the
/// run's own config file is meant.
public final class ConfigVerb implements ControlVerb {

    private final RunningDataplane running;
    private final ControlConfig control;

    public ConfigVerb(RunningDataplane running, ControlConfig control) {
        this.running = running;
        this.control = control;
    }

    @Override
    public String name() {
        return "config";
    }

    @Override
    public List<String> usage() {
        return List.of("config diff [FILE]", "config reload [FILE]", "config save [FILE]");
    }

    @Override
    public Answer run(Words words, Caller caller) {
        String command = words.next(1, "config what? allowed: diff, reload, save");
        Path file = words.hasNext() ? path(words.next()) : control.file().orElseThrow(() ->
            new Refusal(1, "the run was started without a config file: name one"));
        words.end("config " + command + " [FILE]");
        return switch (command) {
            case "diff" -> shown(difference(file), words.isJson());
            case "reload" -> shown(reload(file), words.isJson());
            case "save" -> save(file);
            default -> throw new Refusal(1, "unknown command \"" + command + "\"; allowed: diff, reload, save");
        };
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new Refusal(1, "no name of a file: " + e.getMessage());
        }
    }

    /// Reads the run's config file and makes it what runs: all of it, or nothing and a [Refusal]. Returns what changed.
    public List<ConfigDifference.Change> reload() {
        return reload(control.file().orElseThrow());
    }

    private List<ConfigDifference.Change> reload(Path file) {
        ConfigFile read = read(file);
        var difference = new ConfigDifference(running, read.config());
        List<ConfigDifference.Change> changes = changes(difference, read.control());
        List<String> fixed = changes.stream().filter(each -> each.sign() == '!')
            .map(ConfigDifference.Change::subject).toList();
        if (!fixed.isEmpty()) {
            throw new Refusal(1, file + ": nothing was changed: this needs a restart: " + String.join(", ", fixed));
        }
        difference.apply();
        running.publish(new ControlEvent.ConfigReload(file.toString(), changes.size()));
        return changes;
    }

    private List<ConfigDifference.Change> difference(Path file) {
        ConfigFile read = read(file);
        return changes(new ConfigDifference(running, read.config()), read.control());
    }

    private List<ConfigDifference.Change> changes(ConfigDifference difference, ControlConfig wanted) {
        var changes = new ArrayList<>(difference.changes());
        if (!wanted.socket().equals(control.socket())) changes.add(new ConfigDifference.Change('!', "control"));
        if (!wanted.counters().equals(control.counters())) changes.add(new ConfigDifference.Change('!', "counters"));
        if (!wanted.metrics().equals(control.metrics())) changes.add(new ConfigDifference.Change('!', "metrics"));
        return changes;
    }

    private static ConfigFile read(Path file) {
        try {
            return ConfigFile.read(file);
        } catch (DocumentException e) {
            throw new Refusal(1, e.getMessage());
        } catch (RulesetException e) {
            throw new Refusal(1, e.getMessage());
        } catch (UncheckedIOException e) {
            throw new Refusal(1, e.getMessage() + ": " + e.getCause().getMessage());
        }
    }

    private static Answer shown(List<ConfigDifference.Change> changes, boolean isJson) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        var text = new StringBuilder();
        for (ConfigDifference.Change each : changes) {
            array.addObject().put("sign", String.valueOf(each.sign())).put("subject", each.subject());
            text.append(each.sign()).append(' ').append(each.subject())
                .append(each.sign() == '!' ? " (needs a restart)" : "").append('\n');
        }
        return isJson ? Answer.json(array) : Answer.text(text);
    }

    private Answer save(Path file) {
        String text;
        try {
            DataplaneConfig whole = new RunningConfig(running).whole();
            Optional<RulesConfig> written = rulesToWrite(whole, file);
            if (written.isPresent()) whole = whole.withRules(written.get());
            text = ConfigWriter.write(whole, control);
        } catch (ConfigException e) {
            throw new Refusal(1, "nothing was written: what runs could not be started from a file: " + e.getMessage());
        }
        replace(file, text);
        return Answer.DONE;
    }

    /// Rules that are not those of their file any more are saved beside the config: with what was counted left out.
    /// Empty where the file still says what runs.
    private static Optional<RulesConfig> rulesToWrite(DataplaneConfig whole, Path file) {
        if (whole.forwarding() == Forwarding.PATCH) return Optional.empty();
        var style = new TextListing.Style(false, true, false);
        String listed = TextListing.of(whole.rules().ruleset(), Listing.ALL, style);
        Optional<Path> from = whole.rules().file();
        if (from.isEmpty() && listed.isEmpty()) return Optional.empty();
        if (from.isPresent() && listed.equals(listed(from.get(), style))) return Optional.empty();
        String name = file.getFileName().toString();
        int dotAt = name.lastIndexOf('.');
        Path rules = file.resolveSibling((dotAt <= 0 ? name : name.substring(0, dotAt)) + ".nft");
        replace(rules, listed);
        return Optional.of(new RulesConfig(Optional.of(rules), whole.rules().ruleset(), whole.rules().looksUpFlows()));
    }

    /// What a file of commands gives, listed; empty where that cannot be said.
    private static String listed(Path file, TextListing.Style style) {
        try {
            var source = new Source(file.toString(), Files.readString(file), file.toAbsolutePath().getParent());
            return TextListing.of(NftLoader.load(source, Ruleset.EMPTY).ruleset(), Listing.ALL, style);
        } catch (IOException e) {
            return "";
        }
    }

    /// A half-written file must never stand in the place of a whole one.
    private static void replace(Path file, String text) {
        try {
            Path absolute = file.toAbsolutePath();
            Path made = Files.createTempFile(absolute.getParent(), ".config", ".new");
            try {
                Files.writeString(made, text);
                Files.move(made, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(made);
            }
        } catch (IOException e) {
            throw new Refusal(1, file + " cannot be written: " + e.getMessage());
        }
    }
}
