/// Runs rulesets: a [io.millrace.flow.ruleset.Ruleset] is compiled into one array of numbers, which a small loop
/// follows for each packet without an object in between.
///
/// Start with [io.millrace.flow.rules.RulesetCompiler], then [io.millrace.flow.rules.RuleMachine].
package io.millrace.flow.rules;
