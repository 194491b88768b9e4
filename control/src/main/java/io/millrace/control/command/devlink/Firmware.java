package io.millrace.control.command.devlink;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Words;
import io.millrace.control.device.NicControl;
import io.millrace.control.live.Refusal;
import io.millrace.control.parser.GraphFile;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.nic.program.FirmwareException;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.packet.document.DocumentException;
import io.millrace.packet.parse.cpr.CprWriter;
import io.millrace.packet.parse.device.DeviceLimitException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Supplier;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `devlink dev flash`, `reload` and `parser show`. What is refused leaves the device with what it ran and had stored.
final class Firmware {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final NicControl nic;

    Firmware(NicControl nic) {
        this.nic = nic;
    }

    Answer flash(Words words) {
        DevlinkVerb.expect(words, "file");
        Path file = Path.of(DevlinkVerb.word(words));
        DevlinkVerb.end(words);
        try {
            nic.firmware().flash(Files.readAllBytes(file));
        } catch (FirmwareException e) {
            throw refused(file + ": " + e.getMessage(), "Invalid argument");
        } catch (NoSuchFileException e) {
            throw refused("failed to locate the requested firmware file", "No such file or directory");
        } catch (IOException e) {
            throw refused("cannot read " + file + ": " + e.getMessage(), "Input/output error");
        }
        return Answer.text("Preparing to flash\nFlashing 100%\n");
    }

    Answer reload(Words words) {
        String action = words.take("action") ? DevlinkVerb.word(words) : null;
        if (action == null || action.equals("driver_reinit") || action.equals("fw_activate")) {
            limit(words, action);
            return reloaded(nic::boot, action, words);
        }
        if (!action.equals("parser-fetch")) {
            throw refused("Requested reload action is not supported by the driver", "Operation not supported");
        }
        Path file = Path.of(DevlinkVerb.word(words));
        DevlinkVerb.end(words);
        GraphFile graph = graph(file);
        return reloaded(() -> nic.fetchParser(graph.program()), action, words);
    }

    private static void limit(Words words, String action) {
        if (words.take("limit")) {
            String limit = DevlinkVerb.word(words);
            if (!limit.equals("no_reset")) throw refused("Requested limit is not supported by the driver",
                "Operation not supported");
            boolean isReinit = action == null || action.equals("driver_reinit");
            if (isReinit) throw refused("Requested limit is invalid for this action", "Invalid argument");
        }
        DevlinkVerb.end(words);
    }

    private static GraphFile graph(Path file) {
        try {
            return GraphFile.read(file);
        } catch (DocumentException | ConfigException e) {
            throw refused(e.getMessage(), "Invalid argument");
        } catch (UncheckedIOException e) {
            throw refused(e.getMessage(), "No such file or directory");
        }
    }

    private Answer reloaded(Supplier<CommandResult> reload, String action, Words words) {
        CommandResult result;
        try {
            result = reload.get();
        } catch (DeviceLimitException e) {
            throw refused("the device has no room for the parser: " + e.getMessage(), "No space left on device");
        }
        if (result != CommandResult.DONE) throw refused("the device refused", result.meaning());
        if (words.isJson()) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            if (action != null) node.putObject("reload").putObject(nic.handle()).putArray("reload_actions_performed")
                .add(action);
            return Answer.json(node);
        }
        return Answer.text(action == null ? "" : "reload_actions_performed:\n  " + action + "\n");
    }

    /// The graph that the device runs, as the document that has its hash.
    Answer parser(Words words) {
        if (words.take("-j")) words.wantJson();
        DevlinkVerb.end(words);
        String document = CprWriter.write(nic.graph());
        return words.isJson() ? Answer.json(MAPPER.readTree(document)) : Answer.text(document);
    }

    private static Refusal refused(String why, String errno) {
        return new Refusal(1, "Error: " + why + "\nkernel answers: " + errno);
    }
}
