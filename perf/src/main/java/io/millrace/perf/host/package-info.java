/// Hosts to send traffic between: network namespaces of this machine, joined by a router.
///
/// Start with [io.millrace.perf.host.Host]. Used by the benchmark of live ports and by tests.
package io.millrace.perf.host;
