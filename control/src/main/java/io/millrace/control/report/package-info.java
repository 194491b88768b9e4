/// What happened to every packet of a run, as data, as text for people and as JSON for programs.
///
/// Start with [io.millrace.control.report.RunReport]. Uses `io.millrace.dataplane.account`.
package io.millrace.control.report;
