package io.millrace.checksum;

import io.millrace.testkit.NaiveChecksum;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// The incubating module may be missing: then sums are taken without it, and nobody notices but the clock.
class WithoutVectorsTest {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sumsWhetherTheModuleIsThereOrNot(boolean isThere) throws IOException, InterruptedException {
        byte[] bytes = new byte[SumProbe.BYTES];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) i;
        assertThat(probe(isThere)).isEqualTo(isThere + " " + NaiveChecksum.sum(bytes, 0, bytes.length));
    }

    private static String probe(boolean withModule) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java, "-cp", System.getProperty("java.class.path")));
        if (withModule) command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        command.add(SumProbe.class.getName());
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).isZero();
        return output;
    }
}
