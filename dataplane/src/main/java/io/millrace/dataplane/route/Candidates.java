package io.millrace.dataplane.route;

import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// All routes by their prefix. Those of one prefix form a list, the one that counts in front: table local before main,
/// then the lower metric, then the one added first.
final class Candidates {

    /// A route and the next hop it has been given.
    static final class Candidate {

        private final Route route;
        private Candidate next;
        private NextHops.Key key;
        private int hop = NextHops.NONE;

        private Candidate(Route route) {
            this.route = route;
        }

        Route route()         { return route; }
        Candidate next()      { return next; }
        NextHops.Key key()    { return key; }
        int hop()             { return hop; }

        void hop(NextHops.Key ofKey, int number) {
            key = ofKey;
            hop = number;
        }

        boolean isLocalTable() {
            return route.type() != RouteType.UNICAST && !route.type().isRefusal();
        }

        private boolean goesBefore(Candidate other) {
            if (isLocalTable() != other.isLocalTable()) return isLocalTable();
            return Integer.compareUnsigned(route.metric(), other.route.metric()) < 0;
        }
    }

    private final Map<IpPrefix, Candidate> firstByPrefix = new HashMap<>();

    /// The one that counts, or `null`.
    Candidate first(IpPrefix prefix) {
        return firstByPrefix.get(prefix);
    }

    Candidate add(Route route) {
        var added = new Candidate(route);
        Candidate before = null;
        Candidate behind = first(route.to());
        while (behind != null && !added.goesBefore(behind)) {
            before = behind;
            behind = behind.next;
        }
        added.next = behind;
        if (before == null) {
            firstByPrefix.put(route.to(), added);
        } else {
            before.next = added;
        }
        return added;
    }

    void remove(Candidate gone) {
        IpPrefix prefix = gone.route.to();
        Candidate first = first(prefix);
        if (first != gone) {
            while (first.next != gone) first = first.next;
            first.next = gone.next;
        } else if (gone.next == null) {
            firstByPrefix.remove(prefix);
        } else {
            firstByPrefix.put(prefix, gone.next);
        }
    }

    /// The first of the prefix that fits, or `null`.
    Candidate find(IpPrefix prefix, Predicate<Candidate> fits) {
        for (Candidate each = first(prefix); each != null; each = each.next) {
            if (fits.test(each)) return each;
        }
        return null;
    }

    /// The first that fits of the longest prefix that holds the address and has one that fits, or `null`.
    Candidate findCovering(IpAddress address, Predicate<Candidate> fits) {
        for (int length = address.bits(); length >= 0; length--) {
            Candidate found = find(new IpPrefix(address, length).network(), fits);
            if (found != null) return found;
        }
        return null;
    }

    /// In no order of prefixes; those of one prefix in theirs.
    void forEach(Consumer<Candidate> action) {
        for (Candidate first : firstByPrefix.values()) {
            for (Candidate each = first; each != null; each = each.next) action.accept(each);
        }
    }
}
