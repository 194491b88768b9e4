package io.millrace.packet.document;

import io.millrace.packet.document.DocumentNode.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Builds the tree of a YAML 1.2 text from the events of the YAML engine below Jackson. Jackson's own YAML tokens would
/// do but for three things: they do not tell plain scalars from quoted ones, they drop anchors of scalars, and the
/// place of a syntax error is that of the last token.
final class YamlReader {

    private static final Pattern NUMBER = Pattern.compile("-?(?:[0-9]+(?:\\.[0-9]+)?|0x[0-9a-fA-F]+)");
    private static final String NO_REFERENCES = "write the value out at each place";

    private final DocumentSource source;
    private final Iterator<Event> events;

    private YamlReader(DocumentSource source) {
        this.source = source;
        LoadSettings settings = LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
        this.events = new Parse(settings).parseString(source.text()).iterator();
    }

    static DocumentNode read(DocumentSource source) {
        try {
            return new YamlReader(source.asYaml()).document();
        } catch (MarkedYamlEngineException e) {
            throw syntaxError(source, e);
        } catch (ReaderException e) {
            throw strangeCharacter(source, e);
        } catch (YamlEngineException e) {
            throw source.problem(1, 1, "not valid YAML: " + e.getMessage(), "");
        }
    }

    private static DocumentException syntaxError(DocumentSource source, MarkedYamlEngineException e) {
        Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
        int line = mark.map(Mark::getLine).orElse(0) + 1;
        int column = mark.map(Mark::getColumn).orElse(0) + 1;
        String problem = String.valueOf(e.getProblem()).strip();
        if (problem.contains("(TAB)")) {
            return source.problem(line, column, "not valid YAML: a tab where a value or indentation begins",
                "spaces for indentation");
        }
        String context = e.getContext() == null ? "" : e.getContext() + ": ";
        boolean isColonTrouble = problem.contains("':'") || problem.startsWith("mapping values");
        boolean isAddress = isColonTrouble && source.sourceLine(line).contains("::");
        return source.problem(line, column, "not valid YAML: " + context + problem,
            isAddress ? "an IPv6 address that begins or ends with :: in quotes" : "");
    }

    private static DocumentException strangeCharacter(DocumentSource source, ReaderException e) {
        String before = source.text().substring(0, source.text().offsetByCodePoints(0, e.getPosition()));
        DocumentSource readable = DocumentSource.ofText(source.name(), before);
        return source.problem(readable.lineCount(), readable.columnsOfLastLine() + 1,
            String.format("not valid YAML: the character U+%04X may not stand here", e.getCodePoint()), "");
    }

    private DocumentNode document() {
        expect(Event.ID.StreamStart);
        Event first = events.next();
        if (first.getEventId() == Event.ID.StreamEnd) throw source.problem(1, 1, "the document is empty", "");
        Event start = events.next();
        DocumentNode root = value(start, DocumentPlace.root(line(start), column(start)), 1);
        expect(Event.ID.DocumentEnd);
        Event next = events.next();
        if (next.getEventId() != Event.ID.StreamEnd) {
            throw source.problem(line(next), column(next), "a second document begins here", "one document in a file");
        }
        return root;
    }

    private void expect(Event.ID id) {
        Event event = events.next();
        if (event.getEventId() != id) throw new IllegalStateException("YAML: expected " + id + ", got " + event);
    }

    private DocumentNode value(Event event, DocumentPlace place, int depth) {
        refuseReferences(event);
        return switch (event) {
            case ScalarEvent scalar -> DocumentNode.scalar(source, place, kind(scalar), scalar.getValue());
            case CollectionStartEvent start when start.getEventId() == Event.ID.MappingStart ->
                DocumentNode.object(source, place, members(place, depth));
            case CollectionStartEvent _ -> DocumentNode.array(source, place, elements(place, depth));
            default -> throw new IllegalStateException("YAML value begins with " + event);
        };
    }

    private Map<String, DocumentNode> members(DocumentPlace place, int depth) {
        source.checkDepth(place, depth);
        Map<String, DocumentNode> fields = new LinkedHashMap<>();
        for (Event key = events.next(); key.getEventId() != Event.ID.MappingEnd; key = events.next()) {
            refuseReferences(key);
            if (!(key instanceof ScalarEvent scalar)) {
                throw source.problem(line(key), column(key), "a key must be a text", "");
            }
            String name = scalar.getValue();
            if (scalar.isPlain() && name.equals("<<")) {
                throw source.problem(line(key), column(key), "merge keys are not supported", NO_REFERENCES);
            }
            source.checkUnique(fields, name, line(key), column(key));
            Event start = events.next();
            fields.put(name, value(start, DocumentPlace.member(
                line(start), column(start), line(key), column(key), place.path(), name), depth + 1));
        }
        return fields;
    }

    private List<DocumentNode> elements(DocumentPlace place, int depth) {
        source.checkDepth(place, depth);
        List<DocumentNode> elements = new ArrayList<>();
        for (Event start = events.next(); start.getEventId() != Event.ID.SequenceEnd; start = events.next()) {
            elements.add(value(start,
                DocumentPlace.element(line(start), column(start), place.path(), elements.size()), depth + 1));
        }
        return elements;
    }

    private void refuseReferences(Event event) {
        if (event instanceof AliasEvent alias) {
            throw source.problem(line(event), column(event),
                "aliases are not supported: *" + alias.getAlias().getValue(), NO_REFERENCES);
        }
        if (!(event instanceof NodeEvent node)) return;
        node.getAnchor().ifPresent(anchor -> {
            throw source.problem(line(event), column(event),
                "anchors are not supported: &" + anchor.getValue(), NO_REFERENCES);
        });
        tag(event).ifPresent(tag -> {
            throw source.problem(line(event), column(event), "tags are not supported: " + tag, "the value alone");
        });
    }

    private static Optional<String> tag(Event event) {
        return switch (event) {
            case ScalarEvent scalar -> scalar.getTag();
            case CollectionStartEvent collection -> collection.getTag();
            default -> Optional.empty();
        };
    }

    private static Kind kind(ScalarEvent scalar) {
        if (!scalar.isPlain()) return Kind.TEXT;
        String text = scalar.getValue();
        return switch (text) {
            case "", "~", "null" -> Kind.NULL;
            case "true", "false" -> Kind.BOOLEAN;
            default -> NUMBER.matcher(text).matches() ? Kind.NUMBER : Kind.TEXT;
        };
    }

    private static int line(Event event) {
        return event.getStartMark().orElseThrow().getLine() + 1;
    }

    private static int column(Event event) {
        return event.getStartMark().orElseThrow().getColumn() + 1;
    }
}
