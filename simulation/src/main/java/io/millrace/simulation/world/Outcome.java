package io.millrace.simulation.world;

/// What a run amounts to.
///
/// @param packets   frames that hosts sent in conversations
/// @param forwarded frames of conversations that came out
/// @param hits      packets that NICs sent on by themselves
/// @param changes   commands carried out
/// @param channels  changes of a number of channels
/// @param modes     changes of the mode of a NIC's switch
/// @param faults    that NICs suffered
/// @param upsets    of links and neighbours
/// @param talks     conversations
/// @param steps     turns of the worker
/// @param hash      of every frame that left, when and where, and of all counters
public record Outcome(int packets, long forwarded, long hits, int changes, int channels, int modes, int faults,
                      int upsets, int talks, int steps, long hash) {}
