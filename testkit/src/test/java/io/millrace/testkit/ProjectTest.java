package io.millrace.testkit;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class ProjectTest {

    private static final String ROOT = "millrace.root";

    @Test
    void findsTheRootByPropertyAndByItsMarkTheSame() {
        Path named = Project.root();
        String before = System.getProperty(ROOT);
        System.clearProperty(ROOT);
        try {
            assertThat(Project.root()).isEqualTo(named).isDirectoryContaining("glob:**/.mvn");
        } finally {
            if (before != null) System.setProperty(ROOT, before);
        }
    }

    @Test
    void looksForOutsideInputsBesideTheCorpus() {
        assertThat(Project.oracle()).isEqualTo(Project.corpus().resolveSibling("oracle"));
        assertThat(Project.rulesets()).isEqualTo(Project.corpus().resolveSibling("rulesets"));
    }
}
