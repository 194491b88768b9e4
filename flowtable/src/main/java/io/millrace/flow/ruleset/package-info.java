/// What an nftables ruleset means: tables, chains, rules, sets and stateful objects as typed immutable records, and
/// the changes that Linux allows to them. Text and JSON are read and written elsewhere; nothing here knows syntax.
///
/// Start with [io.millrace.flow.ruleset.Ruleset], [io.millrace.flow.ruleset.Statement] and
/// [io.millrace.flow.ruleset.Expression]; changes go through [io.millrace.flow.ruleset.RulesetDraft].
package io.millrace.flow.ruleset;
