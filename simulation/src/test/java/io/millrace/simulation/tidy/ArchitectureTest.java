package io.millrace.simulation.tidy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/// The structure of the project as rules: who may use whom, who reads the clock, what the data path never does.
class ArchitectureTest {

    /// Without what JMH's annotation processor writes.
    private static final JavaClasses ALL = new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .withImportOption(location -> !location.contains("/jmh_generated/"))
        .importPackages("io.millrace");

    /// Lower first; each may use those before it.
    private static final List<String> MODULES =
        List.of("packet", "checksum", "gso", "gro", "flow", "nic", "dataplane", "control", "perf", "simulation");

    /// The packages of a module in order; each may use those before it.
    private static final List<List<String>> PACKAGES = List.of(
        List.of("packet.jit", "packet.memory", "packet.address", "packet.header", "packet.document",
            "packet.parse", "packet.rss", "packet.text"),
        List.of("flow.tuple", "flow.track", "flow.nat", "flow.table", "flow.path", "flow.ruleset",
            "flow.rules", "flow.flower"),
        List.of("nic.system", "nic.program", "nic.port", "nic.capture", "nic.driver", "nic.sim"),
        List.of("nic.sim.ring", "nic.sim.model", "nic.sim.account", "nic.sim.fault", "nic.sim.mailbox",
            "nic.sim.eswitch", "nic.sim.steer", "nic.sim.flow", "nic.sim.filter", "nic.sim.audit", "nic.sim.receive",
            "nic.sim.transmit"),
        List.of("dataplane.config", "dataplane.account", "dataplane.output", "dataplane.iface", "dataplane.route",
            "dataplane.neighbour", "dataplane.options", "dataplane.fragment", "dataplane.reassembly",
            "dataplane.icmp", "dataplane.offload", "dataplane.hook", "dataplane.forward", "dataplane.stage", "dataplane.worker",
            "dataplane.assembly"),
        List.of("simulation.frame", "simulation.model", "simulation.journal", "simulation.traffic", "simulation.device",
            "simulation.change", "simulation.world", "simulation.verb"));

    /// Where packets pass at run time.
    private static final String[] DATA_PATH = {
        "io.millrace.packet.memory..", "io.millrace.packet.header..", "io.millrace.checksum..", "io.millrace.gro..",
        "io.millrace.gso..", "io.millrace.flow.tuple..", "io.millrace.flow.track..", "io.millrace.flow.nat..",
        "io.millrace.flow.table..", "io.millrace.flow.path..", "io.millrace.flow.rules..",
        "io.millrace.flow.flower.engine..",
        "io.millrace.nic.system..",
        "io.millrace.nic.port..", "io.millrace.nic.sim.ring..",
        "io.millrace.nic.sim.account..", "io.millrace.nic.sim.receive..", "io.millrace.nic.sim.transmit..",
        "io.millrace.dataplane.account..", "io.millrace.dataplane.output..", "io.millrace.dataplane.hook..",
        "io.millrace.dataplane.forward..", "io.millrace.dataplane.fragment..", "io.millrace.dataplane.reassembly..",
        "io.millrace.dataplane.icmp..", "io.millrace.dataplane.options..", "io.millrace.dataplane.stage.."};

    @Test
    void packagesFormNoCycles() {
        check(slices().matching("io.millrace.(**)").should().beFreeOfCycles());
    }

    @Test
    void modulesUseOnlyThoseBelow() {
        onlyDownwards(MODULES);
    }

    @Test
    void packagesOfAModuleUseOnlyThoseBelow() {
        PACKAGES.forEach(ArchitectureTest::onlyDownwards);
    }

    @Test
    void everyPackageHasAPlaceInTheOrder() {
        for (List<String> ordered : PACKAGES) {
            String module = ordered.get(0).substring(0, ordered.get(0).lastIndexOf('.'));
            String root = "io.millrace." + module;   // without what lies below it
            String[] known = Stream.concat(Stream.of(root), ordered.stream().map(ArchitectureTest::within))
                .toArray(String[]::new);
            check(classes().that().resideInAPackage("io.millrace." + module + "..")
                .should().resideInAnyPackage(known));
        }
    }

    @Test
    void cuttingAndMergingDoNotSeeEachOther() {
        check(noClasses().that().resideInAPackage("io.millrace.gso..")
            .should().dependOnClassesThat().resideInAPackage("io.millrace.gro.."));
        check(noClasses().that().resideInAPackage("io.millrace.gro..")
            .should().dependOnClassesThat().resideInAPackage("io.millrace.gso.."));
    }

    @Test
    void onlyTheWiringOpensDrivers() {
        check(noClasses().that().resideInAnyPackage("io.millrace.dataplane..")
            .should().dependOnClassesThat().resideInAnyPackage("io.millrace.nic.driver..", "io.millrace.nic.capture..")
            .because("the dataplane sees ports, never what is behind them"));
    }

    @Test
    void theDataPathIsQuiet() {
        check(noClasses().that().resideInAnyPackage(DATA_PATH)
            .should().dependOnClassesThat().resideInAnyPackage("java.util.stream..", "java.util.logging..",
                "org.slf4j..", "java.io..", "java.nio.file..")
            .because("the data path neither streams nor logs nor reads files"));
    }

    @Test
    void onlyTheWorkerAndTheMeasuringReadTheClock() {
        check(noClasses().that().resideOutsideOfPackages("io.millrace.dataplane.worker..", "io.millrace.control..",
                "io.millrace.perf..", "io.millrace.testkit..")
            .should().callMethod(System.class, "nanoTime")
            .orShould().callMethod(System.class, "currentTimeMillis")
            .orShould().callMethod(Thread.class, "sleep", long.class)
            .orShould().callMethod(Thread.class, "start")
            .because("time is handed in as nowNs, threads are started in one place"));
    }

    @Test
    void nobodyDrawsUnseededRandomNumbers() {
        check(noClasses().should().callMethod(Math.class, "random")
            .orShould().callMethod(ThreadLocalRandom.class, "current")
            .orShould().callConstructor(Random.class)
            .orShould().callConstructor(SplittableRandom.class)
            .because("randomness is handed in with its seed"));
    }

    @Test
    void textIsReadAtTheEdgeOnly() {
        check(noClasses().that().resideInAnyPackage("io.millrace.dataplane..", "io.millrace.nic..",
                "io.millrace.checksum..", "io.millrace.gso..", "io.millrace.gro..")
            .should().dependOnClassesThat().resideInAnyPackage("tools.jackson..", "picocli..")
            .because("grammar lives in control, meaning below it"));
    }

    @Test
    void fieldsAreNotPublicUnlessConstant() {
        // The grammar package is generated.
        check(fields().that().arePublic()
            .and().areNotDeclaredIn("io.millrace.control.nft.grammar.NftLexer")
            .should().haveModifier(JavaModifier.FINAL));
    }

    @Test
    void seesTheCode() {
        assertThat(ALL.size()).isGreaterThan(50);
    }

    private static void onlyDownwards(List<String> ordered) {
        for (int i = 0; i < ordered.size() - 1; i++) {
            String[] above = ordered.subList(i + 1, ordered.size()).stream()
                .map(ArchitectureTest::within).toArray(String[]::new);
            check(noClasses().that().resideInAPackage(within(ordered.get(i)))
                .should().dependOnClassesThat().resideInAnyPackage(above));
        }
    }

    private static String within(String name) {
        return "io.millrace." + name + "..";
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(ALL);
    }
}
