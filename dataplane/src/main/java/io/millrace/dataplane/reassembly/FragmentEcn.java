package io.millrace.dataplane.reassembly;

/// What becomes of the ECN fields of fragments (RFC 3168 §5.3, Linux's `ip_frag_ecn_table`). A set of fields seen has
/// bit n set for the field n.
final class FragmentEcn {

    static final int FIELD_MASK = 3;
    static final int NOT_ECT = 0;
    static final int CONGESTION_EXPERIENCED = 3;

    static boolean isMixed(int seen) {
        return (seen & 1 << NOT_ECT) != 0 && seen != 1 << NOT_ECT;
    }

    /// What is ORed into the field of the first fragment.
    static int added(int seen) {
        return (seen & 1 << CONGESTION_EXPERIENCED) != 0 ? CONGESTION_EXPERIENCED : 0;
    }

    private FragmentEcn() {}
}
