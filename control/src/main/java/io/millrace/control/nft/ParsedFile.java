package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftLexer;
import io.millrace.control.nft.grammar.NftParser;

import java.util.ArrayList;
import java.util.List;

import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.atn.PredictionMode;

/// The parse tree of a source and what is wrong with its syntax.
record ParsedFile(Source source, NftParser.FileContext tree, List<NftError> errors) {

    static ParsedFile of(Source source) {
        var lexer = new NftLexer(CharStreams.fromString(source.text()));
        lexer.removeErrorListeners();
        var parser = new NftParser(new CommonTokenStream(lexer));
        parser.removeErrorListeners();
        List<NftError> errors = new ArrayList<>();
        parser.setErrorHandler(new SyntaxErrors(source, errors));
        parser.getInterpreter().setPredictionMode(PredictionMode.LL);
        return new ParsedFile(source, parser.file(), errors);
    }
}
