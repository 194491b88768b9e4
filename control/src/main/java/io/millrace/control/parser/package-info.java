/// What the parser verbs do: read graphs and images, draw graphs, walk captures.
///
/// Start with [io.millrace.control.parser.GraphFile].
package io.millrace.control.parser;
