/// What is done for HotSpot's sake. Start with [io.millrace.packet.jit.Specialised].
package io.millrace.packet.jit;
