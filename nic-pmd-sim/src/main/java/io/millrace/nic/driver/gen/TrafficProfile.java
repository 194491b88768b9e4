package io.millrace.nic.driver.gen;

import io.millrace.nic.driver.gen.stream.Stamp;
import io.millrace.nic.driver.gen.stream.StreamSpec;
import io.millrace.packet.memory.Check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The traffic that a file asks for. The number of a stream is its place in the list; stamps carry it.
public record TrafficProfile(String name, List<StreamSpec> streams) {

    public TrafficProfile {
        streams = List.copyOf(streams);
        Check.that(!streams.isEmpty(), "a profile needs one stream at least");
        Check.that(streams.size() <= Stamp.STREAMS_MAX, "streams must be at most " + Stamp.STREAMS_MAX,
            streams.size());
        Set<String> names = new HashSet<>();
        for (StreamSpec stream : streams) {
            Check.that(names.add(stream.name()), "two streams are called " + stream.name());
        }
    }

    /// True if every stream has a rate and an end: its packets have times, whoever asks for them when.
    public boolean isTimed() {
        return streams.stream().allMatch(stream -> stream.isPaced() && stream.isBounded());
    }

    /// The profile, ended after a duration, or after this many packets of each stream.
    public TrafficProfile limited(long durationNs, long countMax) {
        return with(streams.stream().map(stream -> stream.limited(durationNs, countMax)).toList());
    }

    /// The profile without ends.
    public TrafficProfile endless() {
        return with(streams.stream().map(StreamSpec::endless).toList());
    }

    /// Streams that name no port are received from this one.
    public TrafficProfile atPort(String port) {
        return with(streams.stream().map(stream -> stream.port().isEmpty() ? stream.atPort(port) : stream).toList());
    }

    /// The profile with every random number drawn anew.
    public TrafficProfile seeded(long seed) {
        var changed = new ArrayList<StreamSpec>();
        for (int i = 0; i < streams.size(); i++) changed.add(streams.get(i).seeded(seed + i));
        return with(changed);
    }

    private TrafficProfile with(List<StreamSpec> changed) {
        return new TrafficProfile(name, changed);
    }
}
