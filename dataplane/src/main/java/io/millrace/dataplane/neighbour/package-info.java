/// Who is on the links: the neighbours of all interfaces in Linux's states, learned and asked for by ARP and Neighbour
/// Discovery, and the packets that wait for their answers.
///
/// Start with [io.millrace.dataplane.neighbour.NeighbourTable]. Uses `io.millrace.packet`, `io.millrace.checksum` and
/// `io.millrace.dataplane.route`.
package io.millrace.dataplane.neighbour;
