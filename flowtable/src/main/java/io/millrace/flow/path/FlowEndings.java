package io.millrace.flow.path;

/// Whoever keeps the connections hears here that one is no longer offloaded, and makes it fit for the slow path again
/// (Linux: `flow_offload_teardown` and `flow_offload_fixup_ct`):
///
/// - the OFFLOAD status is cleared; packets and bytes of both directions are added
/// - TCP: the windows of both sides are forgotten, so that they are learned again
/// - the timeout becomes the smaller of what it is and that of its state; if the flow expired, less the flow's timeout
/// - a TCP connection that is closing becomes CLOSE with "closing begun", so that a new SYN opens it again
///
/// Called on the worker's thread, at most once for each flow.
public interface FlowEndings {

    /// @param connection the number that the flow was added with
    /// @param isClosing  a FIN or RST has passed
    /// @param isExpired  no packet passed for the flow's timeout
    /// @param tally      what the flow has counted; all 0 where its flow table does not count
    void onTornDown(int connection, boolean isClosing, boolean isExpired, FlowTally tally, long nowNs);
}
