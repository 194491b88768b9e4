package io.millrace.packet.parse.device;

/// A graph that needs more than a device has: `max-nodes 32 < 255`, the device's number first.
public final class DeviceLimitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DeviceLimitException(String message) {
        super(message);
    }
}
