package io.millrace.packet.document;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/// The member names that an object may have, and those that are known but that this version cannot obey yet: they are
/// refused by that name, never ignored.
public final class DocumentKeys {

    private final Set<String> allowed;
    private final Set<String> notYet;

    private DocumentKeys(Set<String> allowed, Set<String> notYet) {
        this.allowed = allowed;
        this.notYet = notYet;
    }

    public static DocumentKeys of(String... allowed) {
        return new DocumentKeys(new LinkedHashSet<>(Arrays.asList(allowed)), Set.of());
    }

    public DocumentKeys notYet(String... names) {
        return new DocumentKeys(allowed, Set.of(names));
    }

    boolean isAllowed(String name) {
        return allowed.contains(name);
    }

    /// What is wrong with this name, for a message.
    String objection(String name) {
        if (notYet.contains(name)) return "\"" + name + "\" is not available yet in this version";
        return "unknown key \"" + name + "\"" + Spelling.suggestion(name, allowed);
    }

    String list() {
        return String.join(", ", allowed);
    }
}
