package io.millrace.flow.rules;

import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.SetUse;
import io.millrace.flow.ruleset.Statement.Match;
import io.millrace.flow.ruleset.Statement.Relation;
import io.millrace.flow.ruleset.Value;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Writes a match: orders, prefixes and names with a wildcard are all intervals.
final class MatchCompiler {

    private final Compilation compilation;
    private final CodeWriter code;
    private final ExpressionCompiler expressions;
    private final SetCompiler sets;

    MatchCompiler(Compilation compilation, ExpressionCompiler expressions, SetCompiler sets) {
        this.compilation = compilation;
        this.code = compilation.code;
        this.expressions = expressions;
        this.sets = sets;
    }

    void write(Match match) throws NotExecutable {
        if (match.right() instanceof Value.Tuple tuple) {
            asSet(match, tuple);
            return;
        }
        int words = expressions.words(match.left());
        int register = expressions.load(match.left(), words);
        Constants.Span span = Constants.span(match.right(), compilation.interfaces, words);
        BigInteger most = BigInteger.ONE.shiftLeft(32 * words).subtract(BigInteger.ONE);
        switch (match.relation()) {
            case EQUAL -> interval(register, words, span.low(), span.high(), false);
            case NOT_EQUAL -> interval(register, words, span.low(), span.high(), true);
            case LESS -> below(register, words, span.low());
            case LESS_OR_EQUAL -> interval(register, words, BigInteger.ZERO, span.low(), false);
            case GREATER -> interval(register, words, BigInteger.ZERO, span.low(), true);
            case GREATER_OR_EQUAL -> interval(register, words, span.low(), most, false);
            case ANY_BIT -> bits(register, words, span.low(), false);
            case NO_BIT -> bits(register, words, span.low(), true);
        }
    }

    /// Several fields at once: a set of one element.
    private void asSet(Match match, Value.Tuple tuple) throws NotExecutable {
        boolean isEquality = match.relation() == Relation.EQUAL || match.relation() == Relation.NOT_EQUAL;
        if (!isEquality || !(match.left() instanceof Expression.Concat concat)) {
            throw new NotExecutable("order of a concatenation");
        }
        List<FieldType> key = new ArrayList<>();
        for (Expression part : concat.parts()) key.add(new FieldType(part.type(), 32 * expressions.words(part)));
        var set = ElementSet.anonymous(key, List.of(), null, true, List.of(Element.of(tuple, null)));
        lookup(match.left(), match.relation() == Relation.NOT_EQUAL, new SetUse.Anonymous(set));
    }

    void lookup(Expression key, boolean isInverted, SetUse use) throws NotExecutable {
        SetCompiler.CompiledSet set = sets.use(use);
        int register = expressions.load(key, set.keyWords());
        code.add(Opcode.LOOKUP, set.number(), register, isInverted ? 1 : 0).fail();
    }

    private void below(int register, int words, BigInteger bound) {
        if (bound.signum() == 0) {
            code.add(Opcode.SKIP).fail();
        } else {
            interval(register, words, BigInteger.ZERO, bound.subtract(BigInteger.ONE), false);
        }
    }

    private void interval(int register, int words, BigInteger low, BigInteger high, boolean isInverted) {
        if (words == 1 && low.equals(high)) {
            code.add(isInverted ? Opcode.NOT_EQUAL : Opcode.EQUAL, register, low.intValue()).fail();
        } else if (words == 1) {
            code.add(Opcode.IN_RANGE, register, low.intValue(), high.intValue(), isInverted ? 1 : 0).fail();
        } else {
            code.add(Opcode.IN_WIDE_RANGE, register, words, isInverted ? 1 : 0).fail()
                .add(Words.of(low, words)).add(Words.of(high, words));
        }
    }

    private void bits(int register, int words, BigInteger mask, boolean isInverted) {
        if (words == 1 && !isInverted) {
            code.add(Opcode.ANY_BIT, register, mask.intValue()).fail();
        } else {
            code.add(Opcode.ANY_WIDE_BIT, register, words, isInverted ? 1 : 0).fail().add(Words.of(mask, words));
        }
    }
}
