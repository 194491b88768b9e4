package io.millrace.packet.document;

import io.millrace.packet.document.DocumentNode.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/// Builds the tree of a JSON text (RFC 8259, nothing added) from Jackson's tokens.
final class JsonReader {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final DocumentSource source;
    private final JsonParser parser;

    private JsonReader(DocumentSource source, JsonParser parser) {
        this.source = source;
        this.parser = parser;
    }

    static DocumentNode read(DocumentSource source) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), source.text())) {
            return new JsonReader(source, parser).document();
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            int line = Math.max(1, at.getLineNr());
            throw source.problem(line, source.columnOfChar(line, at.getColumnNr()),
                "not valid JSON: " + firstSentence(e.getOriginalMessage()), "");
        }
    }

    /// Without the locations that Jackson writes into its sentences: the caret says it better.
    private static String firstSentence(String message) {
        int cut = message.indexOf(" (start marker at ");
        return cut < 0 ? message : message.substring(0, cut);
    }

    private DocumentNode document() {
        if (parser.nextToken() == null) throw source.problem(1, 1, "the document is empty", "");
        Spot spot = spot();
        DocumentNode root = value(DocumentPlace.root(spot.line, spot.column), 1);
        if (parser.nextToken() != null) {
            throw source.problem(spot().line, spot().column, "text after the end of the document", "");
        }
        return root;
    }

    private DocumentNode value(DocumentPlace place, int depth) {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> DocumentNode.object(source, place, members(place, depth));
            case START_ARRAY -> DocumentNode.array(source, place, elements(place, depth));
            case VALUE_STRING -> DocumentNode.scalar(source, place, Kind.TEXT, parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                DocumentNode.scalar(source, place, Kind.NUMBER, parser.getString());
            case VALUE_TRUE, VALUE_FALSE -> DocumentNode.scalar(source, place, Kind.BOOLEAN, parser.getString());
            case VALUE_NULL -> DocumentNode.scalar(source, place, Kind.NULL, "null");
            default -> throw new IllegalStateException("JSON value begins with " + token);
        };
    }

    private Map<String, DocumentNode> members(DocumentPlace place, int depth) {
        source.checkDepth(place, depth);
        Map<String, DocumentNode> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.getString();
            Spot key = spot();
            source.checkUnique(fields, name, key.line, key.column);
            parser.nextToken();
            Spot at = spot();
            fields.put(name, value(
                DocumentPlace.member(at.line, at.column, key.line, key.column, place.path(), name), depth + 1));
        }
        return fields;
    }

    private List<DocumentNode> elements(DocumentPlace place, int depth) {
        source.checkDepth(place, depth);
        List<DocumentNode> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Spot at = spot();
            elements.add(value(DocumentPlace.element(at.line, at.column, place.path(), elements.size()), depth + 1));
        }
        return elements;
    }

    private Spot spot() {
        TokenStreamLocation at = parser.currentTokenLocation();
        return new Spot(at.getLineNr(), source.columnOfChar(at.getLineNr(), at.getColumnNr()));
    }

    private record Spot(int line, int column) {}
}
