/// Millrace between real hosts: network namespaces of the kernel with everyday programs in them. Needs root; run by
/// `mvn verify -Pnetns`.
///
/// Start with [io.millrace.simulation.netns.RealHosts].
package io.millrace.simulation.netns;
