package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftParser.InitializerContext;

import java.util.HashMap;
import java.util.Map;

/// Variables of a file or of a block in it. A variable is text that stands where it is used, so its value keeps the
/// source it was written in.
final class Scope {

    record Variable(InitializerContext value, Source source, Scope scope) {
    }

    private final Scope outer;
    private final Map<String, Variable> variables = new HashMap<>();

    Scope(Scope outer) {
        this.outer = outer;
    }

    void define(String name, InitializerContext value, Source source) {
        variables.put(name, new Variable(value, source, this));
    }

    boolean undefine(String name) {
        return variables.remove(name) != null;
    }

    boolean definesHere(String name) {
        return variables.containsKey(name);
    }

    Variable variable(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Variable variable = scope.variables.get(name);
            if (variable != null) return variable;
        }
        return null;
    }
}
