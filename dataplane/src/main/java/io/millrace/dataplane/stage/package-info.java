/// The steps of the hot loop, each over a burst. Start with [io.millrace.dataplane.stage.Stage].
///
/// Every stage writes out its own loop over the burst: one call site sees one callee, so HotSpot inlines it.
package io.millrace.dataplane.stage;
