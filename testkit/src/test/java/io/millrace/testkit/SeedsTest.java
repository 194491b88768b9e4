package io.millrace.testkit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SeedsTest {

    private static final String SEED = "millrace.seed";
    private static final String FULL = "millrace.full";

    private final String seedBefore = System.getProperty(SEED, "");
    private final String fullBefore = System.getProperty(FULL, "");

    @AfterEach
    void restore() {
        System.setProperty(SEED, seedBefore);
        System.setProperty(FULL, fullBefore);
    }

    @Test
    void givesTheSeedThatWasAskedFor() {
        System.setProperty(SEED, " -42 ");
        assertThat(Seeds.next()).isEqualTo(-42);
        assertThat(Seeds.next()).isEqualTo(-42);
    }

    @Test
    void givesAnotherSeedEachTimeWhenNoneWasAskedFor() {
        System.setProperty(SEED, "");
        assertThat(Seeds.next()).isNotEqualTo(Seeds.next());
    }

    @Test
    void printsTheSeedAndWhoAsked() {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setProperty(SEED, "7");
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Seeds.next();
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("SeedsTest: seed=7");
    }

    @Test
    void refusesASeedThatIsNoNumber() {
        System.setProperty(SEED, "seven");
        assertThatThrownBy(Seeds::next).hasMessage("-Dmillrace.seed must be a whole number, got seven");
    }

    @Test
    void isFullOnlyWhenAskedFor() {
        System.setProperty(FULL, "true");
        assertThat(Seeds.isFull()).isTrue();
        System.setProperty(FULL, "false");
        assertThat(Seeds.isFull()).isFalse();
    }
}
