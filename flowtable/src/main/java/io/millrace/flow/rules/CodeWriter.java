package io.millrace.flow.rules;

import java.util.Arrays;

/// Writes instructions one after another. Within a rule, [#fail] stands for the place of the next rule, which is known
/// when the rule ends.
final class CodeWriter {

    private int[] code = new int[256];
    private int length;
    private int[] unresolved = new int[16];
    private int unresolvedCount;

    CodeWriter add(int word) {
        if (length == code.length) code = Arrays.copyOf(code, 2 * length);
        code[length++] = word;
        return this;
    }

    CodeWriter add(int... words) {
        for (int word : words) add(word);
        return this;
    }

    /// The operand that says where to go on when the rule does not match.
    CodeWriter fail() {
        if (unresolvedCount == unresolved.length) unresolved = Arrays.copyOf(unresolved, 2 * unresolvedCount);
        unresolved[unresolvedCount++] = length;
        return add(0);
    }

    /// The rule ends here.
    void endRule() {
        for (int i = 0; i < unresolvedCount; i++) code[unresolved[i]] = length;
        unresolvedCount = 0;
    }

    int length() {
        return length;
    }

    int[] toArray() {
        return Arrays.copyOf(code, length);
    }
}
