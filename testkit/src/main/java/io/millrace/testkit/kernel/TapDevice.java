package io.millrace.testkit.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// A TAP device inside a [KernelNetwork], read and written with virtio-net headers: what the kernel transmits by it
/// comes out here, and what is written here is what the kernel receives by it.
public final class TapDevice implements AutoCloseable {

    private static final int READ_WRITE = 2;
    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final long SIOCGIFFLAGS = 0x8913;
    private static final long SIOCSIFFLAGS = 0x8914;
    private static final long SIOCSIFMTU = 0x8922;
    private static final int IFF_TAP_NO_PI_VNET_HDR = 0x5002;
    private static final short IFF_UP = 1;
    private static final int INTERFACE_REQUEST_BYTES = 40;
    private static final int REQUEST_VALUE = 16;
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int MESSAGE_BYTES_MAX = 70_000;

    /// For [#open]: what the reader takes over from the kernel (`TUN_F_…` of `linux/if_tun.h`), added up: checksums to be
    /// filled in, super-packets of TCP over IPv4 and IPv6, those with CWR set, those of UDP over IPv4 and IPv6.
    public static final long FILLS_IN_NOTHING = 0;
    public static final long FILLS_IN_CHECKSUMS = 0x01;
    public static final long SEGMENTS_TCP4 = 0x02;
    public static final long SEGMENTS_TCP6 = 0x04;
    public static final long SEGMENTS_TCP_ECN = 0x08;
    public static final long SEGMENTS_UDP4 = 0x20;
    public static final long SEGMENTS_UDP6 = 0x40;

    /// For [#open]: received frames go through NAPI and GRO (`IFF_NAPI`), flushed as the device's timeout says.
    public static final int NAPI = 0x0010;

    private final KernelNetwork network;
    private final String name;
    private final int descriptor;

    private TapDevice(KernelNetwork network, String name, int descriptor) {
        this.network = network;
        this.name = name;
        this.descriptor = descriptor;
    }

    public static TapDevice open(KernelNetwork network, String name, int mtu, long offloads) {
        return open(network, name, mtu, offloads, 0);
    }

    public static TapDevice open(KernelNetwork network, String name, int mtu, long offloads, int moreFlags) {
        return network.run(() -> {
            int descriptor = SystemCalls.open("/dev/net/tun", READ_WRITE);
            int socket = SystemCalls.socket(AF_INET, SOCK_DGRAM, 0);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment request = arena.allocate(INTERFACE_REQUEST_BYTES, 8);
                request.setString(0, name);
                request.set(ValueLayout.JAVA_SHORT, REQUEST_VALUE,
                    (short) (IFF_TAP_NO_PI_VNET_HDR | moreFlags));
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

    public String name() {
        return name;
    }

    /// The next frame that the kernel sends by this device, or null if none comes in time.
    public VnetFrame next(int timeoutMs) {
        return network.run(() -> {
            byte[] message = SystemCalls.read(descriptor, MESSAGE_BYTES_MAX, timeoutMs);
            return message == null ? null : VnetFrame.of(message);
        });
    }

    /// Gives the kernel a frame as received by this device.
    public void write(VnetFrame frame) {
        network.run(() -> {
            SystemCalls.write(descriptor, frame.message());
            return null;
        });
    }

    /// The same for several frames, one directly after the other.
    public void write(List<VnetFrame> frames) {
        List<byte[]> messages = frames.stream().map(VnetFrame::message).toList();
        network.run(() -> {
            for (byte[] message : messages) SystemCalls.write(descriptor, message);
            return null;
        });
    }

    /// Holds received packets for GRO until so much time has passed after the last one (`gro_flush_timeout`); for a
    /// device with [#NAPI]. The setting is a file of `sysfs`, which shows a namespace's devices to who mounts it there.
    public void flushTimeout(long timeoutNs) {
        network.command("unshare", "--mount", "sh", "-c", "mount -t sysfs sysfs /sys && echo " + timeoutNs
            + " > /sys/class/net/" + name + "/gro_flush_timeout");
    }

    @Override
    public void close() {
        network.run(() -> {
            SystemCalls.close(descriptor);
            return null;
        });
    }
}
