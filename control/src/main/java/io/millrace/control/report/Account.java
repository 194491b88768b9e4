package io.millrace.control.report;

/// The equation that every run must keep, in packets of the whole process:
///
/// `received + created + split = sent + delivered + dropped + absorbed + held`
///
/// @param received taken from a wire
/// @param created  made here
/// @param split    n − 1 where one became n
/// @param sent     given to a wire
/// @param absorbed n − 1 where n became one
/// @param held     still waiting somewhere; 0 at the end of an offline run
public record Account(long received, long created, long split,
                      long sent, long delivered, long dropped, long absorbed, long held) {

    /// Left side less right side.
    public long unaccounted() {
        return received + created + split - sent - delivered - dropped - absorbed - held;
    }

    public boolean holds() {
        return unaccounted() == 0;
    }
}
