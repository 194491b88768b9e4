package io.millrace.packet.rss;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class IndirectionTableTest {

    @Test
    void equalGivesQueuesInTurn() {
        IndirectionTable table = IndirectionTable.equal(8, 2, 3);
        assertThat(entries(table)).containsExactly(2, 3, 4, 2, 3, 4, 2, 3);
        assertThat(table.queueMost()).isEqualTo(4);
    }

    /// What `ethtool -X DEV weight 1 2 1` writes into a table of 8.
    @Test
    void weightGivesEachQueueItsShareInOnePiece() {
        assertThat(entries(IndirectionTable.weighted(8, 0, 1, 2, 1))).containsExactly(0, 0, 1, 1, 1, 1, 2, 2);
        assertThat(entries(IndirectionTable.weighted(4, 1, 0, 3))).containsExactly(2, 2, 2, 2);
    }

    @Test
    void hashIsUnsignedAndFindsItsEntryAtAnySize() {
        IndirectionTable power = IndirectionTable.equal(128, 0, 128);
        assertThat(power.queue(0xffff_ffffL)).isEqualTo(127);
        IndirectionTable other = IndirectionTable.equal(100, 0, 100);
        assertThat(other.queue(0xffff_ffffL)).isEqualTo((int) (0xffff_ffffL % 100));
        assertThat(IndirectionTable.equal(1, 0, 1).queue(0xdead_beefL)).isZero();
    }

    @Test
    void refusesQueuesThatThereAreNot() {
        assertThatThrownBy(() -> IndirectionTable.of(new int[] {0, 4}, 4)).hasMessage(
            "entry must be below the queue count 4, got 4");
        assertThatThrownBy(() -> IndirectionTable.weighted(8, 0, 0, 0)).hasMessageContaining("above 0");
    }

    private static int[] entries(IndirectionTable table) {
        int[] entries = new int[table.size()];
        for (int i = 0; i < entries.length; i++) entries[i] = table.entry(i);
        return entries;
    }
}
