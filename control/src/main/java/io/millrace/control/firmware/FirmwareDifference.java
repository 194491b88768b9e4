package io.millrace.control.firmware;

import io.millrace.nic.program.FirmwareImage;
import io.millrace.nic.program.ProgramHash;
import io.millrace.packet.parse.canonical.GraphComparison;
import io.millrace.packet.parse.graph.MatchTable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// In which programs two images differ, and where.
public final class FirmwareDifference {

    private static final String NONE = "none";

    /// One line a difference; what the left image has stands first. None: devices with either run the same.
    public static List<String> between(FirmwareImage left, FirmwareImage right) {
        List<String> lines = new ArrayList<>();
        if (!left.parser().program().isSameAs(right.parser().program())) {
            lines.add("parser: " + left.parser().program().hashText() + " | " + right.parser().program().hashText());
            GraphComparison.of(left.parser().program(), right.parser().program())
                .forEach(difference -> lines.add("  " + difference));
        }
        Set<String> engines = new TreeSet<>(left.engines().keySet());
        engines.addAll(right.engines().keySet());
        for (String engine : engines) {
            ProgramHash a = left.engines().get(engine);
            ProgramHash b = right.engines().get(engine);
            if (!Objects.equals(a, b)) lines.add(engine + ": " + text(a) + " | " + text(b));
        }
        Set<String> tables = new TreeSet<>();
        left.matchTables().forEach(each -> tables.add(each.name()));
        right.matchTables().forEach(each -> tables.add(each.name()));
        for (String name : tables) {
            MatchTable a = table(left, name);
            MatchTable b = table(right, name);
            if (!Objects.equals(a, b)) lines.add("table " + name + ": " + text(a) + " | " + text(b));
        }
        return lines;
    }

    private static MatchTable table(FirmwareImage image, String name) {
        return image.matchTables().stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
    }

    private static String text(ProgramHash hash) {
        return hash == null ? NONE : hash.text();
    }

    private static String text(MatchTable table) {
        if (table == null) return NONE;
        return table.target().label() + " of " + table.keys().stream().map(key -> key.label()).toList() + ", "
            + table.entriesMax() + " entries";
    }

    private FirmwareDifference() {}
}
