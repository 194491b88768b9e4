package io.millrace.packet.parse.host;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.SwitchCase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Jumps by a key that lies on the stack as a long: a `tableswitch` or `lookupswitch`, which C2 orders by how often it
/// saw each case; for keys over 32 bits a tree of comparisons.
final class KeySwitch {

    /// A table with this share of its range filled is a `tableswitch`.
    private static final int TABLE_SPREAD_MAX = 4;
    private static final int COMPARED_IN_A_ROW = 3;

    /// A key, unsigned, and where it leads.
    record Case(long key, Label target) {}

    static void emit(CodeBuilder code, List<Case> cases, Label fallback, boolean isWide) {
        if (cases.isEmpty()) {
            code.pop2().goto_(fallback);
        } else if (isWide) {
            int key = code.allocateLocal(TypeKind.LONG);
            code.lstore(key);
            List<Case> sorted = new ArrayList<>(cases);
            sorted.sort(Comparator.comparingLong(Case::key));   // signed, as lcmp compares
            compare(code, key, sorted, fallback);
        } else {
            code.l2i();
            narrow(code, cases, fallback);
        }
    }

    private static void narrow(CodeBuilder code, List<Case> cases, Label fallback) {
        List<SwitchCase> sorted = new ArrayList<>();
        for (Case each : cases) sorted.add(SwitchCase.of((int) each.key(), each.target()));
        sorted.sort(Comparator.comparingInt(SwitchCase::caseValue));
        int least = sorted.getFirst().caseValue();
        int most = sorted.getLast().caseValue();
        if ((long) most - least < (long) TABLE_SPREAD_MAX * sorted.size()) {
            code.tableswitch(least, most, fallback, sorted);
        } else {
            code.lookupswitch(fallback, sorted);
        }
    }

    private static void compare(CodeBuilder code, int key, List<Case> sorted, Label fallback) {
        if (sorted.size() <= COMPARED_IN_A_ROW) {
            for (Case each : sorted) code.lload(key).loadConstant(each.key()).lcmp().ifeq(each.target());
            code.goto_(fallback);
            return;
        }
        int half = sorted.size() / 2;
        Label upper = code.newLabel();
        code.lload(key).loadConstant(sorted.get(half).key()).lcmp().ifge(upper);
        compare(code, key, sorted.subList(0, half), fallback);
        code.labelBinding(upper);
        compare(code, key, sorted.subList(half, sorted.size()), fallback);
    }

    /// Name of the method that holds the table of a node.
    static String tableName(int node) {
        return "table" + node;
    }

    private KeySwitch() {}
}
