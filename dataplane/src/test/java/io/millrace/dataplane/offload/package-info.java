/// Tests of the choice of flows that a NIC has.
package io.millrace.dataplane.offload;
