package io.millrace.control.config;

import io.millrace.dataplane.config.Sysctl;
import io.millrace.dataplane.config.SysctlConfig;
import io.millrace.dataplane.config.SysctlNames;
import io.millrace.dataplane.config.TypeMask;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads `sysctl`.
final class SysctlReader {

    private final DocumentProblems problems;
    private final SysctlNames names;
    private final Map<String, Long> values = new HashMap<>();
    private TypeMask icmpv6RateMask = TypeMask.LINUX;

    SysctlReader(DocumentProblems problems, DocumentNode root) {
        this.problems = problems;
        this.names = new SysctlNames(root.get("ports").filter(DocumentNode::isObject)
            .map(ports -> List.copyOf(ports.fields().keySet())).orElse(List.of()));
    }

    SysctlConfig read(DocumentNode node) {
        problems.attempt(node::fields).ifPresent(fields -> fields.forEach((name, value) ->
            problems.attempt(() -> read(SysctlNames.canonical(name), value))));
        return new SysctlConfig(values, icmpv6RateMask);
    }

    private boolean read(String name, DocumentNode value) {
        if (name.equals(Sysctl.ICMPV6_RATEMASK)) {
            icmpv6RateMask = value.as(TypeMask::parse);
            return true;
        }
        SysctlNames.Range range = names.range(name);
        if (range == null) throw value.keyError(names.objectionTo(name), names.near(name));
        if (values.containsKey(name)) throw value.keyError("\"" + name + "\" is given twice");
        values.put(name, value.asLong(range.min(), range.max()));
        return true;
    }
}
