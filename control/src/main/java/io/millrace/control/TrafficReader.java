package io.millrace.control;

import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.WireConfig;
import io.millrace.nic.driver.gen.GenPort;
import io.millrace.nic.driver.gen.TrafficProfile;
import io.millrace.nic.driver.gen.receive.Receiver;
import io.millrace.packet.memory.PacketMemory;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ServiceLoader;

/// Reads the traffic profiles that `wire: gen` names. The module that knows their grammar lies above this one and is
/// found as a service.
public interface TrafficReader {

    /// Throws a [io.millrace.packet.document.DocumentException] that shows what is wrong with the profile.
    TrafficProfile read(Path file);

    /// The port of a `gen` wire. Its profile starts when it is first polled.
    static GenPort open(Arena arena, PacketMemory packets, String name, int index, WireConfig.Gen wire) {
        TrafficReader reader = ServiceLoader.load(TrafficReader.class).findFirst().orElseThrow(() ->
            new ConfigException("port " + name + ": the module perf, which reads traffic profiles, is not on the "
                + "class path"));
        TrafficProfile profile = reader.read(wire.profile());
        return new GenPort(arena, packets, name, index, profile,
            new Receiver(arena, packets, profile.streams().size(), true), wire.ringSlots(), GenPort.AT_FIRST_RECEIVE);
    }
}
