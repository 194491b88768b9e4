package io.millrace.testkit;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/// The captures of public test suites, as listed by `MANIFEST.tsv` in the folder of [Project#corpus].
///
/// They are outside inputs: a test that needs them begins with [#required] and is skipped where they are missing.
public final class Corpus {

    private static final String MANIFEST = "MANIFEST.tsv";
    private static final List<String> COLUMNS =
        List.of("out", "packets", "linktypes", "format", "damage", "features");

    private final List<CorpusFile> files;

    private Corpus(List<CorpusFile> files) {
        this.files = List.copyOf(files);
    }

    /// The corpus; skips the calling test if it is not there.
    public static Corpus required() {
        Path folder = Project.corpus();
        Assumptions.assumeTrue(Files.isReadable(folder.resolve(MANIFEST)),
            () -> "no corpus at " + folder + ": set " + Project.CORPUS_VARIABLE + " to the folder of its " + MANIFEST);
        return read(folder);
    }

    /// Reads the manifest of `folder`.
    public static Corpus read(Path folder) {
        Path manifest = folder.resolve(MANIFEST);
        try {
            List<String> lines = Files.readAllLines(manifest);
            List<String> header = lines.isEmpty() ? List.of() : Arrays.asList(lines.getFirst().split("\t", -1));
            if (!header.containsAll(COLUMNS)) {
                throw new IllegalArgumentException(manifest + ":1: columns must include " + COLUMNS
                    + ", got " + header);
            }
            List<CorpusFile> files = new ArrayList<>();
            for (int line = 2; line <= lines.size(); line++) {
                String[] cells = lines.get(line - 1).split("\t", -1);
                if (cells.length != header.size()) {
                    throw new IllegalArgumentException(manifest + ":" + line + ": a row has " + header.size()
                        + " columns, got " + cells.length);
                }
                files.add(file(folder, header, cells));
            }
            return new Corpus(files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<CorpusFile> files() {
        return files;
    }

    /// The undamaged files whose packets are all of this link type (1 is Ethernet).
    public List<CorpusFile> ofLinkType(int linkType) {
        return where(file -> file.isOfLinkType(linkType) && !file.isDamaged());
    }

    public List<CorpusFile> where(Predicate<CorpusFile> wanted) {
        return files.stream().filter(wanted).toList();
    }

    /// The file of this name (`ndpi/443-git.pcap`).
    public CorpusFile file(String name) {
        return files.stream().filter(file -> file.name().equals(name)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("not in the corpus: " + name));
    }

    /// `count` of the files chosen by the seed, in the order of their names; all of them if there are fewer or
    /// with `-Dmillrace.full=true`.
    public static List<CorpusFile> sample(List<CorpusFile> files, int count, long seed) {
        if (Seeds.isFull() || files.size() <= count) return files;
        List<CorpusFile> shuffled = new ArrayList<>(files);
        Collections.shuffle(shuffled, new Random(seed));
        return shuffled.stream().limit(count).sorted(Comparator.comparing(CorpusFile::name)).toList();
    }

    private static CorpusFile file(Path folder, List<String> header, String[] cells) {
        String name = cells[header.indexOf("out")];
        List<Integer> linkTypes = new ArrayList<>();
        for (String linkType : cells[header.indexOf("linktypes")].split(",")) {
            if (!linkType.isBlank()) linkTypes.add(Integer.valueOf(linkType));
        }
        Map<String, Integer> features = new LinkedHashMap<>();
        for (String feature : cells[header.indexOf("features")].split(" ")) {
            int colon = feature.lastIndexOf(':');
            if (colon > 0) features.put(feature.substring(0, colon), Integer.valueOf(feature.substring(colon + 1)));
        }
        return new CorpusFile(name, folder.resolve(name), Integer.parseInt(cells[header.indexOf("packets")]),
            linkTypes, cells[header.indexOf("format")], cells[header.indexOf("damage")].strip(), features);
    }
}
