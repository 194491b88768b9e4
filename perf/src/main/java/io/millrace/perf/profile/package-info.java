/// Traffic profiles: YAML text to the records of `io.millrace.nic.driver.gen`, every mistake shown in its place.
///
/// Start with [io.millrace.perf.profile.ProfileFile]. Grammar only; what makes sense is decided by the records.
package io.millrace.perf.profile;
