package io.millrace.gro;

import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Project;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/// The packet trains of the kernel's own GRO test come out as its author expects; one of them in the order of the
/// running kernel, which the table does not give.
class KernelCapturesTest {

    private static final int CAPTURES = 58;
    /// Linux 6.18.44, measured: the fragment is handed up while the two segments before it are still held.
    private static final String FRAGMENT_OVERTAKES = "ip_frag_v6.pcap";
    private static final List<Integer> FRAGMENT_FIRST = List.of(100, 200, 100);

    @TestFactory
    List<DynamicTest> mergesAsTheKernelsTestExpects() throws IOException {
        Path folder = Project.corpus().resolve("kernel-gro");
        Path table = folder.resolve("expected.tsv");
        Assumptions.assumeTrue(Files.isReadable(table), () -> "no captures at " + folder);
        List<String> rows = Files.readAllLines(table);
        assertThat(rows).hasSize(1 + CAPTURES);
        return rows.stream().skip(1).map(row -> row.split("\t"))
            .map(cells -> dynamicTest(cells[0] + ": " + cells[3], () -> check(folder, cells))).toList();
    }

    private static void check(Path folder, String[] cells) throws IOException {
        List<byte[]> frames = CaptureFile.read(Files.readAllBytes(folder.resolve(cells[0]))).frames().stream()
            .map(CapturedFrame::bytes).toList();
        assertThat(frames).hasSize(Integer.parseInt(cells[1]));
        List<Integer> expected = Arrays.stream(cells[2].split(",")).map(Integer::valueOf).toList();
        if (cells[0].equals(FRAGMENT_OVERTAKES)) {
            assertThat(expected).containsExactlyInAnyOrderElementsOf(FRAGMENT_FIRST);
            expected = FRAGMENT_FIRST;
        }
        try (var queue = new MergingFixture()) {
            assertThat(queue.poll(frames)).extracting(Merged::payloadBytes).isEqualTo(expected);
        }
    }
}
