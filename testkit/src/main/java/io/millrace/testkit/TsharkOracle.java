package io.millrace.testkit;

import org.junit.jupiter.api.Assumptions;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/// What tshark said about the packets of the corpus, recorded once (`shared.tshark.tsv.gz`): one row a packet.
public final class TsharkOracle {

    private static final String FILE = "shared.tshark.tsv.gz";

    private final Map<String, List<TsharkRow>> rowsByCapture;

    private TsharkOracle(Map<String, List<TsharkRow>> rowsByCapture) {
        this.rowsByCapture = rowsByCapture;
    }

    /// The oracle of the corpus; skips the calling test if it is not there.
    public static TsharkOracle required() {
        Path file = Project.oracle().resolve(FILE);
        Assumptions.assumeTrue(Files.isReadable(file), () -> "no oracle at " + file + ": set "
            + Project.CORPUS_VARIABLE + " to the folder of captures beside the folder oracle");
        return read(file);
    }

    /// Reads a gzipped table whose first line names its columns.
    public static TsharkOracle read(Path file) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
            new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            Map<String, Integer> columns = new LinkedHashMap<>();
            for (String name : lines.readLine().split("\t")) {
                columns.put(name, columns.size());
            }
            Map<String, List<TsharkRow>> rowsByCapture = new LinkedHashMap<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                TsharkRow row = new TsharkRow(columns, line);
                rowsByCapture.computeIfAbsent(row.text("pcap"), name -> new ArrayList<>()).add(row);
            }
            return new TsharkOracle(rowsByCapture);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Set<String> captures() {
        return Collections.unmodifiableSet(rowsByCapture.keySet());
    }

    /// The rows of one capture in the order of its packets; none if tshark could not read it.
    public List<TsharkRow> rows(String capture) {
        return Collections.unmodifiableList(rowsByCapture.getOrDefault(capture, List.of()));
    }
}
