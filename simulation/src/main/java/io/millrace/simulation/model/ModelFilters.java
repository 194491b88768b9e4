package io.millrace.simulation.model;

import io.millrace.simulation.frame.SeenFrame;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/// The filters of all ports as a list, tried one after the other: by priority, and within one by the shape that came
/// first.
public final class ModelFilters {

    /// What becomes of a frame.
    public enum End { PASSED, DROPPED, REDIRECTED }

    /// @param isDecided false where no filter has said what becomes of the frame
    /// @param matchCount filters that it met
    /// @param chain     in which it ended
    /// @param target    of a redirected frame
    /// @param copies    ports that get one
    public record Answer(End end, boolean isDecided, int matchCount, int chain, int target, List<Integer> copies) {}

    private final List<ModelFilter> filters = new ArrayList<>();
    private final List<String> shapes = new ArrayList<>();   // of all priorities, in the order in which they came

    public List<ModelFilter> all() {
        return filters;
    }

    public void add(ModelFilter filter) {
        filters.add(filter);
        if (!shapes.contains(shape(filter))) shapes.add(shape(filter));
    }

    public void remove(ModelFilter filter) {
        filters.remove(filter);
        if (filters.stream().noneMatch(each -> shape(each).equals(shape(filter)))) shapes.remove(shape(filter));
    }

    /// The new one has the old one's key, and its place.
    public void replace(ModelFilter old, ModelFilter filter) {
        filters.set(filters.indexOf(old), filter);
    }

    private static String shape(ModelFilter filter) {
        return filter.port() + " " + filter.chain() + " " + filter.priority() + " " + filter.key().shape();
    }

    /// Holds a frame that came by a port against those of its filters that are met, which count it.
    public Answer classify(int port, SeenFrame frame, int firstChain, boolean isHardware,
                           Predicate<ModelFilter> isMet) {
        var copies = new ArrayList<Integer>();
        int chain = firstChain;
        int matchCount = 0;
        while (true) {
            ModelFilter decisive = null;
            for (ModelFilter each : matching(port, chain, frame, isMet)) {
                matchCount++;
                each.count(isHardware);
                if (each.mirror() != ModelFilter.NOWHERE) copies.add(each.mirror());
                if (each.action() == ModelFilter.Action.CONTINUE) continue;
                decisive = each;
                break;
            }
            if (decisive == null) return new Answer(End.PASSED, false, matchCount, chain, 0, copies);
            switch (decisive.action()) {
                case GOTO -> chain = decisive.argument();
                case DROP -> {
                    return new Answer(End.DROPPED, true, matchCount, chain, 0, copies);
                }
                case REDIRECT -> {
                    return new Answer(End.REDIRECTED, true, matchCount, chain, decisive.argument(), copies);
                }
                default -> {
                    return new Answer(End.PASSED, true, matchCount, chain, 0, copies);
                }
            }
        }
    }

    /// The first of each priority.
    private List<ModelFilter> matching(int port, int chain, SeenFrame frame, Predicate<ModelFilter> isMet) {
        var byPriority = new TreeMap<Integer, ModelFilter>();
        for (String shape : shapes) {
            for (ModelFilter each : filters) {
                boolean isHere = each.port() == port && each.chain() == chain && shape(each).equals(shape);
                if (isHere && each.key().matches(frame) && isMet.test(each)) {
                    byPriority.putIfAbsent(each.priority(), each);
                }
            }
        }
        return List.copyOf(byPriority.values());
    }
}
