package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Family;

import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ErrorNode;
import org.antlr.v4.runtime.tree.ParseTree;

/// Where reading is: in which source, with which variables, inside which table.
record Reading(Source source, Scope scope, Declarations declarations, Family family, String table) {

    Reading in(Family tableFamily, String tableName) {
        return new Reading(source, scope, declarations, tableFamily, tableName);
    }

    Reading with(Scope inner) {
        return new Reading(source, inner, declarations, family, table);
    }

    Reading at(Scope.Variable variable) {
        return new Reading(variable.source(), variable.scope(), declarations, family, table);
    }

    Span place(ParseTree tree) {
        return Span.of(source, tree);
    }

    NftException error(String message, ParseTree tree) {
        return new NftException(message, place(tree));
    }

    Scope.Variable variable(NftParser.VariableContext context) {
        Scope.Variable variable = scope.variable(context.word().getText());
        if (variable == null) throw error("unknown identifier '" + context.word().getText() + "'", context.word());
        return variable;
    }

    /// The set or map of this name, or an error at its name.
    ElementSet set(String name, ParseTree at) {
        ElementSet set = declarations.set(family, table, name);
        if (set == null) throw new NftException("No such file or directory", reference(at));
        return set;
    }

    private Span reference(ParseTree name) {
        Span span = place(name);
        return new Span(span.source(), span.line(), span.from() - 1, span.to());
    }

    /// Is something below this tree of wrong syntax? Then it was reported and is not to be read.
    static boolean isBroken(ParseTree tree) {
        if (tree instanceof ErrorNode) return true;
        if (tree instanceof ParserRuleContext context && context.exception != null) return true;
        for (int i = 0; i < tree.getChildCount(); i++) {
            if (isBroken(tree.getChild(i))) return true;
        }
        return false;
    }

    /// The variable that is all of this tree, or null.
    static NftParser.VariableContext alone(ParserRuleContext context) {
        ParseTree tree = context;
        while (tree.getChildCount() == 1 && !(tree instanceof NftParser.VariableContext)) tree = tree.getChild(0);
        return tree instanceof NftParser.VariableContext variable ? variable : null;
    }
}
