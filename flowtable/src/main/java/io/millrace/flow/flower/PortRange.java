package io.millrace.flow.flower;

import io.millrace.packet.memory.Check;

/// Ports from `min` to `max`, both included. Linux wants `min` below `max`.
public record PortRange(int min, int max) {

    public PortRange {
        Check.that(min >= 0 && min < max && max <= 0xffff, "a port range rises and ends at 65535", min);
    }

    public boolean contains(int port) {
        return port >= min && port <= max;
    }
}
