package io.millrace.flow.path;

/// An interface as the flow table sees it.
///
/// @param port     the port that its frames arrive and leave by
/// @param mac      its address
/// @param vlans    its tags, TPID × 65,536 + id each, the outermost in the low half; 0 is none
/// @param session  its PPPoE session, 0 is none
/// @param peerMac  the other end of that session; meant only with one
/// @param isDevice it, or the port below it, is one of the flow table's devices: packets that arrive by it are looked
/// up
public record FlowInterface(int port, long mac, long vlans, int session, long peerMac, boolean isDevice) {}
