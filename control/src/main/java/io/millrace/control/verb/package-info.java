/// The verbs of the command line, one file each.
///
/// Start with [io.millrace.control.verb.Verb]. Modules above add theirs by `ServiceLoader`.
package io.millrace.control.verb;
