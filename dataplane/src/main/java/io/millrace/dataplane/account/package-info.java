/// Counts what happens to every packet, so that nothing is lost unnamed.
///
/// Start with [io.millrace.dataplane.account.Ledger]. Uses `io.millrace.packet`.
package io.millrace.dataplane.account;
