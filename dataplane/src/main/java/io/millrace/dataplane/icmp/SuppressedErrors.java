package io.millrace.dataplane.icmp;

/// Counts the errors that were not sent, by reason. Written by its worker alone.
public final class SuppressedErrors {

    /// Why nothing was said.
    public enum Reason {
        ABOUT_ERROR("about an ICMP error"),
        ABOUT_LATER_FRAGMENT("about a fragment that is not the first"),
        TO_GROUP("about a packet to a broadcast or multicast address"),
        FROM_GROUP("about a packet whose source is not one host"),
        NO_WAY_BACK("no route to the packet's source"),
        GATEWAY_NOT_LINK_LOCAL("no redirect to a gateway without a link-local address"),
        OPTIONS_UNUSABLE("the packet's IP options cannot be turned round"),
        LIMITED_OVERALL("over icmp_msgs_per_sec"),
        LIMITED_BY_TARGET("over icmp_ratelimit"),
        LIMITED_BY_ROUTE_ERRORS("over the rate of route errors"),
        LIMITED_BY_REDIRECTS("over the rate of redirects"),
        NO_SLOT("packet memory exhausted");

        static final int COUNT = values().length;

        private final String meaning;

        Reason(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() { return meaning; }
    }

    private final long[] countsByReason = new long[Reason.COUNT];

    void add(Reason reason) {
        countsByReason[reason.ordinal()]++;
    }

    public long count(Reason reason) {
        return countsByReason[reason.ordinal()];
    }
}
