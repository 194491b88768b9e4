/// Puts a dataplane together from its configuration and its ports.
///
/// Start with [io.millrace.dataplane.assembly.Dataplane]. The last package of the module; uses all others.
package io.millrace.dataplane.assembly;
