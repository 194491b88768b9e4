package io.millrace.flow.flower;

/// What a `ct` action does: forgets the packet's connection (`clear`), or finds it in a zone, and with `commit` keeps
/// it and writes its mark.
///
/// @param isClear  nothing else is said then
/// @param isCommit keeps a new connection
/// @param isForced with `commit`: a connection that was begun from the other side is ended first
/// @param zone     0 to 65535
/// @param markMask 0 where no mark is written
/// @param nat      null where addresses stay
public record CtAction(boolean isClear, boolean isCommit, boolean isForced, int zone, int mark, int markMask,
                       CtNat nat) {

    public static final CtAction CLEAR = new CtAction(true, false, false, 0, 0, 0, null);
}
