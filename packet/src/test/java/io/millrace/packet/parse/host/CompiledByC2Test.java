package io.millrace.packet.parse.host;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/// HotSpot's second compiler takes the parser: its loop over a burst with the common way in it, the walk and its nodes.
class CompiledByC2Test {

    /// A line of `-XX:+PrintCompilation` about a compilation of tier 4 that is not on the stack: time, number, flags,
    /// tier, method.
    private static final String TIER_4 =
        "(?m)^ *\\d+ +\\d+ +[ sbn!]* 4 +io\\.millrace\\.packet\\.parse\\.host\\.GeneratedParser/\\S+::";

    @Test
    void parserRunsCompiledByC2() throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(List.of(java, "-Xmx256m", "-XX:+PrintCompilation", "-cp",
            System.getProperty("java.class.path"), ParseLoop.class.getName())).redirectErrorStream(true).start();
        String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(log).isZero();
        assertThat(log).containsPattern(Pattern.compile(TIER_4 + "parse \\("));
        assertThat(log).containsPattern(Pattern.compile(TIER_4 + "walk \\("));
        assertThat(log).containsPattern(Pattern.compile(TIER_4 + "node\\d+ \\("));
        assertThat(log).doesNotContain("COMPILE SKIPPED");
    }
}
