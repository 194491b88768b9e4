package io.millrace.flow.ruleset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Adds elements to a set and takes them out, as the set's kind demands.
final class ElementChange {

    static ElementSet added(ElementSet set, List<Element> added, boolean isNew) throws RulesetRefusal {
        LinkedHashMap<Value, Element> elements = new LinkedHashMap<>();
        for (Element element : set.elements()) elements.put(element.key(), element);
        for (Element element : added) {
            Element there = elements.get(element.key());
            boolean isOther = there != null && (isNew || there.data() != null && !there.data().equals(element.data()));
            if (isOther) throw new RulesetRefusal(Errno.EXISTS, RulesetRefusal.Part.WHOLE);
            elements.putIfAbsent(element.key(), element);
        }
        List<Element> all = new ArrayList<>(elements.values());
        if (set.has(ElementSet.Flag.INTERVAL) && !set.isConcatenation()) {
            if (set.mergesAutomatically() && !set.isMap()) {
                all = Intervals.merged(all);
            } else if (Intervals.overlap(all) != null) {
                throw new RulesetRefusal(Errno.EXISTS, RulesetRefusal.Part.WHOLE);
            }
        }
        if (set.size() > 0 && all.size() > set.size()) {
            throw new RulesetRefusal(Errno.TOO_MANY_FILES, RulesetRefusal.Part.WHOLE);
        }
        return set.withElements(all);
    }

    static ElementSet removed(ElementSet set, List<Element> gone, boolean mayBeMissing) throws RulesetRefusal {
        List<Element> left = new ArrayList<>(set.elements());
        for (Element element : gone) {
            boolean isRemoved = left.removeIf(there -> there.key().equals(element.key()));
            if (!isRemoved && set.mergesAutomatically() && element.key().lowest() != null) {
                List<Element> cut = Intervals.without(left, element.key());
                isRemoved = cut != null;
                if (isRemoved) left = cut;
            }
            if (!isRemoved && !mayBeMissing) throw new RulesetRefusal(Errno.NO_ENTRY, RulesetRefusal.Part.WHOLE);
        }
        return set.withElements(left);
    }

    private ElementChange() {}
}
