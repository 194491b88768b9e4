package io.millrace.flow.path;

import io.millrace.flow.table.FlowFinder;

import java.lang.foreign.MemorySegment;

/// What never changes for one worker and is to be constant in its compiled code.
///
/// @param memory    the packet memory, [PacketMemory#guarded]
/// @param slotMask  ones as far as a slot's begin goes
/// @param table     the flow table's segment
/// @param tableMask ones as far as a place in it goes
/// @param linkMask  ones as far as a link's number goes
/// @param linksAt  where links begin in it
/// @param finder   finds directions in it
/// @param records  the parser's side table
/// @param portMacs the address of each port
/// @param packets  room for the burst at hand, `sent` for those of it that are forwarded
/// @param path     takes what is not usual
record FlowConstants(MemorySegment memory, long slotMask, MemorySegment table, long tableMask, int linkMask,
                     long linksAt, FlowFinder finder, long[] records, long[] portMacs, int[] packets, int[] sent, FlowPath path) {}
