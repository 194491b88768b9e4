package io.millrace.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.control.report.ProgressListener;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `millrace nft` from the outside.
class NftVerbTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void printsWhatLoadingAFileGives() throws Exception {
        assertThat(run("table ip t {\nchain c { tcp dport ssh accept }\n}\n", "-a")).isZero();
        assertThat(out).hasToString("table ip t { # handle 1\n"
            + "\tchain c { # handle 1\n\t\ttcp dport 22 accept # handle 2\n"
            + "\t}\n}\n");
    }

    @Test
    void printsJson() throws Exception {
        assertThat(run("add table ip t\n", "-j")).isZero();
        assertThat(out.toString()).startsWith("{\"nftables\": [{\"metainfo\": ")
            .endsWith("{\"table\": {\"family\": \"ip\", \"name\": \"t\", \"handle\": 1}}]}\n");
    }

    @Test
    void printsNothingOfAFileThatIsFineWhenCheckingIt() throws Exception {
        assertThat(run("table netdev t {\n"
            + "chain c { type filter hook ingress device \"nowhere\" priority 0; }\n}\n", "-c"))
            .isZero();
        assertThat(out.toString() + err).isEmpty();
    }

    @Test
    void listsWhatTheFileAsksToSee() throws Exception {
        assertThat(run("add table ip a\nadd table ip6 b\nlist tables\n")).isZero();
        assertThat(out).hasToString("table ip a\ntable ip6 b\n");
    }

    @Test
    void pointsAtWhatIsWrongAndEndsWithOne() throws Exception {
        assertThat(run("table ip t {\nchain c {\ntcp dport 99999\n}\n}\n")).isEqualTo(1);
        assertThat(err).hasToString(folder.resolve("f.nft") + ":3:11-15: Error: Service out of range\n"
            + "tcp dport 99999\n          ^^^^^\n");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void includesFilesByPattern() throws Exception {
        Path part = Files.createDirectory(folder.resolve("d"));
        Files.writeString(part.resolve("1.nft"), "define port = 80\n");
        Files.writeString(part.resolve("2.nft"), "add table ip t\n");
        assertThat(run("include \"" + part + "/*.nft\"\ninclude \"" + part + "/*.none\"\n"
            + "add chain ip t c\nadd rule ip t c tcp dport $port drop\n")).isZero();
        assertThat(out.toString()).contains("tcp dport 80 drop");
    }

    private int run(String text, String... options) throws Exception {
        Path file = folder.resolve("f.nft");
        Files.writeString(file, text);
        String[] words = new String[options.length + 3];
        words[0] = "nft";
        words[1] = "-f";
        words[2] = file.toString();
        System.arraycopy(options, 0, words, 3, options.length);
        var commandLine = Main.commandLine(new Wiring(), ProgressListener.silent(() -> false), false)
            .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return Main.execute(commandLine, words);
    }
}
