package io.millrace.nic.driver.gen.stream;

import io.millrace.packet.memory.Check;

/// Damage done to headers after everything was computed.
///
/// @param share    of the packets that are damaged, 0 to 1
/// @param bitsMax  bits turned over in each, 1 to this many, anywhere in the headers behind `from`
/// @param cutShare of the damaged packets that are cut off instead, somewhere in their headers
/// @param from     the first header byte that may be damaged
public record Mutation(double share, int bitsMax, double cutShare, int from) {

    public static final Mutation NONE = new Mutation(0, 1, 0, 0);

    public Mutation {
        Check.that(share >= 0 && share <= 1, "share must be 0 to 1");
        Check.that(cutShare >= 0 && cutShare <= 1, "cut must be 0 to 1");
        Check.that(bitsMax >= 1 && bitsMax <= 64, "bits must be 1 to 64", bitsMax);
        Check.that(from >= 0, "from must not be negative", from);
    }
}
