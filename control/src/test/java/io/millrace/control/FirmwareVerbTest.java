package io.millrace.control;

import io.millrace.control.report.ProgressListener;
import io.millrace.gro.Merging;
import io.millrace.testkit.ChangedInstruction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// `millrace firmware` as a shell sees it.
class FirmwareVerbTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void buildsTheSameBytesFromTheSameSource() throws IOException {
        Path first = built("first.fw", "default");
        Path second = built("deeper/second.fw", "default");
        assertThat(Files.readAllBytes(first)).isEqualTo(Files.readAllBytes(second));
        assertThat(output("firmware", "diff", first, second)).isEqualTo("the same programs\n");
    }

    @Test
    void showsProgramsAndTables() {
        Path image = built("nic.fw", "default", "--label", "7.2 test");
        String parserHash = output("parser", "hash", "default").strip();
        assertThat(output("firmware", "show", image).lines()).contains("label     7.2 test",
                "          max-nodes 255, max-encaps 4, max-tlvs 32, max-header-bytes 512",
                "table     tunnels for raw: key-id; 64 entries")
            .anyMatch(line -> line.startsWith("parser    " + parserHash + ", "))
            .anyMatch(line -> line.matches("gro       [0-9a-f]{64}"));
        JsonNode json = new ObjectMapper().readTree(output("firmware", "show", image, "--json"));
        assertThat(json.get("parser").get("hash").asString()).isEqualTo(parserHash);
        assertThat(json.get("engines").propertyNames()).containsExactly("checksum", "flow", "flower", "gro", "gso", "rss");
        for (JsonNode engine : json.get("engines")) assertThat(engine.get("as-here").asBoolean()).isTrue();
        assertThat(json.get("match-tables")).hasSize(4);
    }

    @Test
    void anImageWithOneInstructionOfMergingChangedDiffersInMergingAlone() throws IOException {
        Path ours = built("ours.fw", "default");
        Path classes = folder.resolve("classes");
        Path file = classes.resolve("io/millrace/gro/Merging.class");
        Files.createDirectories(file.getParent());
        try (InputStream merging = Merging.class.getResourceAsStream("Merging.class")) {
            Files.write(file, ChangedInstruction.in(merging.readAllBytes()));
        }
        Path changed = built("changed.fw", "default", "--classes", classes);
        assertThat(millrace("firmware", "diff", ours, changed)).isEqualTo(1);
        assertThat(out.toString()).matches("gro: [0-9a-f]{64} \\| [0-9a-f]{64}\n");
        assertThat(output("firmware", "show", changed).lines().filter(line -> line.contains("  here ")))
            .singleElement().asString().matches("gro       [0-9a-f]{64}  here [0-9a-f]{12}");
    }

    @Test
    void tellsWhereTheParsersOfTwoImagesPart() {
        assertThat(millrace("firmware", "diff", built("a.fw", "default"), built("b.fw", "l3"))).isEqualTo(1);
        assertThat(out.toString()).startsWith("parser: ").contains("  limits: max-nodes: 255 | 8\n",
            "table rules: ntuple of [src, dst, sport, dport, proto, family, vlan0, key-id], 16 entries | none\n");
    }

    @Test
    void refusesWhatIsNoImageWithThePlace() throws IOException {
        Path image = built("nic.fw", "l3");
        byte[] bytes = Files.readAllBytes(image);
        Path cut = Files.write(folder.resolve("cut.fw"), Arrays.copyOf(bytes, 100));
        assertThat(millrace("firmware", "show", cut)).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("millrace: " + cut + ": firmware image, offset 100: an image of 100 bytes;"
            + " expected " + bytes.length + " bytes, as its header says\n");
        Path parser = folder.resolve("l3.image");
        output("parser", "compile", "l3", "-o", parser);
        err.getBuffer().setLength(0);
        assertThat(millrace("firmware", "show", parser)).isEqualTo(2);
        assertThat(err.toString()).contains("offset 0: magic 0x4d4c525041525345; expected 0x4d4c524649524d57");
        assertThat(millrace("firmware", "show", folder.resolve("none.fw"))).isEqualTo(2);
    }

    @Test
    void refusesWrongSourcesAndTargets() throws IOException {
        Path target = folder.resolve("x.fw");
        Files.createDirectories(folder.resolve("empty"));
        Path broken = Files.createDirectories(folder.resolve("broken/io/millrace/gro"));
        Files.write(broken.resolve("Merging.class"), new byte[] {1, 2, 3});
        for (List<Object> wrong : List.<List<Object>>of(
                List.of("--graph", "default", "--classes", folder.resolve("empty")),
                List.of("--graph", "default", "--classes", folder.resolve("broken")),
                List.of("--graph", "default", "--label", ""), List.of("--graph", folder.resolve("none.json")))) {
            err.getBuffer().setLength(0);
            var args = new ArrayList<Object>(List.of("firmware", "build", "-o", target));
            args.addAll(wrong);
            assertThat(millrace(args.toArray())).as("%s", wrong).isEqualTo(2);
            assertThat(err.toString()).isNotEmpty().doesNotContain("bug of its own");
            assertThat(target).doesNotExist();
        }
    }

    private Path built(String name, String graph, Object... more) {
        Path image = folder.resolve(name);
        var args = new ArrayList<Object>(List.of("firmware", "build", "--graph", graph, "-o", image));
        args.addAll(List.of(more));
        output(args.toArray());
        return image;
    }

    private String output(Object... args) {
        out.getBuffer().setLength(0);
        assertThat(millrace(args)).as("%s", err).isZero();
        String text = out.toString();
        out.getBuffer().setLength(0);
        return text;
    }

    private int millrace(Object... args) {
        String[] texts = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
        return Main.execute(Main.commandLine((_, _, _) -> null, ProgressListener.silent(() -> false), false)
            .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)), texts);
    }
}
