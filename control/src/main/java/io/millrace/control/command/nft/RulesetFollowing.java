package io.millrace.control.command.nft;

import io.millrace.control.command.Caller;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.control.nft.RulesetDifference;
import io.millrace.control.nft.RulesetEvent;
import io.millrace.flow.ruleset.Ruleset;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Who follows what commits do to the ruleset (`nft monitor`). While somebody does, a thread of its own compares the
/// rulesets before and after each commit, and the control thread tells what came of it, some lines a turn. What a
/// caller does not read is counted, and told with what it gets next.
public final class RulesetFollowing {

    private static final int FOLLOWERS_MAX = 64;
    private static final int EVENTS_A_TURN = 64;
    private static final int COMMITS_WAITING_MAX = 1_024;

    private static final class Follower {
        private final MonitorOptions options;
        private final Caller caller;
        private final StringBuilder gathered = new StringBuilder();
        private int gatheredCount;
        private long lostCount;

        private Follower(MonitorOptions options, Caller caller) {
            this.options = options;
            this.caller = caller;
        }

        private void gather(String line) {
            gathered.append(line).append('\n');
            gatheredCount++;
        }

        private void tell() {
            if (gatheredCount == 0) return;
            ObjectNode params = JsonNodeFactory.instance.objectNode().put("text", gathered.toString());
            if (lostCount > 0) params.put("lost", lostCount);
            if (caller.tell("output", params)) lostCount = 0;
            else lostCount += gatheredCount;
            gathered.setLength(0);
            gatheredCount = 0;
        }
    }

    private record Commit(long generation, List<RulesetEvent> events) {
    }

    private final List<Follower> followers = new ArrayList<>();
    private final Queue<CompletableFuture<Commit>> commits = new ArrayDeque<>();
    private int toldCount;   // events of the first commit

    public RulesetFollowing(RunningDataplane running) {
        running.onRules(this::changed);
    }

    void add(MonitorOptions options, Caller caller) {
        if (followers.size() == FOLLOWERS_MAX) {
            throw new Refusal(1, "nft: " + FOLLOWERS_MAX + " monitor already; that many may");
        }
        followers.add(new Follower(options, caller));
    }

    private void changed(Ruleset before, Ruleset after) {
        if (followers.isEmpty()) return;
        if (commits.size() == COMMITS_WAITING_MAX) {
            for (Follower each : followers) each.lostCount++;
            return;
        }
        commits.add(CompletableFuture.supplyAsync(() ->
            new Commit(after.generation(), RulesetDifference.between(before, after))));
    }

    /// Once a turn of the control thread.
    public void turn() {
        if (followers.isEmpty()) return;
        followers.removeIf(each -> !each.caller.isConnected());
        if (followers.isEmpty()) {
            commits.clear();
            toldCount = 0;
            return;
        }
        if (commits.isEmpty() || !commits.peek().isDone()) return;
        Commit commit = commits.peek().join();
        List<RulesetEvent> events = commit.events();
        int until = Math.min(events.size(), toldCount + EVENTS_A_TURN);
        while (toldCount < until) {
            RulesetEvent event = events.get(toldCount++);
            for (Follower each : followers) gather(each, event);
        }
        if (toldCount == events.size()) end(commit);
        for (Follower each : followers) each.tell();
    }

    private static void gather(Follower follower, RulesetEvent event) {
        MonitorOptions options = follower.options;
        if (!options.wants(event)) return;
        follower.gather((options.isJson() ? event.json() : event.text()).apply(options.style()));
    }

    private void end(Commit commit) {
        commits.remove();
        toldCount = 0;
        if (commit.events().isEmpty()) return;
        for (Follower each : followers) {
            boolean isTold = each.options.isWhole() && !each.options.isJson();
            if (isTold) each.gather("# new generation " + commit.generation() + " by process "
                + ProcessHandle.current().pid() + " (millrace)");
        }
    }
}
