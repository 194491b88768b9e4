/// JSON and YAML documents as trees whose every value knows its file, line, column and path, and errors that show the
/// place and say what is allowed.
///
/// Start with [io.millrace.packet.document.Document], then [io.millrace.packet.document.DocumentNode]. The only
/// package below `control` that names a JSON or YAML library. Uses nothing of Millrace.
package io.millrace.packet.document;
