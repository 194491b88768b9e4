package io.millrace.control.command.devlink;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Words;
import io.millrace.control.device.NicControl;
import io.millrace.control.device.Nics;
import io.millrace.control.event.ControlEvent;
import io.millrace.control.live.Refusal;

import java.util.List;
import java.util.function.Consumer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `devlink OBJECT COMMAND`. Files that it names are read by the process that forwards.
public final class DevlinkVerb implements ControlVerb {

    private final Nics nics;
    private final Consumer<ControlEvent> events;

    /// @param events is told of changes of mode
    public DevlinkVerb(Nics nics, Consumer<ControlEvent> events) {
        this.nics = nics;
        this.events = events;
    }

    @Override
    public String name() {
        return "devlink";
    }

    @Override
    public List<String> usage() {
        return List.of("devlink dev [show [DEV]]", "devlink dev info [DEV]", "devlink dev flash DEV file FILE",
            "devlink dev reload DEV [action driver_reinit|fw_activate]",
            "devlink dev reload DEV action parser-fetch FILE", "devlink dev parser show DEV",
            "devlink dev eswitch show DEV", "devlink dev eswitch set DEV mode { legacy | switchdev }",
            "devlink port show [DEV/PORT_INDEX]",
            "devlink resource show DEV", "devlink health [show [DEV reporter NAME]]",
            "devlink health recover DEV reporter NAME", "devlink health diagnose DEV reporter NAME");
    }

    @Override
    public Answer run(Words words, Caller caller) {
        while (words.hasNext() && words.peek().startsWith("-")) option(words);
        String object = word(words);
        return switch (object) {
            case "dev" -> dev(words, caller);
            case "port" -> {
                if (isOneOf(words, "add", "del", "function", "set", "split", "unsplit", "param")) {
                    throw unsupported("ports are what the configuration says");
                }
                expect(words, "show");
                yield Ports.show(nics, words);
            }
            case "resource" -> {
                if (isOneOf(words, "set")) throw unsupported("sizes are what the model says");
                expect(words, "show");
                yield Resources.show(device(words), words);
            }
            case "health" -> new Health(nics).run(words);
            case "region", "trap", "rate", "sb", "dpipe", "lc", "linecard" -> nothing(words, object);
            default -> throw new Refusal(1, "Object \"" + object + "\" not found");
        };
    }

    private static void option(Words words) {
        String option = words.next();
        boolean isJson = option.equals("-j") || option.equals("-jp") || option.equals("-pj");
        if (isJson) words.wantJson();
        else if (!option.equals("-p")) throw new Refusal(1, "Unknown option \"" + option + "\"; allowed: -j, -p");
    }

    private Answer dev(Words words, Caller caller) {
        String command = words.hasNext() ? words.next() : "show";
        return switch (command) {
            case "show" -> show(words);
            case "info" -> DeviceInfo.show(some(words), words.isJson());
            case "flash" -> new Firmware(device(words)).flash(words);
            case "reload" -> new Firmware(device(words)).reload(words);
            case "parser" -> {
                expect(words, "show");
                yield new Firmware(device(words)).parser(words);
            }
            case "eswitch" -> eswitch(words, caller);
            case "param" -> nothing(words, command);
            default -> throw new Refusal(1, "Command \"" + command + "\" not found");
        };
    }

    /// What devlink knows, and no device here has any of: to list them prints nothing, and that is all.
    private static Answer nothing(Words words, String object) {
        if (words.hasNext() && !words.take("show")) {
            throw unsupported("the devices have nothing that devlink calls " + object);
        }
        return words.isJson() ? Answer.json(object(object, JsonNodeFactory.instance.objectNode())) : Answer.DONE;
    }

    private static boolean isOneOf(Words words, String... commands) {
        return words.hasNext() && List.of(commands).contains(words.peek());
    }

    static Refusal unsupported(String why) {
        return new Refusal(1, "kernel answers: Operation not supported\n" + why);
    }

    private Answer eswitch(Words words, Caller caller) {
        String command = word(words);
        return switch (command) {
            case "show" -> new EswitchCommand(device(words), events).show(words);
            case "set" -> new EswitchCommand(device(words), events).set(words, caller);
            default -> throw new Refusal(1, "Command \"" + command + "\" not found");
        };
    }

    private Answer show(Words words) {
        List<NicControl> some = some(words);
        if (!words.isJson()) {
            var text = new StringBuilder();
            some.forEach(each -> text.append(each.handle()).append('\n'));
            return Answer.text(text);
        }
        ObjectNode devices = JsonNodeFactory.instance.objectNode();
        some.forEach(each -> devices.putObject(each.handle()));
        return Answer.json(object("dev", devices));
    }

    /// The device that is named, or all.
    private List<NicControl> some(Words words) {
        if (!words.hasNext()) return nics.all();
        List<NicControl> one = List.of(device(words));
        end(words);
        return one;
    }

    private NicControl device(Words words) {
        return nics.handled(word(words));
    }

    static String word(Words words) {
        if (!words.hasNext()) throw new Refusal(1, "Command line is not complete. Try option \"help\"");
        return words.next();
    }

    static void end(Words words) {
        if (words.hasNext()) throw new Refusal(1, "Unknown option \"" + words.peek() + "\"");
    }

    static void expect(Words words, String command) {
        if (!words.take(command)) throw notFound(words);
    }

    private static Refusal notFound(Words words) {
        return new Refusal(1, words.hasNext() ? "Command \"" + words.peek() + "\" not found"
            : "Command line is not complete. Try option \"help\"");
    }

    /// As devlink answers: everything in an object by the name of what was asked for.
    static ObjectNode object(String name, JsonNode members) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set(name, members);
        return node;
    }
}
