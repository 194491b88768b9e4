/// Merging: the packets of a flow that came together become one super-packet.
package io.millrace.gro;
