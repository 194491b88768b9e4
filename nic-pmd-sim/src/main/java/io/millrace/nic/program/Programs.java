package io.millrace.nic.program;

import io.millrace.packet.parse.canonical.ParseProgram;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// The hash of each program that somebody runs: a host, or a device.
public final class Programs {

    /// Read once: the classes of a process do not change.
    private static final class OfThisProcess {
        static final Map<Engine, ProgramHash> CLASSES = hashesOf(ClassFiles.ofClassPath());
    }

    private final Map<Engine, ProgramHash> hashes;

    Programs(Map<Engine, ProgramHash> hashes) {
        Map<Engine, ProgramHash> all = new EnumMap<>(Engine.class);
        all.putAll(hashes);
        this.hashes = Collections.unmodifiableMap(all);
    }

    /// What this process runs, with this parser.
    public static Programs ofHost(ParseProgram parser) {
        return with(OfThisProcess.CLASSES, parser);
    }

    /// What a process with these classes would run.
    public static Programs of(ParseProgram parser, ClassFiles files) {
        return with(hashesOf(files), parser);
    }

    private static Programs with(Map<Engine, ProgramHash> classes, ParseProgram parser) {
        Map<Engine, ProgramHash> all = new EnumMap<>(classes);
        all.put(Engine.PARSER, new ProgramHash(parser.hashText()));
        return new Programs(all);
    }

    private static Map<Engine, ProgramHash> hashesOf(ClassFiles files) {
        Map<Engine, ProgramHash> hashes = new EnumMap<>(Engine.class);
        for (Engine engine : Engine.values()) {
            if (engine.isClasses()) hashes.put(engine, EngineCode.of(engine.entryClasses(), files).hash());
        }
        return hashes;
    }

    /// The hash of a program, or null if it is not among them.
    public ProgramHash hash(Engine engine) {
        return hashes.get(engine);
    }

    /// All, the parser first.
    public Map<Engine, ProgramHash> hashes() {
        return hashes;
    }
}
