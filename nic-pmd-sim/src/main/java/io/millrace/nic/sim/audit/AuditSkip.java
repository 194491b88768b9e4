package io.millrace.nic.sim.audit;

/// Why work that was to be audited was not.
public enum AuditSkip {

    RING_FULL("audit ring full"),
    NO_COPY("no room for a copy"),
    TOO_MANY_BUCKETS("too many policers"),
    TOO_LONG("packets too long"),
    TOO_MANY_RECORDS("too many encapsulations"),
    NO_SLOT("no slot for a segment");

    static final int COUNT = values().length;

    private final String label;

    AuditSkip(String label) {
        this.label = label;
    }

    public String label() { return label; }
}
