package io.millrace.flow.path;

import io.millrace.flow.table.FlowFinder;

import java.lang.foreign.MemorySegment;

/// What never changes for one worker and is to be constant in its compiled code.
///
/// @param memory   the packet memory
/// @param table    the flow table's segment
/// @param linksAt  where links begin in it
/// @param finder   finds directions in it
/// @param records  the parser's side table
/// @param portMacs the address of each port
/// @param path     takes what is not usual
record FlowConstants(MemorySegment memory, MemorySegment table, long linksAt, FlowFinder finder, long[] records,
                     long[] portMacs, FlowPath path) {}
