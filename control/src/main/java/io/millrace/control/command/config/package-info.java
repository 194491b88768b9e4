/// `config`: what runs beside what the config file says, and how the one becomes the other.
///
/// Start with [io.millrace.control.command.config.ConfigVerb].
package io.millrace.control.command.config;
