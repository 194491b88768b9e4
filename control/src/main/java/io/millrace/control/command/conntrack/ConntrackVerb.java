package io.millrace.control.command.conntrack;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.hook.Tracking;
import io.millrace.flow.track.Connections;
import io.millrace.flow.tuple.Tuple;

import java.util.List;

import tools.jackson.databind.node.JsonNodeFactory;

/// `conntrack -L|-G|-D|-F|-E|-S|-C [FILTERS]`.
public final class ConntrackVerb implements ControlVerb {

    private final RunningDataplane running;
    private final ConnectionFollowing following;

    public ConntrackVerb(RunningDataplane running, ConnectionFollowing following) {
        this.running = running;
        this.following = following;
    }

    @Override
    public String name() {
        return "conntrack";
    }

    @Override
    public List<String> usage() {
        return List.of("conntrack -L [FILTERS] [-z] [-o extended,id]", "conntrack -D FILTERS", "conntrack -F",
            "conntrack -G -p PROTOCOL -s ADDRESS -d ADDRESS --sport PORT --dport PORT",
            "conntrack -E [FILTERS] [-e NEW,UPDATES,DESTROY] [-o timestamp,extended,id]", "conntrack -S",
            "conntrack -C");
    }

    @Override
    public Answer run(Words words, Caller caller) {
        running.router();
        ConntrackOptions options = ConntrackOptions.read(words);
        return switch (options.command()) {
            case LIST, DELETE, FLUSH -> Answer.later(new ConnectionScan(running, options, caller, words.isJson()));
            case GET -> get(options, caller, words.isJson());
            case EVENT -> {
                following.add(options, caller);
                yield Answer.DONE;
            }
            case STATISTICS -> statistics(words.isJson());
            case COUNT -> count(words.isJson());
        };
    }

    private Answer get(ConntrackOptions options, Caller caller, boolean isJson) {
        Tuple tuple = options.filter.exact();
        if (tuple == null) {
            throw ConntrackOptions.wrong("-G needs -p, -s, -d, and --sport and --dport, or --icmp-type, --icmp-code and "
                + "--icmp-id");
        }
        int entry = running.onRouter(nowNs -> {
            Tracking tracking = running.router().hooks().tracking();
            return tracking == null ? Connections.NONE : tracking.table().find(tuple, nowNs);
        });
        if (entry == Connections.NONE) {
            throw new Refusal(1, ConntrackOptions.NAME + "Operation failed: No such file or directory");
        }
        return Answer.later(new ConnectionScan(running, options, caller, isJson, entry));
    }

    private Answer statistics(boolean isJson) {
        String line = running.onRouter(_ -> {
            Tracking tracking = running.router().hooks().tracking();
            return tracking == null ? "" : tracking.table().counters().text(0) + "\n";
        });
        if (!isJson) return Answer.text(line);
        var array = JsonNodeFactory.instance.arrayNode();
        if (line.isEmpty()) return Answer.json(array);
        var node = array.addObject();
        for (String each : line.strip().split("\\s+")) {
            String[] parts = each.split("=");
            node.put(parts[0], Long.parseLong(parts[1]));
        }
        return Answer.json(array);
    }

    private Answer count(boolean isJson) {
        int count = running.connectionCount();
        return isJson ? Answer.json(JsonNodeFactory.instance.numberNode(count)) : Answer.text(count + "\n");
    }
}
