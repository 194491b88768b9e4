/// The router's decisions about one packet, in Linux's order: is it sound, is it for here, which way, what happens to
/// it on the way, and out through a neighbour.
///
/// Start with [io.millrace.dataplane.forward.Ipv4Path]. Uses all packages of this module below `stage`.
package io.millrace.dataplane.forward;
