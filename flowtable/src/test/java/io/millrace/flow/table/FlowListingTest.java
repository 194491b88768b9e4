package io.millrace.flow.table;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

import static org.assertj.core.api.Assertions.assertThat;

class FlowListingTest {

    @Test
    void listsEveryFlowOnceWithWhatItIs() {
        try (Arena arena = Arena.ofConfined()) {
            var flows = new FlowTable(arena, 100, 8, 1);
            for (int i = 0; i < 50; i++) ListedFlows.add(flows, i);
            for (int slot = 0; slot < 50; slot += 3) flows.remove(slot);
            var listing = new FlowListing(flows);
            var image = new FlowImage();
            int expected = 1;
            for (int slot = listing.next(0, image); slot != FlowTable.NONE; slot = listing.next(slot + 1, image)) {
                assertThat(slot).isEqualTo(expected);
                assertThat(image.connection()).isEqualTo(slot);
                assertThat(image.sourceLow(0)).isEqualTo(slot);
                assertThat(image.targetLow(1)).isEqualTo(slot);
                assertThat(image.sourcePort(0)).isEqualTo(4000);
                assertThat(image.protocol(1)).isEqualTo(17);
                assertThat(image.family(0)).isEqualTo(4);
                assertThat(image.state(1) & FlowLine.REPLY).isNotZero();
                expected += expected % 3 == 1 ? 1 : 2;
            }
            assertThat(expected).isEqualTo(50);
        }
    }
}
