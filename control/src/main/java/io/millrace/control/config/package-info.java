/// The config file: YAML text to the records of `io.millrace.dataplane.config`, and every mistake in it shown in its
/// place.
///
/// Start with [io.millrace.control.config.ConfigFile]. Grammar only; what makes sense is decided by the records.
package io.millrace.control.config;
