package io.millrace.flow.track;

/// Who wants to know what happens to connections. Called on the worker's thread while a packet is handled or a sweep
/// runs; the entry can be read until the call returns.
public interface ConnectionEvents {

    /// Nobody.
    ConnectionEvents NONE = (kind, entry, nowNs) -> { };

    /// NEW: the entry was confirmed. UPDATE: a confirmed entry got its first reply, became assured, changed its
    /// protocol's state, its mark or its labels. DESTROY: a confirmed entry is out of the table.
    void on(EventKind kind, int entry, long nowNs);
}
