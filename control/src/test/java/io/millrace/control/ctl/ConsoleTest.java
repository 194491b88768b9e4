package io.millrace.control.ctl;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What the console does to a line: words, and what may follow them.
class ConsoleTest {

    private static final UsageCompleter COMPLETER = new UsageCompleter(List.of("ip [-4|-6] route [show [dev PORT]]",
        "ip route add PREFIX [via ADDRESS] [dev PORT]", "show ports", "show workers", "exit"),
        () -> List.of("lan", "wan"));

    @Test
    void cutsALineAsAShellDoes() {
        assertThat(CommandText.words("ip  addr\tadd '10.0.0.1/24' dev \"la n\" a\\ b '' # rest"))
            .containsExactly("ip", "addr", "add", "10.0.0.1/24", "dev", "la n", "a b", "");
        assertThat(CommandText.words("   ")).isEmpty();
        assertThat(CommandText.words("a#b")).containsExactly("a#b");
        assertThatThrownBy(() -> CommandText.words("a 'b")).hasMessageContaining("is not closed");
    }

    @Test
    void completesFromTheFormsOfTheVerbs() {
        assertThat(COMPLETER.next(List.of())).containsExactly("exit", "ip", "show");
        assertThat(COMPLETER.next(List.of("show"))).containsExactly("ports", "workers");
        assertThat(COMPLETER.next(List.of("ip"))).contains("-4", "-6", "route");
        assertThat(COMPLETER.next(List.of("ip", "route", "show", "dev"))).contains("lan", "wan");
        assertThat(COMPLETER.next(List.of("ip", "route", "add", "10.0.0.0/8"))).contains("via").doesNotContain("route");
        assertThat(COMPLETER.next(List.of("nope"))).isEmpty();
    }
}
