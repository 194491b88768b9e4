/// The verbs below `millrace parser`, one file each.
///
/// Start with [io.millrace.control.verb.parser.ParserVerb].
package io.millrace.control.verb.parser;
