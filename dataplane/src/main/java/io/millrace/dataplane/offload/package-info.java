/// Puts established connections into the flow tables of NICs and takes them out again.
///
/// ```
///  worker: WorkerFlows ──events──▶ OffloadControl ──commands, FlowDevice──▶ the NIC's flow table
///                      ◀─orders───                ◀─completions──────────
/// ```
///
/// Start with [io.millrace.dataplane.offload.OffloadControl] and [io.millrace.dataplane.offload.WorkerFlows].
package io.millrace.dataplane.offload;
