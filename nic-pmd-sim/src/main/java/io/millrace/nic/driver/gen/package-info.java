/// The driver `gen`: a port that receives generated traffic and judges what is sent to it.
///
/// Start with [io.millrace.nic.driver.gen.GenPort] and [io.millrace.nic.driver.gen.TrafficProfile]. Uses
/// the packages below it, `io.millrace.nic.port` and `io.millrace.packet.memory`.
package io.millrace.nic.driver.gen;
