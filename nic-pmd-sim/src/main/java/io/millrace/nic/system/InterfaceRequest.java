package io.millrace.nic.system;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// `struct ifreq`: asks for, or sets, something about the network interface of that name.
///
/// ```
///   0 char name[16]   16 union: i16 flags | i32 MTU | i64 address of more
/// ```
public final class InterfaceRequest implements AutoCloseable {

    public static final long SIOCGIFFLAGS = 0x8913;
    public static final long SIOCSIFFLAGS = 0x8914;
    public static final long SIOCGIFMTU = 0x8921;
    public static final long SIOCSIFMTU = 0x8922;
    public static final long SIOCGIFINDEX = 0x8933;
    public static final long SIOCETHTOOL = 0x8946;
    public static final int IFF_UP = 1;

    /// Longest name of an interface, in bytes.
    public static final int NAME_BYTES_MAX = 15;

    private static final int BYTES = 40;
    private static final int VALUE = 16;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory = arena.allocate(BYTES, Long.BYTES);
    private final SystemCalls calls;

    public InterfaceRequest(SystemCalls calls, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        assert bytes.length <= NAME_BYTES_MAX : name;
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, memory, 0, bytes.length);
        this.calls = calls;
    }

    public int flags() {
        return Wire.hostU16(memory, VALUE);
    }

    public InterfaceRequest flags(int flags) {
        Wire.hostU16(memory, VALUE, flags);
        return this;
    }

    public int number() {
        return Wire.hostI32(memory, VALUE);
    }

    public InterfaceRequest number(int number) {
        Wire.hostI32(memory, VALUE, number);
        return this;
    }

    public InterfaceRequest pointer(MemorySegment target) {
        Wire.hostI64(memory, VALUE, target.address());
        return this;
    }

    /// Sends it; 0, or the negative [Errno].
    public int send(int descriptor, long request) {
        return calls.ioctl(descriptor, request, memory.address());
    }

    @Override
    public void close() {
        arena.close();
    }
}
