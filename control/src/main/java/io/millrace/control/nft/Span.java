package io.millrace.control.nft;

import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/// Columns `from` to `to` of a line, both from 1 and included.
record Span(Source source, int line, int from, int to) {

    static Span of(Source source, Token token) {
        int from = token.getCharPositionInLine() + 1;
        int width = token.getType() == Token.EOF || token.getText().equals("\n") ? 1 : token.getText().length();
        return new Span(source, token.getLine(), from, from + width - 1);
    }

    static Span of(Source source, ParseTree tree) {
        if (tree instanceof TerminalNode node) return of(source, node.getSymbol());
        var context = (ParserRuleContext) tree;
        Span first = of(source, context.getStart());
        if (context.getStop() == null || context.getStop().getLine() != first.line) return first;
        Span last = of(source, context.getStop());
        return new Span(source, first.line, first.from, Math.max(first.to, last.to));
    }
}
