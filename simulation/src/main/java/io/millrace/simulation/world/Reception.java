package io.millrace.simulation.world;

import io.millrace.packet.address.IpAddress;
import io.millrace.simulation.journal.Part;
import io.millrace.simulation.model.Fate;
import io.millrace.simulation.model.ModelRouter;

/// Asks the oracle what should become of a packet in the moment in which somebody decides about it: a worker, or a NIC
/// in its stead.
final class Reception {

    private final ModelRouter model;
    private final Translations translations;
    private final Tallies tallies;

    Reception(ModelRouter model, Translations translations, Tallies tallies) {
        this.model = model;
        this.translations = translations;
        this.tallies = tallies;
    }

    /// A worker decides.
    void handed(Part part, long nowNs) {
        part.handed(fate(part, nowNs), nowNs);
        tallies.sent(part);
        translations.decided(part, nowNs);
        if (part.fate().isLocal()) part.done();
    }

    /// A NIC has decided, by an entry that is right now.
    void hit(Part part, long nowNs) {
        part.handed(fate(part, nowNs), nowNs);
        tallies.sent(part);
        tallies.hit(part);
        translations.decided(part, nowNs);
    }

    /// A NIC has decided, by an entry that is to leave: as was right when that was made.
    void hitLate(Part part, Fate former, long nowNs) {
        part.handed(former, nowNs);
        tallies.sent(part);
        tallies.hit(part);
    }

    /// A packet to an address of the router may be an answer to one of the hosts behind it; or to nobody, if that
    /// connection is no more.
    private Fate fate(Part part, long nowNs) {
        IpAddress inside = translations.insideTarget(part.frame());
        if (inside == null) return model.fate(part.port(), part.frame(), part.frame().target());
        Fate fate = model.fate(part.port(), part.frame(), inside);
        return translations.heard(part.frame(), nowNs) ? fate : fate.toInsideOrLocal();
    }
}
