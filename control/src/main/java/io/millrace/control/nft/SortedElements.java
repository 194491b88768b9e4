package io.millrace.control.nft;

import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Value;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Elements in the order of a listing: ascending, names as numbers, `*` last, concatenations by their fields.
final class SortedElements {

    static List<Element> of(ElementSet set) {
        List<Element> sorted = new ArrayList<>(set.elements());
        sorted.sort(Comparator.comparing(Element::key, SortedElements::compare));
        return sorted;
    }

    private static int compare(Value left, Value right) {
        if (left instanceof Value.Everything || right instanceof Value.Everything) {
            return Boolean.compare(left instanceof Value.Everything, right instanceof Value.Everything);
        }
        if (left instanceof Value.Tuple(List<Value> lefts) && right instanceof Value.Tuple(List<Value> rights)) {
            for (int i = 0; i < Math.min(lefts.size(), rights.size()); i++) {
                int order = compare(lefts.get(i), rights.get(i));
                if (order != 0) return order;
            }
            return Integer.compare(lefts.size(), rights.size());
        }
        if (left instanceof Value.Text first && right instanceof Value.Text second) {
            return nameNumber(first.text()).compareTo(nameNumber(second.text()));
        }
        return number(left).compareTo(number(right));
    }

    /// A name is compared as the number that its bytes are in a register: its first letter counts least.
    private static BigInteger nameNumber(String name) {
        return new BigInteger(1, new StringBuilder(name).reverse().toString().getBytes(StandardCharsets.UTF_8));
    }

    private static BigInteger number(Value value) {
        return value.lowest() == null ? BigInteger.ZERO : value.lowest().number();
    }

    private SortedElements() {}
}
