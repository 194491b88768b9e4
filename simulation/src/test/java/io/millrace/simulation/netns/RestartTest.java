package io.millrace.simulation.netns;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// A router that is killed leaves nothing behind that a new one would stumble over.
@Tag("netns")
class RestartTest {

    @TempDir
    Path folder;

    @Test
    void aConnectionGoesOnThroughTheNextProcess() throws Exception {
        try (RealHosts hosts = RealHosts.make(folder, "", "ip", "ping", "curl")) {
            Path offered = hosts.offer("file", 10_000_000, Seeds.next());
            Path got = folder.resolve("got");
            Process fetching = hosts.client().start(folder.resolve("curl"), "curl", "-sS", "--fail", "--limit-rate", "2M",
                "--max-time", "50", "-o", got.toString(), "http://" + RealHosts.SERVER4 + ":8000/file");
            for (int i = 0; i < 100 && (!Files.exists(got) || Files.size(got) < 1_000_000); i++) Thread.sleep(50);
            assertThat(fetching.isAlive()).isTrue();

            hosts.millrace().kill();
            assertThatThrownBy(() -> hosts.client().run("ip", "link", "show", "mr-lan"))
                .hasMessageContaining("does not exist");
            hosts.startMillrace();

            assertThat(fetching.waitFor(50, TimeUnit.SECONDS)).isTrue();
            assertThat(fetching.exitValue()).as(Files.readString(folder.resolve("curl"))).isZero();
            assertThat(Files.mismatch(offered, got)).isEqualTo(-1);
        }
    }
}
