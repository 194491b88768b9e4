package io.millrace.nic.sim.eswitch;

/// A table of the device whose entries hold for one mode, and one generation of it, only: flows, filters.
///
/// Before it adds anything it asks [Eswitch#admit], on the device's thread and in the same command, with the generation
/// that whoever wants the entry has seen when it was decided. So nothing gets in while a change drains the tables, and
/// nothing gets in afterwards that was meant for what was before.
///
/// The device's thread alone.
public interface ModeTable {

    /// A change has begun. Nothing more is admitted; entries are read and removed as ever.
    default void beginDrain() {}

    /// True if no entry is left, and nothing refers to one.
    boolean isDrained();

    /// The change is carried out: forgets whatever is left. Names of entries from before stay refused for ever.
    ///
    /// @param generation what entries are admitted for from now on
    void drop(long generation);
}
