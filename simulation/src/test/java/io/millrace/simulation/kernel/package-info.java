/// The same rulesets and the same packets in the Linux kernel of this machine and here. Start with
/// [io.millrace.simulation.kernel.Duel].
package io.millrace.simulation.kernel;
