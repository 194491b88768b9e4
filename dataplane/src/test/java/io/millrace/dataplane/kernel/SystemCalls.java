package io.millrace.dataplane.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The few Linux calls that a network namespace with TAP devices takes. Each acts for the calling thread.
final class SystemCalls {

    private static final int CLONE_NEWNET = 0x40000000;
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 0x800;
    private static final long TUNSETIFF = 0x400454caL;
    private static final short IFF_TAP_NO_PI = 0x1002;
    private static final int IFREQ_BYTES = 40;
    private static final short POLLIN = 1;
    private static final int EAGAIN = 11;
    private static final int FRAME_BYTES_MAX = 70_000;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = arena.allocate(STATE);
    private final MemorySegment buffer = arena.allocate(FRAME_BYTES_MAX);
    private final MethodHandle unshare = handle("unshare", INT, -1, INT);
    private final MethodHandle open = handle("open", INT, 2, ValueLayout.ADDRESS, INT);
    private final MethodHandle ioctl = handle("ioctl", INT, 2, INT, LONG, ValueLayout.ADDRESS);
    private final MethodHandle read = handle("read", LONG, -1, INT, ValueLayout.ADDRESS, LONG);
    private final MethodHandle write = handle("write", LONG, -1, INT, ValueLayout.ADDRESS, LONG);
    private final MethodHandle poll = handle("poll", INT, -1, ValueLayout.ADDRESS, LONG, INT);
    private final MethodHandle close = handle("close", INT, -1, INT);

    void enterNewNetwork() throws Throwable {
        check("unshare", (int) unshare.invoke(state, CLONE_NEWNET));
    }

    /// A TAP device of that name; returns its descriptor.
    int openTap(String name) throws Throwable {
        int fd = (int) check("open /dev/net/tun",
            (int) open.invoke(state, arena.allocateFrom("/dev/net/tun"), O_RDWR | O_NONBLOCK));
        MemorySegment request = arena.allocate(IFREQ_BYTES);
        request.setString(0, name);
        request.set(ValueLayout.JAVA_SHORT, 16, IFF_TAP_NO_PI);
        check("TUNSETIFF", (int) ioctl.invoke(state, fd, TUNSETIFF, request));
        return fd;
    }

    void write(int fd, byte[] frame) throws Throwable {
        MemorySegment.copy(frame, 0, buffer, ValueLayout.JAVA_BYTE, 0, frame.length);
        check("write", (long) write.invoke(state, fd, buffer, (long) frame.length));
    }

    /// A frame, or null if none is there.
    byte[] read(int fd) throws Throwable {
        long byteCount = (long) read.invoke(state, fd, buffer, buffer.byteSize());
        if (byteCount < 0 && (int) ERRNO.get(state, 0L) == EAGAIN) return null;
        check("read", byteCount);
        return buffer.asSlice(0, byteCount).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Waits until one of two descriptors can be read, at most so long.
    void await(int first, int second, int timeoutMs) throws Throwable {
        MemorySegment waited = arena.allocate(16, 4);
        waited.set(INT, 0, first);
        waited.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
        waited.set(INT, 8, second);
        waited.set(ValueLayout.JAVA_SHORT, 12, POLLIN);
        check("poll", (int) poll.invoke(state, waited, 2L, timeoutMs));
    }

    void close(int fd) throws Throwable {
        check("close", (int) close.invoke(state, fd));
    }

    private long check(String what, long result) throws IOException {
        if (result < 0) throw new IOException(what + " failed: errno " + (int) ERRNO.get(state, 0L));
        return result;
    }

    @SuppressWarnings("restricted")   // calling the C library is what this class is for
    private static MethodHandle handle(String name, MemoryLayout result, int firstVariadic, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        Linker.Option capture = Linker.Option.captureCallState("errno");
        Linker.Option[] options = firstVariadic < 0 ? new Linker.Option[] {capture}
            : new Linker.Option[] {capture, Linker.Option.firstVariadicArg(firstVariadic)};
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments),
            options);
    }
}
