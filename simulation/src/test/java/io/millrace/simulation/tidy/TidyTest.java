package io.millrace.simulation.tidy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class TidyTest {

    private static final Path ROOT = Path.of(System.getProperty("millrace.root")).toAbsolutePath();

    @Test
    void everySourceKeepsTheHouseStyle() throws IOException {
        var found = new ArrayList<String>();
        List<Path> sources = Tidy.javaSources(ROOT);
        for (Path source : sources) {
            // they name what they ban
            if (source.endsWith("tidy/Tidy.java") || source.endsWith("tidy/TidyTest.java")) continue;
            found.addAll(Tidy.violations(ROOT.relativize(source), Files.readString(source)));
        }
        assertThat(sources).hasSizeGreaterThan(50);
        assertThat(found).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIs() {
        Set<Path> silent = new HashSet<>();
        for (Path source : Tidy.javaSources(ROOT)) {
            if (!source.toString().contains("src/main/java")) continue;
            if (!Files.exists(source.resolveSibling("package-info.java"))) silent.add(ROOT.relativize(source.getParent()));
        }
        assertThat(silent).isEmpty();
    }

    @Test
    void everyDocumentIsReachedFromAnother() throws IOException {
        List<Path> documents = Tidy.filesEndingIn(ROOT, ".md");
        var orphans = new ArrayList<Path>();
        for (Path document : documents) {
            if (document.equals(ROOT.resolve("README.md"))) continue;
            boolean isReached = false;
            for (Path other : documents) {
                boolean names = Files.readString(other).contains(document.getFileName().toString());
                isReached |= !other.equals(document) && names;
            }
            if (!isReached) orphans.add(ROOT.relativize(document));
        }
        assertThat(orphans).isEmpty();
    }

    @Test
    void seesEachKindOfViolation() {
        assertThat(one("class A {\n\tint b;\n}")).contains("a tab");
        assertThat(one("class A { } ")).contains("white space");
        assertThat(one("/** doc */\nclass A {}")).contains("///");
        assertThat(one("//// FIELDS ////\nclass A {}")).contains("banner");
        assertThat(one("// TODO\nclass A {}")).contains("unfinished");
        assertThat(one("class A { }" + " ".repeat(109) + "}")).contains("120");
        assertThat(one("x\n".repeat(501))).contains("500");
        String body = "        x();\n".repeat(59);
        assertThat(one("class A {\n    void b() {\n" + body + "    }\n}")).contains("61 lines");
        assertThat(Tidy.violations(Path.of("PacketHelper.java"), "")).hasSize(1);
        assertThat(Tidy.violations(Path.of("A.java"), "class A {\n    void b() {\n        x();\n    }\n}")).isEmpty();
    }

    private static String one(String text) {
        List<String> found = Tidy.violations(Path.of("A.java"), text);
        assertThat(found).hasSize(1);
        return found.get(0);
    }
}
