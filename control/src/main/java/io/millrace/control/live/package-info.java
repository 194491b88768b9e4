/// The dataplane while it runs, as the control thread sees it: what is configured, and a way to have a worker do things
/// between two bursts.
///
/// Start with [io.millrace.control.live.RunningDataplane].
package io.millrace.control.live;
