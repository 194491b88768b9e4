package io.millrace.nic.driver.tap;

import io.millrace.nic.system.Errno;
import io.millrace.nic.system.InterfaceRequest;
import io.millrace.nic.system.SystemCalls;
import io.millrace.nic.system.VnetHeader;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A TAP device of the kernel, with one descriptor for each of its queues.
///
/// Made if there is none of that name, in the network namespace of the calling thread, and then gone with this object
/// or with the process, however that ends. A device that was made to stay (`ip tuntap add`) is used and left there.
final class TapDevice implements AutoCloseable {

    private static final String CONTROL = "/dev/net/tun";

    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final long TUNSETVNETHDRSZ = 0x400454d8L;
    private static final int IFF_TAP = 0x2;
    private static final int IFF_MULTI_QUEUE = 0x100;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;
    private static final int IFF_TUN_EXCL = 0x8000;

    private static final int OFFLOAD_CHECKSUMS = 0x1;
    private static final int OFFLOAD_TCP = OFFLOAD_CHECKSUMS | 0x2 | 0x4 | 0x8;   // over IPv4, IPv6; with ECN
    private static final int OFFLOAD_TCP_AND_UDP = OFFLOAD_TCP | 0x20 | 0x40;     // Linux 6.2 and later

    private static final int ETHTOOL_GLINK = 0xa;

    private final SystemCalls calls = new SystemCalls();
    private final String name;
    private final boolean hasVnetHeader;
    private final int[] descriptors;
    private int openCount;

    TapDevice(String name, int queueCount, boolean hasVnetHeader, int mtuBytes) throws TapException {
        this.name = name;
        this.hasVnetHeader = hasVnetHeader;
        this.descriptors = new int[queueCount];
        try {
            attachFirst();
            while (openCount < queueCount) attach(open(), 0);
            configure(mtuBytes);
        } catch (TapException e) {
            close();
            throw e;
        }
    }

    int descriptor(int queue) {
        return descriptors[queue];
    }

    private int open() throws TapException {
        int descriptor = calls.open(CONTROL, SystemCalls.O_RDWR | SystemCalls.O_NONBLOCK | SystemCalls.O_CLOEXEC);
        if (descriptor >= 0) return descriptor;
        throw new TapException(switch (-descriptor) {
            case Errno.ENOENT -> "there is no " + CONTROL + "; a container must be given it (docker: --device "
                + CONTROL + "), elsewhere: modprobe tun";
            case Errno.ENODEV, Errno.ENXIO -> CONTROL + " has no driver behind it; load it: modprobe tun";
            case Errno.EACCES, Errno.EPERM -> CONTROL + " cannot be opened: permission denied; run as root, or as a "
                + "user who may read and write it";
            default -> CONTROL + " cannot be opened: " + Errno.meaning(descriptor);
        });
    }

    /// A new device, or one that stays and that nobody uses. With several queues the kernel would let us join a
    /// stranger's device; so look whether somebody is there.
    private void attachFirst() throws TapException {
        int descriptor = open();
        int result = set(descriptor, IFF_TUN_EXCL);
        if (result == -Errno.EBUSY && !isCarrierOn()) result = set(descriptor, 0);
        keep(descriptor, result);
    }

    private void attach(int descriptor, int moreFlags) throws TapException {
        keep(descriptor, set(descriptor, moreFlags));
    }

    private int set(int descriptor, int moreFlags) {
        int flags = IFF_TAP | IFF_NO_PI | moreFlags | (hasVnetHeader ? IFF_VNET_HDR : 0)
            | (descriptors.length > 1 ? IFF_MULTI_QUEUE : 0);
        try (var request = new InterfaceRequest(calls, name)) {
            return request.flags(flags).send(descriptor, TUNSETIFF);
        }
    }

    private void keep(int descriptor, int result) throws TapException {
        if (result >= 0) {
            descriptors[openCount++] = descriptor;
            return;
        }
        calls.close(descriptor);
        throw new TapException(switch (-result) {
            case Errno.EPERM, Errno.EACCES -> "device " + name + " cannot be made: operation not permitted; run as "
                + "root or with CAP_NET_ADMIN, or have it made for you: ip tuntap add " + name + " mode tap "
                + (descriptors.length > 1 ? "multi_queue " : "") + "user NAME";
            case Errno.EBUSY -> "device " + name + " is in use by another program; take another name";
            case Errno.EINVAL -> "there is an interface " + name + " already that is no TAP device with "
                + (descriptors.length > 1 ? "several queues" : "one queue") + "; take another name";
            default -> "device " + name + " cannot be made: " + Errno.meaning(result);
        });
    }

    /// True if some program holds the other end of the device of that name.
    private boolean isCarrierOn() throws TapException {
        int socket = socket();
        try (var request = new InterfaceRequest(calls, name); Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(2L * Integer.BYTES, Integer.BYTES);   // struct ethtool_value
            Wire.hostI32(value, 0, ETHTOOL_GLINK);
            int result = request.pointer(value).send(socket, InterfaceRequest.SIOCETHTOOL);
            return result >= 0 && Wire.hostI32(value, Integer.BYTES) != 0;
        } finally {
            calls.close(socket);
        }
    }

    private void configure(int mtuBytes) throws TapException {
        for (int queue = 0; queue < openCount; queue++) {
            if (hasVnetHeader) offload(descriptors[queue]);
        }
        int socket = socket();
        try (var request = new InterfaceRequest(calls, name)) {
            request.send(socket, InterfaceRequest.SIOCGIFMTU);
            if (request.number() != mtuBytes) {
                check(request.number(mtuBytes).send(socket, InterfaceRequest.SIOCSIFMTU),
                    "cannot be given an MTU of " + mtuBytes);
            }
        } finally {
            calls.close(socket);
        }
    }

    /// Lets the kernel send by it, unless somebody has done so already.
    void bringUp() throws TapException {
        int socket = socket();
        try (var request = new InterfaceRequest(calls, name)) {
            check(request.flags(0).send(socket, InterfaceRequest.SIOCGIFFLAGS), "tells nothing of itself");
            if ((request.flags() & InterfaceRequest.IFF_UP) == 0) {
                check(request.flags(request.flags() | InterfaceRequest.IFF_UP)
                    .send(socket, InterfaceRequest.SIOCSIFFLAGS), "cannot be brought up");
            }
        } finally {
            calls.close(socket);
        }
    }

    /// Checksums and segments are left to us, as far as the kernel knows how.
    private void offload(int descriptor) throws TapException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(Integer.BYTES, Integer.BYTES);
            Wire.hostI32(size, 0, VnetHeader.BYTES);
            check(calls.ioctl(descriptor, TUNSETVNETHDRSZ, size.address()), "takes no virtio headers of "
                + VnetHeader.BYTES + " bytes");
        }
        if (calls.ioctl(descriptor, TUNSETOFFLOAD, OFFLOAD_TCP_AND_UDP) >= 0) return;
        check(calls.ioctl(descriptor, TUNSETOFFLOAD, OFFLOAD_TCP), "knows no offloads");
    }

    private int socket() throws TapException {
        int socket = calls.socket(SystemCalls.AF_INET, SystemCalls.SOCK_DGRAM | SystemCalls.O_CLOEXEC, 0);
        check(socket, "cannot be asked");
        return socket;
    }

    private void check(int result, String what) throws TapException {
        if (result < 0) throw new TapException("device " + name + " " + what + ": " + Errno.meaning(result));
    }

    @Override
    public void close() {
        while (openCount > 0) calls.close(descriptors[--openCount]);
    }
}
