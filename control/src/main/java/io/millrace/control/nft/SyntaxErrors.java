package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftLexer;
import io.millrace.control.nft.grammar.NftWords;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;

/// Words syntax errors as `nft`'s parser does, and goes on at the next line.
final class SyntaxErrors extends DefaultErrorStrategy {

    /// Bison names what it expected only up to so many.
    private static final int EXPECTED_MAX = 4;

    /// Words stand before signs.
    private static final Comparator<String> BY_WORDS =
        Comparator.comparing((String name) -> !Character.isLetter(name.charAt(0))).thenComparing(name -> name);

    private final Source source;
    private final List<NftError> errors;

    SyntaxErrors(Source source, List<NftError> errors) {
        this.source = source;
        this.errors = errors;
    }

    @Override
    public void reportError(Parser parser, RecognitionException problem) {
        if (inErrorRecoveryMode(parser)) return;
        beginErrorCondition(parser);
        Token token = problem.getOffendingToken();
        var message = new StringBuilder("syntax error, unexpected ").append(NftWords.nameOf(token.getType()));
        // Where several ways were open, what each expected is not known; one that stands alone is.
        boolean isOnlyWay = problem instanceof InputMismatchException
            || problem instanceof NoViableAltException several && several.getStartToken() == token;
        IntervalSet expected = problem.getExpectedTokens();
        // The states of a decision that failed at once know what they wanted; a name may be any of some words.
        if (isOnlyWay && expected != null) append(message, expected);
        errors.add(new NftError(message.toString(), Span.of(source, token), null));
    }

    private static void append(StringBuilder message, IntervalSet expected) {
        var names = new TreeSet<String>(BY_WORDS);
        for (int type : expected.toList()) names.add(NftWords.isName(type) ? "string" : NftWords.nameOf(type));
        // An end of the file is where a line may end.
        if (names.contains("newline")) names.remove("end of file");
        if (names.isEmpty() || names.size() > EXPECTED_MAX) return;
        message.append(", expecting ").append(String.join(" or ", names));
    }

    @Override
    public void recover(Parser parser, RecognitionException problem) {
        int type = parser.getInputStream().LA(1);
        while (type != Token.EOF && type != NftLexer.NEWLINE && type != NftLexer.SEMICOLON) {
            parser.consume();
            type = parser.getInputStream().LA(1);
        }
    }

    @Override
    public Token recoverInline(Parser parser) {
        throw new InputMismatchException(parser);
    }

    /// Loops look ahead by themselves; repairing what stands before them would hide where an error is.
    @Override
    public void sync(Parser parser) {
    }
}
