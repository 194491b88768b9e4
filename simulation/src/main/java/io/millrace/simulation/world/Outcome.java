package io.millrace.simulation.world;

/// What a run amounts to.
///
/// @param packets   frames that hosts sent in conversations
/// @param forwarded frames of conversations that came out
/// @param changes   commands carried out
/// @param upsets    of links and neighbours
/// @param talks     conversations
/// @param steps     turns of the worker
/// @param hash      of every frame that left, when and where, and of all counters
public record Outcome(int packets, long forwarded, int changes, int upsets, int talks, int steps, long hash) {}
