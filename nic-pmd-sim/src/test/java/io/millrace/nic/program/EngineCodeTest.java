package io.millrace.nic.program;

import io.millrace.gro.Merging;
import io.millrace.testkit.ChangedInstruction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import javax.tools.JavaCompiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EngineCodeTest {

    private static final ClassFiles HERE = ClassFiles.ofClassPath();
    private static final String SAMPLE = "io.millrace.sample.Sample";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(value = Engine.class, mode = EnumSource.Mode.EXCLUDE, names = "PARSER")
    void isTheSameEachTimeAndHasTheEntryClasses(Engine engine) {
        EngineCode once = EngineCode.of(engine.entryClasses(), HERE);
        EngineCode again = EngineCode.of(engine.entryClasses().reversed(), HERE);
        assertThat(once.canonical()).isEqualTo(again.canonical());
        assertThat(once.classes()).containsKeys(engine.entryClasses().toArray(String[]::new));
        assertThat(once.canonical().lines()).isSorted().allMatch(line -> line.matches("io\\.millrace\\.\\S+ [0-9a-f]{64}"));
    }

    /// jdeps says who refers to whom.
    @ParameterizedTest
    @EnumSource(value = Engine.class, mode = EnumSource.Mode.EXCLUDE, names = "PARSER")
    void reachesExactlyTheClassesThatTheToolOfTheJdkFinds(Engine engine) {
        Map<String, Set<String>> references = Jdeps.REFERENCES;
        Set<String> reached = new TreeSet<>();
        Deque<String> unread = new ArrayDeque<>(engine.entryClasses());
        while (!unread.isEmpty()) {
            String name = unread.pop();
            if (reached.add(name)) unread.addAll(references.getOrDefault(name, Set.of()));
        }
        assertThat(EngineCode.of(engine.entryClasses(), HERE).classes().keySet()).isEqualTo(reached);
    }

    @Test
    void doesNotSeeWhatOnlyADebuggerSees() throws IOException {
        String source = """
            package io.millrace.sample;
            public final class Sample {
                public static int sum(int[] values) {
                    int total = 0;
                    for (int value : values) { if (value > 3) total += value; else total--; }
                    return total;
                }
            }
            """;
        ProgramHash bare = compiled(source, "-g:none");
        assertThat(compiled(source, "-g")).isEqualTo(bare);
        assertThat(compiled("\n\n" + source.replace("total", "all"), "-g")).isEqualTo(bare);
        assertThat(compiled(source.replace("> 3", "> 4"), "-g")).isNotEqualTo(bare);
        assertThat(compiled(source.replace("total--", "total -= 2"), "-g")).isNotEqualTo(bare);
        assertThat(compiled(source.replace("public static", "static"), "-g")).isNotEqualTo(bare);
    }

    @Test
    void doesNotSeeTheOrderOfTheConstantPool() {
        byte[] merging = HERE.find(Merging.class.getName());
        ClassFile format = ClassFile.of(ClassFile.ConstantPoolSharingOption.NEW_POOL);
        byte[] rewritten = format.transformClass(format.parse(merging), ClassTransform.ACCEPT_ALL);
        assertThat(Arrays.equals(rewritten, merging)).isFalse();
        assertThat(hash(Engine.GRO, Map.of(Merging.class.getName(), rewritten)))
            .isEqualTo(hash(Engine.GRO, Map.of()));
    }

    @Test
    void seesOneInstructionInAnyClassThatTheEngineReaches() {
        ProgramHash unchanged = hash(Engine.GRO, Map.of());
        List<String> changedClasses = new ArrayList<>();
        for (String name : EngineCode.of(Engine.GRO.entryClasses(), HERE).classes().keySet()) {
            byte[] changed;
            try {
                changed = ChangedInstruction.in(HERE.find(name));
            } catch (IllegalArgumentException e) {
                continue;   // it adds nothing
            }
            changedClasses.add(name);
            assertThat(hash(Engine.GRO, Map.of(name, changed))).as(name).isNotEqualTo(unchanged);
        }
        assertThat(changedClasses).hasSizeGreaterThan(10).contains(Merging.class.getName());
    }

    @Test
    void changingMergingChangesNoOtherEngine() {
        Map<String, byte[]> changed =
            Map.of(Merging.class.getName(), ChangedInstruction.in(HERE.find(Merging.class.getName())));
        for (Engine engine : Engine.values()) {
            if (!engine.isClasses()) continue;
            boolean isSame = hash(engine, changed).equals(hash(engine, Map.of()));
            assertThat(isSame).as(engine.label()).isEqualTo(engine != Engine.GRO);
        }
    }

    @Test
    void namesAClassThatIsMissingOrNone() {
        String name = Merging.class.getName();
        assertThatThrownBy(() -> EngineCode.of(List.of(name), _ -> null)).hasMessage("no class file of " + name);
        assertThatThrownBy(() -> EngineCode.of(List.of(name), _ -> new byte[] {1, 2, 3}))
            .hasMessage("not a class file: that of " + name);
    }

    private static ProgramHash hash(Engine engine, Map<String, byte[]> changed) {
        return EngineCode.of(engine.entryClasses(), name -> changed.getOrDefault(name, HERE.find(name))).hash();
    }

    private ProgramHash compiled(String source, String debug) throws IOException {
        Path file = folder.resolve("Sample.java");
        Files.writeString(file, source);
        JavaCompiler compiler = javax.tools.ToolProvider.getSystemJavaCompiler();
        int status = compiler.run(null, null, null, debug, "-d", folder.toString(), file.toString());
        assertThat(status).isZero();
        return EngineCode.of(List.of(SAMPLE), ClassFiles.ofFolder(folder, _ -> null)).hash();
    }

    /// Which class refers to which, of all classes on the class path.
    private static final class Jdeps {

        private static final Pattern EDGE = Pattern.compile("^ +(io\\.millrace\\.\\S+) +-> +(io\\.millrace\\.\\S+) ");
        static final Map<String, Set<String>> REFERENCES = read();

        private static Map<String, Set<String>> read() {
            String[] places = Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(place -> place.contains("millrace") || place.endsWith("classes")).toArray(String[]::new);
            List<String> arguments = new ArrayList<>(List.of("-verbose:class", "--multi-release", "base",
                "-filter:none"));
            arguments.addAll(List.of(places));
            var out = new StringWriter();
            ToolProvider.findFirst("jdeps").orElseThrow()
                .run(new PrintWriter(out), new PrintWriter(out), arguments.toArray(String[]::new));
            Map<String, Set<String>> references = new TreeMap<>();
            out.toString().lines().forEach(line -> {
                Matcher edge = EDGE.matcher(line + " ");
                if (edge.find()) references.computeIfAbsent(edge.group(1), _ -> new TreeSet<>()).add(edge.group(2));
            });
            return references;
        }
    }
}
