/// What the operator wants, as passive data: records that hold only what makes sense.
///
/// Start with [io.millrace.dataplane.config.DataplaneConfig]. Meaning is checked here; text is read in `control`.
/// Uses `io.millrace.packet`.
package io.millrace.dataplane.config;
