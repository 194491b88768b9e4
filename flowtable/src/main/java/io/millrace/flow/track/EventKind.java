package io.millrace.flow.track;

/// What happened to a connection, by the names of `conntrack -E`.
public enum EventKind { NEW, UPDATE, DESTROY }
