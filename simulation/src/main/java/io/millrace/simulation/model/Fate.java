package io.millrace.simulation.model;

import io.millrace.packet.address.IpAddress;
import io.millrace.packet.memory.Verdict;

/// What should become of a packet, by the configuration of the moment.
///
/// @param verdict  `FORWARD`; the end it comes to; or `LOCAL_IN`, which stands for everything that happens to packets for
///                 the router itself
/// @param egress   where it leaves, if it goes on
/// @param nextHop  to whom, if it goes on
/// @param mtuBytes of the egress
/// @param orLocal  it may as well be taken for a packet to the router itself: nobody knows whether the connection that it
///                 belongs to is still remembered
public record Fate(Verdict verdict, ModelLink egress, IpAddress nextHop, int mtuBytes, boolean orLocal) {

    public static Fate ended(Verdict verdict) {
        return new Fate(verdict, null, null, 0, false);
    }

    static Fate forward(ModelLink egress, IpAddress nextHop) {
        return new Fate(Verdict.FORWARD, egress, nextHop, egress.mtuBytes(), false);
    }

    public Fate toInsideOrLocal() {
        return new Fate(verdict, egress, nextHop, mtuBytes, true);
    }

    public boolean goesOn() {
        return verdict == Verdict.FORWARD;
    }

    public boolean isLocal() {
        return verdict == Verdict.LOCAL_IN;
    }

    @Override
    public String toString() {
        return goesOn() ? "to " + nextHop + " by " + egress + ", MTU " + mtuBytes : verdict.name();
    }
}
