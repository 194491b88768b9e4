package io.millrace.perf.bench;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class FloodRunTest {

    @Test
    void theFloodEndsWhereItIsSaidTo() throws IOException {
        List<FloodRun> runs = FloodRun.both(0.05, false);
        assertThat(runs).extracting(FloodRun::where).containsExactly("hardware", "software");
        assertThat(runs).allMatch(run -> run.mpps() > 0);
        assertThat(FloodRun.text(runs).lines()).hasSize(3);
    }

    @Test
    void everyFilterIsInHardware() {
        try (Arena arena = Arena.ofConfined()) {
            var device = new FilterDevice(arena);
            new FilterWorld(arena, 40, 16, device.filters()).install();
            assertThat(device.filterCount()).isEqualTo(40);
        }
    }
}
