/// The hooks at which rules see packets, and what stands between the rules there: connections are tracked, addresses
/// translated, connections put into the flow table.
///
/// Start with [io.millrace.dataplane.hook.Hooks]. Uses `io.millrace.flow` and the packages of this module up
/// to `offload`.
package io.millrace.dataplane.hook;
