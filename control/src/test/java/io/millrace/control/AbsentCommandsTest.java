package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// What `ethtool` and `devlink` know and no port or device here has: words and exit status of Linux.
class AbsentCommandsTest {

    @TempDir
    private Path folder;

    private LiveRouter router() throws IOException {
        return new LiveRouter(folder, LiveRouter.withNic("full"));
    }

    private static List<String> rows() throws IOException {
        try (InputStream in = AbsentCommandsTest.class.getResourceAsStream("/nic/absent.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                .filter(line -> !line.startsWith("#")).toList();
        }
    }

    @Test
    void areRefusedByName() throws IOException {
        try (LiveRouter router = router()) {
            for (String row : rows()) {
                String[] columns = row.split(" \\| ");
                Result result = router.ctl(columns[0].split(" "));
                assertThat(result.err()).as(row).isEqualTo(columns[2].replace(';', '\n') + "\n");
                assertThat(result.status()).as(row).isEqualTo(Integer.parseInt(columns[1]));
                assertThat(result.out()).as(row).isEmpty();
            }
        }
    }

    @Test
    void whatDevicesHaveNoneOfIsListedAsNothing() throws IOException {
        try (LiveRouter router = router()) {
            for (String object : List.of("dev param", "region", "trap", "rate", "sb")) {
                assertThat(router.fine("devlink " + object + " show")).as(object).isEmpty();
            }
        }
    }

    @Test
    void ethtoolWithoutAnOptionTellsOfTheLink() throws IOException {
        try (LiveRouter router = router()) {
            assertThat(router.fine("ethtool lan")).isEqualTo("Settings for lan:\n\tLink detected: yes\n");
            router.fine("fault nic0 link-down lan 60s");
            assertThat(router.fine("ethtool lan")).endsWith("Link detected: no\n");
        }
    }
}
