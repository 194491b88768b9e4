package io.millrace.control.nft;

import io.millrace.control.nft.Change.Places;
import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Flowtable;
import io.millrace.flow.ruleset.NamedObject;
import io.millrace.flow.ruleset.ObjectKind;
import io.millrace.flow.ruleset.RulesetDraft;
import io.millrace.flow.ruleset.RulesetRefusal;
import io.millrace.flow.ruleset.TableDraft;

import java.util.ArrayList;
import java.util.List;

import org.antlr.v4.runtime.ParserRuleContext;

/// Reads one command into the changes that it asks for.
final class CommandReader {

    private final Definitions definitions;
    private final List<NftError> errors;
    private final List<Change> changes = new ArrayList<>();

    CommandReader(Definitions definitions, List<NftError> errors) {
        this.definitions = definitions;
        this.errors = errors;
    }

    static Family family(NftParser.FamilyContext context) {
        if (context == null) return Family.IP;
        for (Family family : Family.values()) {
            if (family.text().equals(context.getText())) return family;
        }
        throw new IllegalStateException("the grammar has no other families: " + context.getText());
    }

    List<Change> read(Reading reading, NftParser.CommandContext context) {
        if (context.block() != null) {
            return new BlockReader(definitions, errors).read(reading, context.block(), false);
        }
        if (context.add() != null) {
            add(reading, context.add());
        } else if (context.remove() != null) {
            remove(reading, context.remove());
        } else if (context.FLUSH() != null) {
            flush(reading, context);
        } else if (context.RENAME() != null) {
            Reading in = in(reading, context.table());
            String oldName = context.name(0).getText();
            String newName = context.name(1).getText();
            change(in, context.table(), context.name(0), context, oldName,
                draft -> table(draft, in).renameChain(oldName, newName));
        } else if (context.RESET() != null) {
            reset(reading, context);
        } else if (context.LIST() == null) {
            throw reading.error("not supported: " + context.getStart().getText(), context.getChild(0));
        }
        return changes;
    }

    private static Reading in(Reading reading, NftParser.TableContext context) {
        return reading.in(family(context.family()), context.name().getText());
    }

    private static TableDraft table(RulesetDraft draft, Reading in) throws RulesetRefusal {
        return draft.table(in.family(), in.table());
    }

    private void change(Reading in, NftParser.TableContext table, ParserRuleContext name, ParserRuleContext whole,
                        String chain, Change.Action action) {
        Span tableName = in.place(table.name());
        changes.add(new Change(action, Places.of(in.place(whole), tableName, name == null ? tableName : in.place(name)),
            in.family(), in.table(), chain));
    }

    private void add(Reading reading, NftParser.AddContext context) {
        boolean isNew = context.CREATE() != null;
        if (context.block() != null) {
            changes.addAll(new BlockReader(definitions, errors).read(reading, context.block(), isNew));
            return;
        }
        Reading in = in(reading, context.table());
        NftParser.NameContext name = context.name();
        if (context.TABLE() != null) {
            in.declarations().addTable(in.family(), in.table());
            change(in, context.table(), null, context, "",
                draft -> draft.addTable(in.family(), in.table(), false, "", isNew));
        } else if (context.CHAIN() != null) {
            addChain(in, context, isNew);
        } else if (context.SET() != null || context.MAP() != null) {
            addSet(in, context, isNew);
        } else if (context.ELEMENT() != null) {
            ElementSet set = set(in, context.table(), name);
            List<Element> elements = new SetReader(in, set.key(), set.data(), set.objectKind())
                .readFor(set, context.setLiteral());
            change(in, context.table(), name, context.setLiteral(), "",
                draft -> table(draft, in).addElements(name.getText(), elements, isNew));
        } else if (context.FLOWTABLE() != null) {
            Flowtable flowtable = new ObjectReader(in).flowtable(name.getText(), context.flowtableItem());
            change(in, context.table(), name, context, "", draft -> table(draft, in).addFlowtable(flowtable, isNew));
        } else if (context.objectKind() != null) {
            var reader = new ObjectReader(in);
            NamedObject.Body body = reader.body(context.objectKind(), context.objectBody());
            String comment = reader.comment(context.objectBody());
            change(in, context.table(), name, context, "",
                draft -> table(draft, in).addObject(name.getText(), body, comment, isNew));
        } else {
            addRule(in, context);
        }
    }

    private void addChain(Reading in, NftParser.AddContext context, boolean isNew) {
        String name = context.name().getText();
        in.declarations().addChain(in.family(), in.table(), name);
        var header = new ChainHeader(in);
        for (NftParser.ChainItemContext item : context.chainItem()) {
            if (item.body() != null) throw in.error("rules are added by add rule", item.body());
            header.read(item);
        }
        change(in, context.table(), context.name(), context, "",
            draft -> header.apply(table(draft, in), name, isNew));
    }

    private void addSet(Reading in, NftParser.AddContext context, boolean isNew) {
        ElementSet set = new DeclarationReader(in, definitions, context.MAP() != null)
            .read(context.name(), context.setItem(), 1).set();
        in.declarations().addSet(in.family(), in.table(), set);
        change(in, context.table(), context.name(), context, "", draft -> table(draft, in).addSet(set, isNew));
        if (!set.elements().isEmpty()) {
            change(in, context.table(), context.name(), context, "",
                draft -> table(draft, in).addElements(set.name(), set.elements(), isNew));
        }
    }

    private ElementSet set(Reading in, NftParser.TableContext table, NftParser.NameContext name) {
        if (!in.declarations().hasTable(in.family(), in.table())) {
            throw in.error("No such file or directory" + in.declarations().tableHint(in.table()), table.name());
        }
        ElementSet set = in.declarations().set(in.family(), in.table(), name.getText());
        if (set == null) throw in.error("No such file or directory", name);
        return set;
    }

    private void addRule(Reading in, NftParser.AddContext context) {
        if (!in.declarations().hasTable(in.family(), in.table())) {
            String hint = in.declarations().tableHint(in.table());
            String message = hint.isEmpty() ? "Could not process rule: No such file or directory"
                : "No such file or directory" + hint;
            throw in.error(message, context.table().name());
        }
        RuleReader.ReadRule rule = RuleReader.read(in, context.body());
        String chain = context.name().getText();
        NftParser.RulePositionContext position = context.rulePosition();
        Places places = Places.of(in.place(context), in.place(context.table().name()), in.place(context.name()))
            .with(rule);
        if (position != null) places = places.withHandle(in.place(position.NUMBER()));
        boolean isInsertion = context.INSERT() != null;
        boolean isReplacement = context.REPLACE() != null;
        if (isReplacement && position == null) {
            throw in.error("syntax error, unexpected string, expecting handle", context.body());
        }
        changes.add(new Change(draft -> {
            var table = table(draft, in);
            int at = position(table, chain, position, isInsertion, isReplacement);
            table.addRule(chain, rule.statements(), rule.comment(), at, isReplacement);
        }, places, in.family(), in.table(), chain));
    }

    private static int position(TableDraft table, String chain,
                                NftParser.RulePositionContext context, boolean isInsertion, boolean isReplacement)
        throws RulesetRefusal {
        int count = table.ruleCount(chain);
        if (context == null) return isInsertion ? 0 : count;
        long number = Long.parseLong(context.NUMBER().getText());
        int at = context.INDEX() != null ? table.positionOfIndex(chain, number) : table.positionOf(chain, number);
        return isInsertion || isReplacement ? at : at + 1;
    }

    private void remove(Reading reading, NftParser.RemoveContext context) {
        boolean mayBeMissing = context.DESTROY() != null;
        if (context.TABLE() != null && context.table() == null) {
            throw reading.error("not supported: deleting a table by its handle", context.handle());
        }
        Reading in = in(reading, context.table());
        NftParser.NameContext name = context.name();
        if (name == null && context.TABLE() == null) {
            throw reading.error("not supported: deleting by handle anything but rules", context.handle());
        }
        String text = name == null ? "" : name.getText();
        if (context.RULE() != null) {
            long handle = Long.parseLong(context.handle().NUMBER().getText());
            Places places = Places.of(in.place(context), in.place(context.table().name()), in.place(name))
                .withHandle(in.place(context.handle().NUMBER()));
            changes.add(new Change(tolerant(mayBeMissing, draft -> table(draft, in).deleteRule(text, handle)), places,
                in.family(), in.table(), text));
            return;
        }
        if (context.ELEMENT() != null) {
            ElementSet set = set(in, context.table(), name);
            List<Element> elements = new SetReader(in, set.key(), List.of(), null).read(context.setLiteral());
            change(in, context.table(), name, context.setLiteral(), "",
                draft -> table(draft, in).deleteElements(text, SetReader.canonical(elements), mayBeMissing));
            return;
        }
        Change.Action action;
        if (context.TABLE() != null) {
            action = draft -> draft.deleteTable(in.family(), in.table());
        } else if (context.CHAIN() != null) {
            action = draft -> table(draft, in).deleteChain(text);
        } else if (context.SET() != null || context.MAP() != null) {
            action = draft -> table(draft, in).deleteSet(text);
        } else if (context.FLOWTABLE() != null) {
            action = draft -> table(draft, in).deleteFlowtable(text);
        } else {
            ObjectKind kind = ObjectReader.kind(context.objectKind());
            action = draft -> table(draft, in).deleteObject(kind, text);
        }
        change(in, context.table(), name, context, context.CHAIN() != null ? text : "",
            tolerant(mayBeMissing, action));
    }

    /// `destroy` minds nothing that is not there.
    private static Change.Action tolerant(boolean mayBeMissing, Change.Action action) {
        if (!mayBeMissing) return action;
        return draft -> {
            try {
                action.apply(draft);
            } catch (RulesetRefusal e) {
                if (e.errno() != io.millrace.flow.ruleset.Errno.NO_ENTRY) throw e;
            }
        };
    }

    private void flush(Reading reading, NftParser.CommandContext context) {
        if (context.RULESET() != null) {
            Family only = context.family() == null ? null : family(context.family());
            Span whole = reading.place(context);
            changes.add(new Change(draft -> {
                for (var name : draft.tableNames()) {
                    if (only == null || name.family() == only) draft.deleteTable(name.family(), name.name());
                }
            }, Places.of(whole, whole, whole), Family.IP, "", ""));
            if (only == null) reading.declarations().forget();
            return;
        }
        Reading in = in(reading, context.table());
        NftParser.NameContext name = context.name().isEmpty() ? null : context.name(0);
        String text = name == null ? "" : name.getText();
        if (context.TABLE() != null) {
            change(in, context.table(), null, context, "", draft -> table(draft, in).flush());
        } else if (context.CHAIN() != null) {
            change(in, context.table(), name, context, text, draft -> table(draft, in).flushChain(text));
        } else {
            change(in, context.table(), name, context, "", draft -> table(draft, in).flushSet(text));
        }
    }

    private void reset(Reading reading, NftParser.CommandContext context) {
        boolean isCounter = context.COUNTER() != null || context.COUNTERS() != null;
        ObjectKind kind = isCounter ? ObjectKind.COUNTER : ObjectKind.QUOTA;
        if (context.table() != null) {
            Reading in = in(reading, context.table());
            NftParser.NameContext name = context.name().isEmpty() ? null : context.name(0);
            change(in, context.table(), name, context, "",
                draft -> table(draft, in).resetObjects(kind, name == null ? null : name.getText()));
            return;
        }
        Family only = context.family() == null ? null : family(context.family());
        Span whole = reading.place(context);
        changes.add(new Change(draft -> {
            for (var name : draft.tableNames()) {
                if (only == null || name.family() == only) {
                    draft.table(name.family(), name.name()).resetObjects(kind, null);
                }
            }
        }, Places.of(whole, whole, whole), Family.IP, "", ""));
    }
}
