package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftParser;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/// Carries out `define` and `include` wherever they stand.
record Definitions(List<NftError> syntaxErrors) {

    private static final int DEPTH_MAX = 16;

    void define(Reading reading, NftParser.DefineContext context) {
        String name = context.name().getText();
        if (context.UNDEFINE() != null) {
            if (!reading.scope().undefine(name)) {
                throw reading.error("undefined symbol '" + name + "'", context.name());
            }
            return;
        }
        if (context.DEFINE() != null && reading.scope().definesHere(name)) {
            throw reading.error("redefinition of symbol '" + name + "'", context.name());
        }
        reading.scope().define(name, context.initializer(), reading.source());
    }

    /// The parse trees of what is included here; each of a source of its own.
    <T> List<ParsedFile<T>> include(Reading reading, NftParser.IncludeContext context, int depth,
                                    Function<NftParser, T> rule) {
        if (depth > DEPTH_MAX) throw reading.error("Include nested too deeply, max 16 levels", context);
        String pattern = Words.unquoted(context.QUOTED().getText());
        List<Source> sources;
        try {
            sources = IncludePath.find(pattern);
        } catch (IOException e) {
            throw reading.error("Could not open file \"" + pattern + "\": " + e.getMessage(), context.QUOTED());
        }
        if (sources == null) throw reading.error("File not found: " + pattern, context);
        List<ParsedFile<T>> parsed = sources.stream().map(source -> ParsedFile.of(source, rule)).toList();
        parsed.forEach(file -> syntaxErrors.addAll(file.errors()));
        return parsed;
    }
}
