package io.millrace.flow.path;

/// Whoever keeps the connections hears here how their flows live and end. Called on the worker's thread.
public interface FlowLife {

    /// A sweep came by the flow of this connection, and it lives: the connection must not time out meanwhile.
    void onAlive(int connection, long nowNs);

    /// The flow of this connection passes no more packets; told once. The connection has to be made fit for the slow
    /// path again.
    ///
    /// @param connection the number that the flow was added with
    /// @param isClosing  a FIN or RST has passed
    /// @param isExpired  no packet passed for the flow's timeout
    /// @param tally      what the flow has counted; all 0 where its flow table does not count
    void onTornDown(int connection, boolean isClosing, boolean isExpired, FlowTally tally, long nowNs);
}
