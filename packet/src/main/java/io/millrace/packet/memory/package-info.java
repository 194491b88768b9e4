/// Packets as numbers: one off-heap reservation cut into slots, their metadata, and what carries them
/// between stages and threads.
///
/// Start with [io.millrace.packet.memory.PacketMemory], then [io.millrace.packet.memory.PacketMeta] and
/// [io.millrace.packet.memory.Burst].
package io.millrace.packet.memory;
