package io.millrace.dataplane.worker;

import io.millrace.nic.port.Device;
import org.agrona.concurrent.Agent;

/// Gives a device its turns, on a thread of its own.
final class DeviceAgent implements Agent {

    private final Device device;
    private final Clock clock;

    DeviceAgent(Device device, Clock clock) {
        this.device = device;
        this.clock = clock;
    }

    @Override
    public String roleName() {
        return device.name();
    }

    @Override
    public int doWork() {
        return device.turn(clock.nowNs());
    }
}
