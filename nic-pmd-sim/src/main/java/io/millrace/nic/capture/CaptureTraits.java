package io.millrace.nic.capture;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// What an output must know of the captures whose packets it will get before the first of them comes: a classic pcap
/// has one link type and one resolution, and says both in its first bytes.
///
/// @param linkTypes            of the packets, none for captures without packets
/// @param isWholeMicroseconds  microseconds keep all their times exactly
public record CaptureTraits(SortedSet<Integer> linkTypes, boolean isWholeMicroseconds) {

    /// Of no capture at all.
    public static final CaptureTraits NONE = new CaptureTraits(new TreeSet<>(), true);

    public CaptureTraits {
        linkTypes = Collections.unmodifiableSortedSet(new TreeSet<>(linkTypes));
    }

    /// Of packets that are made here: one link type, times of which only microseconds matter.
    public static CaptureTraits ofLinkType(int linkType) {
        return new CaptureTraits(new TreeSet<>(List.of(linkType)), true);
    }

    /// Reads the header of a pcap, and every block of a pcapng, which may declare interfaces anywhere.
    public static CaptureTraits of(Path file) throws CaptureException {
        try (CaptureReader reader = CaptureReader.open(file)) {
            if (reader instanceof PcapReader) return NONE.with(reader.captureInterface(0));
            CaptureTraits traits = NONE;
            int knownIndex = -1;
            while (reader.advance()) {
                if (reader.interfaceIndex() == knownIndex) continue;
                knownIndex = reader.interfaceIndex();
                traits = traits.with(reader.captureInterface(knownIndex));
            }
            return traits;
        }
    }

    /// Of both sets of packets together.
    public CaptureTraits and(CaptureTraits other) {
        var union = new TreeSet<>(linkTypes);
        union.addAll(other.linkTypes);
        return new CaptureTraits(union, isWholeMicroseconds && other.isWholeMicroseconds);
    }

    private CaptureTraits with(CaptureInterface added) {
        boolean isWhole = isWholeMicroseconds && added.timeScale().isWholeMicroseconds();
        if (isWhole == isWholeMicroseconds && linkTypes.contains(added.linkType())) return this;
        var union = new TreeSet<>(linkTypes);
        union.add(added.linkType());
        return new CaptureTraits(union, isWhole);
    }

    /// The coarsest resolution that keeps the times: a constant of [TimeScale].
    public int resolution() {
        return isWholeMicroseconds ? TimeScale.MICROSECONDS : TimeScale.NANOSECONDS;
    }

    /// The one link type that all packets have; `ifNone` where there are none. Two are an error for `file`.
    public int onlyLinkType(Path file, int ifNone) throws CaptureException {
        if (linkTypes.size() > 1) {
            throw new CaptureException(file, "packets of one link type, for a classic pcap takes no more",
                "link types " + linkTypes + " (use a name that ends in .pcapng)");
        }
        return linkTypes.isEmpty() ? ifNone : linkTypes.first();
    }
}
