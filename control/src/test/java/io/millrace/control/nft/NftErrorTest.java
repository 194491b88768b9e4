package io.millrace.control.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flow.ruleset.Ruleset;

import org.junit.jupiter.api.Test;

/// Errors as nft 1.0.6 on Linux 6.18 printed them for the same input.
class NftErrorTest {

    private static final String TABLE = "add table inet t\nadd chain inet t c\n";

    @Test
    void pointsAtAServiceOutOfRange() {
        assertError("add rule inet t c tcp dport 99999", "Service out of range", "                            ^^^^^");
    }

    @Test
    void pointsAtAFieldThatIsNone() {
        assertError("add rule inet t c tcp dprt 80", "syntax error, unexpected string", "                      ^^^^");
    }

    @Test
    void pointsAtAMissingSet() {
        assertError("add rule inet t c ip saddr @nos drop", "No such file or directory",
            "                           ^^^^");
    }

    @Test
    void pointsAtAnAddressThatIsNone() {
        assertError("add rule inet t c ip saddr 300.1.1.1",
            "Could not resolve hostname: Name or service not known", "                           ^^^^^^^^^");
    }

    @Test
    void pointsAtTheNameOfATableThatExists() {
        assertError("create table inet t", "Could not process rule: File exists", "                  ^");
    }

    @Test
    void saysWhichChainMayBeMeant() {
        assertError("delete chain inet t zz",
            "No such file or directory; did you mean chain ‘c’ in table inet ‘t’?", "                    ^^");
    }

    @Test
    void saysWhichTableMayBeMeant() {
        assertError("delete table ip kk", "No such file or directory; did you mean table ‘t’ in family inet?",
            "                ^^");
    }

    @Test
    void pointsAtAStateThatIsNone() {
        assertError("add rule inet t c ct state foo", "Could not parse conntrack state",
            "                           ^^^");
    }

    @Test
    void pointsAtAHandleThatIsNone() {
        assertError("delete rule inet t c handle 77", "Could not process rule: No such file or directory",
            "                            ^^");
    }

    @Test
    void pointsAtAChainThatIsMissingToJumpTo() {
        assertFileError("table inet x {\n chain a {\n  jump missing\n }\n}\n",
            "b2.nft:3:8-14: Error: Could not process rule: No such file or directory\n  jump missing\n       ^^^^^^^");
    }

    @Test
    void expectsAPolicy() {
        assertFileError("table inet x {\n chain a {\n  policy accpt\n }\n}\n",
            "b2.nft:3:10-14: Error: syntax error, unexpected string, expecting accept or drop or '$'\n"
                + "  policy accpt\n         ^^^^^");
    }

    @Test
    void takesOnePolicy() {
        assertThat(Rulesets.load("table inet x {\n chain a {\n policy drop\n policy drop\n }\n}\n").errorText())
            .contains("you cannot set chain policy twice");
    }

    @Test
    void findsNothingToListThatIsMissing() {
        assertThat(Rulesets.load(TABLE + "list chain inet t zz\n").errorText()).contains("No such file or directory");
    }

    @Test
    void showsBothProtocolsThatConflict() {
        assertError("add rule inet t c tcp dport 5 udp dport 5", "conflicting protocols specified: tcp vs. udp",
            "                              ^^^^^^^^^");
    }

    @Test
    void showsTheStatementThatEndsTheRule() {
        assertFileError("table inet x {\n chain a {\n  accept accept\n }\n}\n",
            "b2.nft:3:10-15: Error: Statement after terminal statement has no effect\n"
                + "  accept accept\n  ~~~~~~ ^^^^^^");
    }

    @Test
    void asksForTheFamilyOfAnAddress() {
        assertError("add rule inet t c dnat to 1.2.3.4",
            "ip or ip6 must be specified with address for inet tables.", "                  ^^^^");
    }

    @Test
    void asksForATransportProtocolBeforeAPort() {
        assertThat(Rulesets.load("add table ip t\nadd chain ip t c\nadd rule ip t c redirect to :80\n").errorText())
            .contains("transport protocol mapping is only valid after transport protocol match");
    }

    @Test
    void knowsTheHooks() {
        assertFileError("table inet x {\n chain a { type filter hook wrong priority 0\n }\n}\n",
            "b2.nft:2:29-33: Error: unknown chain hook\n"
                + " chain a { type filter hook wrong priority 0\n                            ^^^^^");
    }

    @Test
    void hasNoNatAtForward() {
        assertFileError("table inet x {\n chain a { type nat hook forward priority 0\n }\n}\n",
            "b2.nft:2:8-8: Error: Could not process rule: Operation not supported\n"
                + " chain a { type nat hook forward priority 0\n       ^");
    }

    @Test
    void refusesALoopThatABaseChainReaches() {
        String loop = " chain a {\n jump b\n }\n chain b {\n jump a\n }\n";
        assertThat(Rulesets.load("table inet x {\n" + loop + "}\n").isFine()).isTrue();
        assertFileError("table inet x {\n" + loop + " chain i {\n type filter hook input priority 0\n jump a\n }\n}\n",
            "b2.nft:10:2-7: Error: Could not process rule: Too many links\n jump a\n ^^^^^^");
    }

    @Test
    void asksForTheIntervalFlag() {
        assertThat(Rulesets.load("table ip x {\n set s {\n type ipv4_addr\n elements = { 10.0.0.0/8 }\n }\n}\n")
            .errorText()).contains("You must add 'flags interval' to your set declaration if you want to add prefix "
                + "elements");
    }

    @Test
    void showsBothIntervalsThatOverlap() {
        String text = "table ip x {\n set s {\n type ipv4_addr; flags interval\n"
            + " elements = { 10.0.0.0/8, 10.1.0.0/16 }\n }\n}\n";
        assertFileError(text, "b2.nft:4:27-37: Error: conflicting intervals specified\n"
            + " elements = { 10.0.0.0/8, 10.1.0.0/16 }\n              ~~~~~~~~~~  ^^^^^^^^^^^");
    }

    @Test
    void reservesItsWords() {
        assertError("add chain inet t fwd", "syntax error, unexpected fwd, expecting string",
            "                 ^^^");
    }

    @Test
    void missesAnIncludedFile() {
        assertThat(Rulesets.load("include \"/nonexist\"\n").errorText())
            .startsWith("Error: File not found: /nonexist\n");
    }

    @Test
    void refusesByNameWhatIsOutsideOfTheSubset() {
        assertThat(Rulesets.load(TABLE + "add rule inet t c osf name \"Linux\"\n").errorText())
            .contains("Error: not supported: osf");
        assertThat(Rulesets.load("monitor\n").errorText()).contains("Error: not supported: monitor");
    }

    @Test
    void readsOnAtTheNextLine() {
        NftLoader.Outcome outcome = Rulesets.load(TABLE + "add rule inet t c tcp dport\nadd rule inet t c frog\n");
        assertThat(outcome.errors()).hasSize(2);
    }

    @Test
    void changesNothingWhenOneCommandOfManyFails() {
        Ruleset before = Rulesets.load(TABLE + "add rule inet t c accept\n").ruleset();
        NftLoader.Outcome outcome = NftLoader.load(
            Source.of("", "flush ruleset\nadd table ip new\ndelete chain ip new gone\n"), before);
        assertThat(outcome.isFine()).isFalse();
        assertThat(outcome.ruleset()).isSameAs(before);
    }

    private static void assertError(String command, String message, String carets) {
        NftLoader.Outcome outcome = Rulesets.load(TABLE + command + "\n");
        assertThat(outcome.errorText()).isEqualTo("Error: " + message + "\n" + command + "\n" + carets);
    }

    private static void assertFileError(String text, String error) {
        assertThat(NftLoader.load(Source.of("b2.nft", text), Ruleset.EMPTY).errorText()).isEqualTo(error);
    }
}
