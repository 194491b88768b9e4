package io.millrace.control.nft;

import io.millrace.control.nft.Change.Places;
import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Flowtable;
import io.millrace.flow.ruleset.NamedObject;

import java.util.ArrayList;
import java.util.List;

import org.antlr.v4.runtime.ParserRuleContext;

/// Reads a block of a table into changes, in the order in which Linux is told: chains, objects, sets, flowtables,
/// elements, rules.
final class BlockReader {

    private final Definitions definitions;
    private final List<NftError> errors;
    private final List<Change> chains = new ArrayList<>();
    private final List<Change> objects = new ArrayList<>();
    private final List<Change> sets = new ArrayList<>();
    private final List<Change> flowtables = new ArrayList<>();
    private final List<Change> elements = new ArrayList<>();
    private final List<Change> rules = new ArrayList<>();
    private final List<Runnable> ruleReaders = new ArrayList<>();
    private boolean isDormant;
    private String comment = "";
    private Places places;
    private boolean isNew;

    BlockReader(Definitions definitions, List<NftError> errors) {
        this.definitions = definitions;
        this.errors = errors;
    }

    List<Change> read(Reading outer, NftParser.BlockContext context, boolean mustBeNew) {
        if (Reading.isBroken(context.table())) return List.of();
        Family family = CommandReader.family(context.table().family());
        String table = context.table().name().getText();
        Reading reading = outer.in(family, table).with(new Scope(outer.scope()));
        reading.declarations().addTable(family, table);
        Span name = reading.place(context.table().name());
        places = Places.of(name, name, name);
        isNew = mustBeNew;
        items(reading, context.tableItem(), 1);
        // Rules may name sets that stand below them.
        ruleReaders.forEach(Runnable::run);
        List<Change> changes = new ArrayList<>();
        boolean dormant = isDormant;
        String tableComment = comment;
        changes.add(change(draft -> draft.addTable(family, table, dormant, tableComment, mustBeNew), places, reading));
        for (List<Change> group : List.of(chains, objects, sets, flowtables, elements, rules)) changes.addAll(group);
        return changes;
    }

    private Change change(Change.Action action, Places at, Reading reading) {
        return new Change(action, at, reading.family(), reading.table(), "");
    }

    private void items(Reading reading, List<NftParser.TableItemContext> items, int depth) {
        for (NftParser.TableItemContext item : items) {
            try {
                item(reading, item, depth);
            } catch (NftException e) {
                errors.add(e.error());
            }
        }
    }

    private void item(Reading reading, NftParser.TableItemContext item, int depth) {
        boolean isChain = item.CHAIN() != null && item.name() != null;
        if (isChain ? item.name().exception != null : Reading.isBroken(item)) return;
        if (item.tableItem() != null) {
            item(reading, item.tableItem(), depth);
        } else if (item.define() != null) {
            definitions.define(reading, item.define());
        } else if (item.include() != null) {
            for (var file : definitions.include(reading, item.include(), depth, NftParser::tableItems)) {
                var inner = new Reading(file.source(), reading.scope(), reading.declarations(), reading.family(),
                    reading.table());
                items(inner, file.tree().tableItem(), depth + 1);
            }
        } else if (item.FLAGS() != null) {
            flags(reading, item);
        } else if (item.COMMENT() != null) {
            comment = Words.unquoted(item.QUOTED().getText());
        } else if (item.CHAIN() != null) {
            chain(reading, item.name(), item.chainItem(), depth);
        } else if (item.SET() != null || item.MAP() != null) {
            set(reading, item, depth);
        } else if (item.FLOWTABLE() != null) {
            Flowtable flowtable = new ObjectReader(reading).flowtable(item.name().getText(), item.flowtableItem());
            flowtables.add(change(draft -> draft.table(reading.family(), reading.table())
                .addFlowtable(flowtable, isNew), at(reading, item.name()), reading));
        } else if (item.objectKind() != null) {
            object(reading, item);
        }
    }

    private Places at(Reading reading, ParserRuleContext name) {
        Span span = reading.place(name);
        return Places.of(span, places.table(), span);
    }

    private void flags(Reading reading, NftParser.TableItemContext item) {
        for (NftParser.WordContext flag : item.word()) {
            if (!flag.getText().equals("dormant")) {
                throw reading.error("not supported: table flag " + flag.getText(), flag);
            }
            isDormant = true;
        }
    }

    private void object(Reading reading, NftParser.TableItemContext item) {
        String name = item.name().getText();
        var reader = new ObjectReader(reading);
        NamedObject.Body body = reader.body(item.objectKind(), item.objectBody());
        String text = reader.comment(item.objectBody());
        objects.add(change(draft -> draft.table(reading.family(), reading.table()).addObject(name, body, text, isNew),
            at(reading, item.name()), reading));
    }

    private void set(Reading reading, NftParser.TableItemContext item, int depth) {
        var reader = new DeclarationReader(reading, definitions, item.MAP() != null);
        DeclarationReader.Declared declared = reader.read(item.name(), item.setItem(), depth);
        ElementSet set = declared.set();
        reading.declarations().addSet(reading.family(), reading.table(), set);
        Places at = at(reading, item.name());
        sets.add(change(draft -> draft.table(reading.family(), reading.table()).addSet(set, isNew), at, reading));
        if (set.elements().isEmpty()) return;
        Places where = declared.elementsPlace() == null ? at
            : Places.of(declared.elementsPlace(), places.table(), reading.place(item.name()));
        elements.add(change(draft -> draft.table(reading.family(), reading.table())
            .addElements(set.name(), set.elements(), isNew), where, reading));
    }

    void chain(Reading outer, NftParser.NameContext nameContext, List<NftParser.ChainItemContext> items, int depth) {
        String name = nameContext.getText();
        Reading reading = outer.with(new Scope(outer.scope()));
        reading.declarations().addChain(reading.family(), reading.table(), name);
        Places at = at(reading, nameContext);
        var header = new ChainHeader(reading);
        chainItems(reading, nameContext, items, header, depth);
        chains.add(change(draft -> header.apply(draft.table(reading.family(), reading.table()), name, isNew), at,
            reading));
    }

    private void chainItems(Reading reading, NftParser.NameContext name, List<NftParser.ChainItemContext> items,
                            ChainHeader header, int depth) {
        for (NftParser.ChainItemContext item : items) {
            if (Reading.isBroken(item)) continue;
            try {
                if (item.define() != null) {
                    definitions.define(reading, item.define());
                } else if (item.include() != null) {
                    for (var file : definitions.include(reading, item.include(), depth, NftParser::chainItems)) {
                        var inner = new Reading(file.source(), reading.scope(), reading.declarations(),
                            reading.family(), reading.table());
                        chainItems(inner, name, file.tree().chainItem(), header, depth + 1);
                    }
                } else if (item.body() != null) {
                    ruleReaders.add(() -> rule(reading, name, item.body()));
                } else {
                    header.read(item);
                }
            } catch (NftException e) {
                errors.add(e.error());
            }
        }
    }

    private void rule(Reading reading, NftParser.NameContext chain, NftParser.BodyContext body) {
        try {
            RuleReader.ReadRule rule = RuleReader.read(reading, body);
            Span name = Span.of(places.name().source(), chain);
            Places at = Places.of(reading.place(body), places.table(), name).with(rule);
            String chainName = chain.getText();
            rules.add(new Change(draft -> {
                var table = draft.table(reading.family(), reading.table());
                table.addRule(chainName, rule.statements(), rule.comment(), table.ruleCount(chainName), false);
            }, at, reading.family(), reading.table(), ""));
        } catch (NftException e) {
            errors.add(e.error());
        }
    }
}
