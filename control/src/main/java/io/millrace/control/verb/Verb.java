package io.millrace.control.verb;

import java.util.concurrent.Callable;

/// A verb of the command line: a class with picocli's `@Command`, whose `call` returns an [ExitStatus].
///
/// Verbs of other modules have a public constructor without parameters and are listed in
/// `META-INF/services/io.millrace.control.verb.Verb`. They print through `spec.commandLine().getOut()` and `getErr()`,
/// and throw [io.millrace.packet.document.DocumentException] or [io.millrace.dataplane.config.ConfigException] for what
/// the operator got wrong.
public interface Verb extends Callable<Integer> {}
