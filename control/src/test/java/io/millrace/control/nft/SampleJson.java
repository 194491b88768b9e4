package io.millrace.control.nft;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON of rulesets without what differs from load to load: handles, what is left of timeouts, the order of sets.
final class SampleJson {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Set<String> FLEETING = Set.of("handle", "expires", "metainfo");

    static JsonNode read(String text) {
        return normal(MAPPER.readTree(text));
    }

    private static JsonNode normal(JsonNode node) {
        if (node instanceof ArrayNode array) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            array.forEach(item -> items.add(normal(item)));
            return items;
        }
        if (!(node instanceof ObjectNode object)) return node;
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        object.properties().stream().sorted(java.util.Map.Entry.comparingByKey()).forEach(entry -> {
            if (!FLEETING.contains(entry.getKey())) kept.set(entry.getKey(), normal(entry.getValue()));
        });
        for (String name : List.of("elem", "set")) {
            if (kept.get(name) instanceof ArrayNode array) kept.set(name, sorted(array));
        }
        // An element with nothing but its value is that value.
        boolean isBare = kept.size() == 1 && kept.get("elem") instanceof ObjectNode element && element.size() == 1
            && element.has("val");
        return isBare ? kept.get("elem").get("val") : kept;
    }

    private static ArrayNode sorted(ArrayNode array) {
        List<JsonNode> items = new ArrayList<>();
        array.forEach(items::add);
        items.sort(Comparator.comparing(JsonNode::toString));
        ArrayNode sorted = JsonNodeFactory.instance.arrayNode();
        items.forEach(sorted::add);
        return sorted;
    }

    private SampleJson() {}
}
