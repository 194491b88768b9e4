package io.millrace.control.config;

import io.millrace.dataplane.config.ConfigProblem;
import io.millrace.dataplane.config.SysctlNames;
import io.millrace.packet.document.DocumentException;
import io.millrace.packet.document.DocumentNode;

import java.util.Map;
import java.util.Optional;

/// Finds the place of a problem in the document that the configuration was read from.
final class ConfigPlaces {

    static DocumentException located(DocumentNode root, ConfigProblem problem) {
        if (problem.at().isEmpty()) return root.documentError(problem.message());
        return nodeAt(root, problem.at()).error(problem.message(), problem.allowed());
    }

    /// The node at a path, or the last one on the way there.
    private static DocumentNode nodeAt(DocumentNode root, String path) {
        DocumentNode node = root;
        for (String step : path.split("/")) {
            Optional<DocumentNode> next = Optional.empty();
            if (node.isObject()) next = member(node, step);
            if (node.isArray()) next = Optional.of(node.elements().get(Integer.parseInt(step)));
            if (next.isEmpty()) return node;
            node = next.get();
        }
        return node;
    }

    /// Only names of sysctls have a form other than their canonical one.
    private static Optional<DocumentNode> member(DocumentNode node, String name) {
        return node.fields().entrySet().stream()
            .filter(field -> SysctlNames.canonical(field.getKey()).equals(name))
            .map(Map.Entry::getValue).findFirst();
    }

    private ConfigPlaces() {}
}
