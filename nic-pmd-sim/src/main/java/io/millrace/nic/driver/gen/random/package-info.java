/// Seeded random numbers for generated traffic, and draws from uneven distributions in constant time.
///
/// Start with [io.millrace.nic.driver.gen.random.SeededRandom]. Uses `io.millrace.packet.memory`.
package io.millrace.nic.driver.gen.random;
