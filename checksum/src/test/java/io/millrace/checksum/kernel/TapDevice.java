package io.millrace.checksum.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A TAP device inside a [KernelNetwork], read with virtio-net headers: what the kernel transmits by it comes out here.
final class TapDevice implements AutoCloseable {

    private static final int READ_WRITE = 2;
    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final long SIOCGIFFLAGS = 0x8913;
    private static final long SIOCSIFFLAGS = 0x8914;
    private static final long SIOCSIFMTU = 0x8922;
    private static final short IFF_TAP_NO_PI_VNET_HDR = 0x5002;
    private static final short IFF_UP = 1;
    private static final int INTERFACE_REQUEST_BYTES = 40;
    private static final int REQUEST_VALUE = 16;
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int MESSAGE_BYTES_MAX = 70_000;

    /// For [#open]: the device fills in checksums (TUN_F_CSUM), or nothing.
    static final long FILLS_IN_CHECKSUMS = 1;
    static final long FILLS_IN_NOTHING = 0;

    private final KernelNetwork network;
    private final String name;
    private final int descriptor;

    private TapDevice(KernelNetwork network, String name, int descriptor) {
        this.network = network;
        this.name = name;
        this.descriptor = descriptor;
    }

    static TapDevice open(KernelNetwork network, String name, int mtu, long offloads) {
        return network.run(() -> {
            int descriptor = SystemCalls.open("/dev/net/tun", READ_WRITE);
            int socket = SystemCalls.socket(AF_INET, SOCK_DGRAM, 0);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment request = arena.allocate(INTERFACE_REQUEST_BYTES, 8);
                request.setString(0, name);
                request.set(ValueLayout.JAVA_SHORT, REQUEST_VALUE, IFF_TAP_NO_PI_VNET_HDR);
                SystemCalls.ioctl("TUNSETIFF", descriptor, TUNSETIFF, request);
                SystemCalls.ioctl("TUNSETOFFLOAD", descriptor, TUNSETOFFLOAD, MemorySegment.ofAddress(offloads));
                request.set(ValueLayout.JAVA_INT, REQUEST_VALUE, mtu);
                SystemCalls.ioctl("SIOCSIFMTU", socket, SIOCSIFMTU, request);
                SystemCalls.ioctl("SIOCGIFFLAGS", socket, SIOCGIFFLAGS, request);
                short flags = request.get(ValueLayout.JAVA_SHORT, REQUEST_VALUE);
                request.set(ValueLayout.JAVA_SHORT, REQUEST_VALUE, (short) (flags | IFF_UP));
                SystemCalls.ioctl("SIOCSIFFLAGS", socket, SIOCSIFFLAGS, request);
            } finally {
                SystemCalls.close(socket);
            }
            return new TapDevice(network, name, descriptor);
        });
    }

    String name() {
        return name;
    }

    /// The next frame that the kernel sends by this device, or null if none comes in time.
    VnetFrame next(int timeoutMs) {
        return network.run(() -> {
            byte[] message = SystemCalls.read(descriptor, MESSAGE_BYTES_MAX, timeoutMs);
            return message == null ? null : VnetFrame.of(message);
        });
    }

    @Override
    public void close() {
        network.run(() -> {
            SystemCalls.close(descriptor);
            return null;
        });
    }
}
