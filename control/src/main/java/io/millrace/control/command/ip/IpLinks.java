package io.millrace.control.command.ip;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Words;
import io.millrace.control.event.ControlEvent;
import io.millrace.control.live.InterfaceEdit;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.config.InterfaceConfig;
import io.millrace.dataplane.iface.Interface;

import java.util.List;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import static io.millrace.control.command.ip.IpArguments.KERNEL_REFUSED;

/// `ip link`. Interfaces come and go with the config file alone; their MTU can be set.
final class IpLinks implements IpVerb.IpObject {

    private final RunningDataplane running;
    private final LinkLines lines;

    IpLinks(RunningDataplane running) {
        this.running = running;
        this.lines = new LinkLines(running);
    }

    @Override
    public List<String> names() {
        return List.of("link");
    }

    @Override
    public List<String> usage() {
        return List.of("ip [-br] [-s] [-d] link [show [dev] PORT]", "ip link set [dev] PORT { mtu BYTES | up }...");
    }

    @Override
    public Answer run(Words words, IpOptions options) {
        String command = words.hasNext() ? words.next() : "show";
        if (IpArguments.isShow(command)) return show(words, options);
        if ("set".startsWith(command)) return set(words);
        if ("add".startsWith(command) || "delete".startsWith(command)) {
            throw new Refusal(KERNEL_REFUSED, "RTNETLINK answers: Operation not supported\n"
                + "ports and VLANs come and go with the config file, at a restart");
        }
        throw IpArguments.unknownCommand("link", command);
    }

    private Answer show(Words words, IpOptions options) {
        List<Interface> shown = IpArguments.shown(words, running);
        if (words.isJson()) return json(shown, options);
        var text = new StringBuilder();
        for (Interface each : shown) {
            if (options.isBrief()) {
                lines.appendBrief(text, each, lines.briefLink(each));
                continue;
            }
            lines.append(text, each, "mode DEFAULT ");
            if (options.hasDetails()) LinkDetails.of(running, each).appendTo(text);
            if (options.hasStatistics()) lines.appendStatistics(text, each);
        }
        return Answer.text(text);
    }

    private Answer json(List<Interface> shown, IpOptions options) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Interface each : shown) {
            ObjectNode node = array.addObject();
            lines.describe(node, each, true);
            if (options.hasDetails()) LinkDetails.of(running, each).describe(node);
            if (options.hasStatistics()) lines.describeStatistics(node, each);
        }
        return Answer.json(array);
    }

    private Answer set(Words words) {
        words.take("dev");
        String name = words.next(1, "Not enough information: \"dev\" argument is required.");
        if (!words.hasNext()) return Answer.DONE;
        int mtuBytes = 0;
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "mtu" -> {
                    String value = IpArguments.next(words);
                    mtuBytes = IpArguments.number("mtu", value, Integer.MAX_VALUE);
                }
                case "up" -> { }
                case "down", "address", "name", "vrf", "master", "netns" -> throw new Refusal(KERNEL_REFUSED,
                    "RTNETLINK answers: Operation not supported\n\"" + word + "\" of a port cannot be set");
                default -> throw IpArguments.garbage("dev", word);
            }
        }
        Interface target = IpArguments.device(running, name);
        if (mtuBytes != 0) setMtu(target, mtuBytes);
        return Answer.DONE;
    }

    private void setMtu(Interface target, int mtuBytes) {
        if (mtuBytes < InterfaceConfig.MTU_BYTES_MIN) {
            throw new Refusal(KERNEL_REFUSED, "Error: mtu less than device minimum.");
        }
        if (mtuBytes > InterfaceConfig.MTU_BYTES_MAX) {
            throw new Refusal(KERNEL_REFUSED, "Error: mtu greater than device maximum.");
        }
        new InterfaceEdit(running).mtu(target.name(), mtuBytes);
        running.publish(new ControlEvent.InterfaceChange("set", target.name(), "mtu " + mtuBytes));
    }
}
