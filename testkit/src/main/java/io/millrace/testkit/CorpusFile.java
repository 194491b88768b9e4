package io.millrace.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/// One capture of the corpus, as its manifest describes it.
///
/// - `name`: path below the corpus, `ndpi/443-git.pcap`; the key of [TsharkOracle]
/// - `linkTypes`: of its packets, in ascending order; empty if the file has no packets or the type is unknown
/// - `format`: first four bytes in hexadecimal, as they lie in the file, or `pcapng`
/// - `damage`: what is wrong with the file as a container; empty if nothing is
/// - `features`: how many packets show a feature, as the manifest names it (`vlan`, `ipfrag`, …)
public record CorpusFile(String name, Path path, int packetCount, List<Integer> linkTypes, String format,
                         String damage, Map<String, Integer> features) {

    public CorpusFile {
        linkTypes = List.copyOf(linkTypes);
        features = Map.copyOf(features);
    }

    public boolean isPcapng()  { return format.equals("pcapng"); }
    public boolean isDamaged() { return !damage.isEmpty(); }

    public boolean has(String feature) {
        return features.containsKey(feature);
    }

    public boolean isGzipped() {
        return name.endsWith(".gz");
    }

    /// The capture itself: what the file holds, unpacked if it is gzipped.
    public byte[] bytes() {
        try {
            byte[] bytes = Files.readAllBytes(path);
            if (!isGzipped()) return bytes;
            try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return unpacked.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Its packets, read by [CaptureFile].
    public List<CapturedFrame> frames() {
        return CaptureFile.read(bytes()).frames();
    }

    /// True if every packet has this link type.
    public boolean isOfLinkType(int linkType) {
        return linkTypes.equals(List.of(linkType));
    }

    @Override
    public String toString() {
        return name;
    }
}
