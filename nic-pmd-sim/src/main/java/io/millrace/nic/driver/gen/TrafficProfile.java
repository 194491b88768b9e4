package io.millrace.nic.driver.gen;

import io.millrace.nic.driver.gen.replay.CaptureSpec;
import io.millrace.nic.driver.gen.session.SessionSpec;
import io.millrace.nic.driver.gen.stream.Stamp;
import io.millrace.nic.driver.gen.stream.StreamSpec;
import io.millrace.packet.memory.Check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The traffic that a file asks for: streams of packets, sessions of two ends, captures sent again. The number of a
/// stream is its place in the list; stamps carry it.
public record TrafficProfile(String name, List<StreamSpec> streams, List<SessionSpec> sessions,
                             List<CaptureSpec> captures) {

    public TrafficProfile {
        streams = List.copyOf(streams);
        sessions = List.copyOf(sessions);
        captures = List.copyOf(captures);
        Check.that(!streams.isEmpty() || !sessions.isEmpty() || !captures.isEmpty(),
            "a profile needs streams, sessions or captures");
        Check.that(streams.size() <= Stamp.STREAMS_MAX, "streams must be at most " + Stamp.STREAMS_MAX,
            streams.size());
        Set<String> names = new HashSet<>();
        for (StreamSpec each : streams) checkNew(names, each.name());
        for (SessionSpec each : sessions) checkNew(names, each.name());
        for (CaptureSpec each : captures) checkNew(names, each.name());
    }

    private static void checkNew(Set<String> names, String each) {
        Check.that(names.add(each), "two of a profile are called " + each);
    }

    public static TrafficProfile ofStreams(String name, List<StreamSpec> streams) {
        return new TrafficProfile(name, streams, List.of(), List.of());
    }

    /// True if all have a rate and an end: packets have times, whoever asks for them when.
    public boolean isTimed() {
        return streams.stream().allMatch(each -> each.isPaced() && each.isBounded())
            && sessions.stream().allMatch(each -> each.isPaced() && each.isBounded())
            && captures.stream().allMatch(each -> each.isPaced() && each.isBounded());
    }

    /// The profile, ended after a duration, or after this many packets of each stream and sessions of each kind.
    public TrafficProfile limited(long durationNs, long countMax) {
        return new TrafficProfile(name, streams.stream().map(each -> each.limited(durationNs, countMax)).toList(),
            sessions.stream().map(each -> each.limited(durationNs, countMax)).toList(),
            captures.stream().map(each -> each.limited(durationNs, countMax)).toList());
    }

    /// The profile without ends.
    public TrafficProfile endless() {
        return new TrafficProfile(name, streams.stream().map(StreamSpec::endless).toList(),
            sessions.stream().map(SessionSpec::endless).toList(), captures.stream().map(CaptureSpec::endless).toList());
    }

    /// What names no port is received from the first of these, but servers from the last.
    public TrafficProfile atPorts(String first, String last) {
        return new TrafficProfile(name,
            streams.stream().map(each -> each.port().isEmpty() ? each.atPort(first) : each).toList(),
            sessions.stream().map(each -> each.atPorts(first, last)).toList(),
            captures.stream().map(each -> each.atPort(first)).toList());
    }

    /// The profile with everything at one port, whatever it names.
    public TrafficProfile allAt(String port) {
        return new TrafficProfile(name, streams.stream().map(each -> each.atPort(port)).toList(),
            sessions.stream().map(each -> each.allAt(port)).toList(),
            captures.stream().map(each -> each.allAt(port)).toList());
    }

    /// The profile with every random number drawn anew.
    public TrafficProfile seeded(long seed) {
        var changedStreams = new ArrayList<StreamSpec>();
        for (int i = 0; i < streams.size(); i++) changedStreams.add(streams.get(i).seeded(seed + i));
        var changedSessions = new ArrayList<SessionSpec>();
        for (int i = 0; i < sessions.size(); i++) changedSessions.add(sessions.get(i).seeded(seed + i));
        return new TrafficProfile(name, changedStreams, changedSessions, captures);
    }
}
