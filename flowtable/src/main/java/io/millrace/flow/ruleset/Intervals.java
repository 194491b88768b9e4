package io.millrace.flow.ruleset;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Intervals of one-field keys: whether they overlap, and how they merge. A single value is an interval of one.
public final class Intervals {

    private static final Comparator<Element> BY_START =
        Comparator.comparing(element -> element.key().lowest().number());

    /// Two elements that overlap.
    public record Overlap(Element first, Element second) {
    }

    /// Elements in ascending order, with those that overlap or touch made one. `*` stays last. Only for elements
    /// without data.
    public static List<Element> merged(List<Element> elements) {
        List<Element> merged = new ArrayList<>();
        for (Element element : sorted(elements)) {
            if (!merged.isEmpty() && element.key().lowest() != null && merged.getLast().key().lowest() != null) {
                Value.Number end = merged.getLast().key().highest();
                if (element.key().lowest().number().compareTo(end.number().add(BigInteger.ONE)) <= 0) {
                    merged.set(merged.size() - 1, union(merged.getLast(), element));
                    continue;
                }
            }
            merged.add(element);
        }
        return merged;
    }

    private static Element union(Element first, Element second) {
        Value.Number low = first.key().lowest();
        Value.Number high = first.key().highest();
        Value.Number other = second.key().highest();
        if (other.number().compareTo(high.number()) <= 0) return first;
        if (second.key().lowest().number().equals(low.number())) return second;
        return new Element(between(low, other), null, first.timeoutMs(), first.expiresMs(), first.comment(),
            first.statements());
    }

    /// The simplest value that covers exactly `low` to `high`.
    public static Value between(Value.Number low, Value.Number high) {
        if (low.number().equals(high.number())) return low;
        BigInteger size = high.number().subtract(low.number()).add(BigInteger.ONE);
        boolean isPrefix = size.bitCount() == 1 && low.number().mod(size).signum() == 0;
        return isPrefix ? new Value.Prefix(low, low.bits() - size.bitLength() + 1) : new Value.Range(low, high);
    }

    /// The first two elements that overlap, or null. Equal keys overlap too.
    public static Overlap overlap(List<Element> elements) {
        Element before = null;
        for (Element element : sorted(elements)) {
            if (element.key().lowest() == null) continue;
            if (before != null
                && element.key().lowest().number().compareTo(before.key().highest().number()) <= 0) {
                return new Overlap(before, element);
            }
            before = element;
        }
        return null;
    }

    /// What is left of `elements` when all values of `gone` are taken out; null when they were not all there.
    public static List<Element> without(List<Element> elements, Value gone) {
        List<Element> left = new ArrayList<>();
        boolean isFound = false;
        BigInteger goneLow = gone.lowest().number();
        BigInteger goneHigh = gone.highest().number();
        for (Element element : elements) {
            Value.Number low = element.key().lowest();
            Value.Number high = element.key().highest();
            boolean covers = low != null && low.number().compareTo(goneLow) <= 0
                && high.number().compareTo(goneHigh) >= 0;
            if (!covers) {
                left.add(element);
                continue;
            }
            isFound = true;
            if (low.number().compareTo(goneLow) < 0) {
                left.add(Element.of(between(low, with(low, goneLow.subtract(BigInteger.ONE))), element.data()));
            }
            if (high.number().compareTo(goneHigh) > 0) {
                left.add(Element.of(between(with(low, goneHigh.add(BigInteger.ONE)), high), element.data()));
            }
        }
        return isFound ? left : null;
    }

    private static Value.Number with(Value.Number like, BigInteger number) {
        return new Value.Number(like.type(), like.bits(), number);
    }

    private static List<Element> sorted(List<Element> elements) {
        List<Element> sorted = new ArrayList<>();
        List<Element> others = new ArrayList<>();
        for (Element element : elements) (element.key().lowest() == null ? others : sorted).add(element);
        sorted.sort(BY_START);
        sorted.addAll(others);
        return sorted;
    }

    private Intervals() {}
}
