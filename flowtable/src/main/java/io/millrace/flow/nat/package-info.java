/// Network address translation: which addresses and ports a connection gets, and the packets that carry them.
///
/// Start with [io.millrace.flow.nat.Nat]. Uses `io.millrace.flow.track`, `io.millrace.flow.tuple`, and
/// [io.millrace.flow.Routes] for the address of an interface.
package io.millrace.flow.nat;
