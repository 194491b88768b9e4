package io.millrace.control.command.sysctl;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Words;
import io.millrace.control.event.ControlEvent;
import io.millrace.control.live.InterfaceEdit;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.config.InterfaceSysctl;
import io.millrace.dataplane.config.Sysctl;
import io.millrace.dataplane.config.SysctlConfig;
import io.millrace.dataplane.config.SysctlNames;
import io.millrace.dataplane.config.TypeMask;
import io.millrace.dataplane.hook.Tracking;
import io.millrace.flow.track.machine.TrackSysctl;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `sysctl [-n] NAME...`, `sysctl -a`, `sysctl [-w] NAME=VALUE...`: several writes are one change.
public final class SysctlVerb implements ControlVerb {

    /// Read only, and of the moment.
    private static final String COUNT = TrackSysctl.PREFIX + "nf_conntrack_count";

    private final RunningDataplane running;

    public SysctlVerb(RunningDataplane running) {
        this.running = running;
    }

    @Override
    public String name() {
        return "sysctl";
    }

    @Override
    public List<String> usage() {
        return List.of("sysctl [-n] NAME...", "sysctl -a", "sysctl [-w] NAME=VALUE...");
    }

    @Override
    public Answer run(Words words, Caller caller) {
        running.router();
        boolean showsAll = false;
        boolean isWrite = false;
        boolean isBare = false;
        List<String> named = new ArrayList<>();
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "-a", "-A", "--all" -> showsAll = true;
                case "-w", "--write" -> isWrite = true;
                case "-n", "--values" -> isBare = true;
                default -> {
                    if (word.startsWith("-")) throw new Refusal(1, "sysctl: invalid option -- '" + word + "'");
                    named.add(word);
                }
            }
        }
        if (showsAll) return show(Stream.concat(names().all().stream(), Stream.of(COUNT)).sorted().toList(), isBare,
            words.isJson());
        if (named.isEmpty()) throw new Refusal(1, "sysctl: no variables specified; usage: "
            + String.join(" | ", usage()));
        boolean allWrite = named.stream().allMatch(each -> each.contains("="));
        if (isWrite && !allWrite) {
            throw new Refusal(1, "sysctl: \"" + named.stream().filter(each -> !each.contains("=")).findFirst()
                .orElseThrow() + "\" must be of the form name=value");
        }
        if (!allWrite && named.stream().anyMatch(each -> each.contains("="))) {
            throw new Refusal(1, "sysctl: names to read and names to write cannot be mixed");
        }
        if (!allWrite) return show(named.stream().map(SysctlNames::canonical).toList(), isBare, words.isJson());
        return write(named, isBare, words.isJson());
    }

    private SysctlNames names() {
        return new SysctlNames(running.config().topology().names());
    }

    private Answer show(List<String> names, boolean isBare, boolean isJson) {
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        var text = new StringBuilder();
        for (String name : names) {
            String value = shown(name);
            values.put(name, value);
            text.append(isBare ? "" : name + " = ").append(value).append('\n');
        }
        return isJson ? Answer.json(values) : Answer.text(text);
    }

    private String shown(String name) {
        SysctlConfig sysctl = running.config().sysctl();
        if (name.equals(Sysctl.ICMPV6_RATEMASK)) return sysctl.icmpv6RateMask().toString();
        if (name.equals(COUNT)) return "" + running.connectionCount();
        checkKnown(name);
        for (Sysctl each : Sysctl.values()) {
            // Two names of one setting.
            if (each == Sysctl.IP_FORWARD && name.equals(each.fullName())) {
                return "" + sysctl.shown(InterfaceSysctl.IPV4_FORWARDING, InterfaceSysctl.ALL);
            }
            if (each.fullName().equals(name)) return "" + sysctl.value(each);
        }
        TrackSysctl track = TrackSysctl.find(name);
        if (track != null) return "" + sysctl.values().getOrDefault(name, (long) track.initial());
        List<String> interfaces = new ArrayList<>(running.config().topology().names());
        interfaces.add(InterfaceSysctl.ALL);
        interfaces.add(InterfaceSysctl.DEFAULT);
        for (InterfaceSysctl each : InterfaceSysctl.values()) {
            for (String at : interfaces) {
                if (each.fullName(at).equals(name)) return "" + sysctl.shown(each, at);
            }
        }
        throw new IllegalStateException("a known sysctl without a value: " + name);
    }

    private void checkKnown(String name) {
        if (names().range(name) != null) return;
        throw new Refusal(1, "sysctl: cannot stat /proc/sys/" + name.replace('.', '/')
            + ": No such file or directory");
    }

    private Answer write(List<String> assignments, boolean isBare, boolean isJson) {
        SysctlConfig changed = running.config().sysctl();
        var written = new ArrayList<String>();
        for (String assignment : assignments) {
            int equalsAt = assignment.indexOf('=');
            String name = SysctlNames.canonical(assignment.substring(0, equalsAt).strip());
            String value = assignment.substring(equalsAt + 1).strip();
            changed = written(changed, name, value);
            written.add(name);
        }
        new InterfaceEdit(running).sysctl(changed);
        for (String name : written) running.publish(new ControlEvent.SysctlChange(name, shown(name)));
        return show(written, isBare, isJson);
    }

    private SysctlConfig written(SysctlConfig before, String name, String value) {
        try {
            if (name.equals(Sysctl.ICMPV6_RATEMASK)) return new SysctlConfig(before.values(), TypeMask.parse(value));
            if (name.equals(COUNT)) {
                throw new Refusal(1, "sysctl: permission denied on key \"" + name + "\"");
            }
            checkKnown(name);
            long number = Long.decode(value);
            SysctlNames.Range range = names().range(name);
            if (number < range.min() || number > range.max()) throw invalid(name);
            refuseRoom(name, number);
            return before.written(name, number, running.config().topology().names());
        } catch (IllegalArgumentException e) {
            throw invalid(name);
        }
    }

    /// The table of connections was made for a number of them, which may be lowered.
    private void refuseRoom(String name, long value) {
        if (name.equals(TrackSysctl.BUCKETS.key())) {
            throw new Refusal(1, "sysctl: setting key \"" + name + "\": Device or resource busy: the hash table is made"
                + " at the start, from the config file");
        }
        if (!name.equals(TrackSysctl.MAX.key())) return;
        long room = running.onRouter(_ -> {
            Tracking tracking = running.router().hooks().tracking();
            return tracking == null || !tracking.hasRoom() ? Long.MAX_VALUE : tracking.table().countMost();
        });
        if (value > room) {
            throw new Refusal(1, "sysctl: setting key \"" + name + "\": Cannot allocate memory: the table has room for "
                + room + ", as the config file said at the start");
        }
    }

    private static Refusal invalid(String name) {
        return new Refusal(1, "sysctl: setting key \"" + name + "\": Invalid argument");
    }
}
