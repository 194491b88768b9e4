package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftLexer;
import io.millrace.control.nft.grammar.NftParser;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;

/// The parse tree of a source, from the rule that it was parsed by, and what is wrong with its syntax.
record ParsedFile<T>(Source source, T tree, List<NftError> errors) {

    static <T> ParsedFile<T> of(Source source, Function<NftParser, T> rule) {
        var lexer = new NftLexer(CharStreams.fromString(source.text()));
        lexer.removeErrorListeners();
        var parser = new NftParser(new CommonTokenStream(lexer));
        parser.removeErrorListeners();
        List<NftError> errors = new ArrayList<>();
        parser.setErrorHandler(new SyntaxErrors(source, errors));
        return new ParsedFile<>(source, rule.apply(parser), errors);
    }
}
