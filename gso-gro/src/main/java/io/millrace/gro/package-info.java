/// Merging: makes one long packet of the segments of a flow that follow each other, exactly as Linux 6.18 does (GRO),
/// so that what comes behind works once per packet and not once per segment. Links slots; copies nothing.
///
/// Start with [io.millrace.gro.Merging]. The rules stand in `docs/gro.md`.
package io.millrace.gro;
