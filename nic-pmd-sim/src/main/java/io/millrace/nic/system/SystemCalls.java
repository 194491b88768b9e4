package io.millrace.nic.system;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/// Calls into libc. Each returns what the call returned, or the negative [Errno] of one that failed.
///
/// Nothing is allocated by a call that takes numbers only: addresses of memory are numbers here, so whoever calls must
/// hold the memory, and the bounds of what it hands over are its own promise to keep. The place where `errno` is
/// captured is the object's: one object for each thread.
///
/// Reading and writing are for descriptors that never block: the virtual machine does not notice that its thread is
/// away, which saves two changes of state a call, and waits for it where it stops all threads.
public final class SystemCalls {

    public static final int O_RDWR = 2;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;
    public static final int AF_INET = 2;
    public static final int SOCK_DGRAM = 2;

    private static final Linker.Option NEVER_BLOCKS = Linker.Option.critical(false);
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_AT = CALL_STATE.byteOffset(PathElement.groupElement("errno"));

    private static final MethodHandle OPEN =
        handle("open", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle IOCTL = handle("ioctl",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SOCKET =
        handle("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle UNSHARE = handle("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle READ =
        handle("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG), NEVER_BLOCKS);
    private static final MethodHandle WRITE =
        handle("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG), NEVER_BLOCKS);
    private static final MethodHandle READV =
        handle("readv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT), NEVER_BLOCKS);
    private static final MethodHandle WRITEV =
        handle("writev", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT), NEVER_BLOCKS);
    private static final MethodHandle POLL =
        handle("poll", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

    private final MemorySegment state = Arena.ofAuto().allocate(CALL_STATE);

    public int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(path);
            return result((int) OPEN.invokeExact(state, text.address(), flags));
        } catch (Throwable e) {
            throw cannotBe(e);
        }
    }

    public int close(int descriptor) {
        try {
            return result((int) CLOSE.invokeExact(state, descriptor));
        } catch (Throwable e) {
            throw cannotBe(e);
        }
    }

    /// `argument` is a value or the address of one, as the request wants it.
    public int ioctl(int descriptor, long request, long argument) {
        try {
            return result((int) IOCTL.invokeExact(state, descriptor, request, argument));
        } catch (Throwable e) {
            throw cannotBe(e);
        }
    }

    public int socket(int family, int type, int protocol) {
        try {
            return result((int) SOCKET.invokeExact(state, family, type, protocol));
        } catch (Throwable e) {
            throw cannotBe(e);
        }
    }

    /// Leaves what `flags` (`CLONE_NEW…`) names of the calling thread's surroundings for one of its own.
    public int unshare(int flags) {
        try {
            return result((int) UNSHARE.invokeExact(state, flags));
        } catch (Throwable e) {
            throw cannotBe(e);
        }
    }

    public long read(int descriptor, long at, long byteCount) {
        try {
            return result((long) READ.invokeExact(state, descriptor, at, byteCount));
        } catch (Throwable e) {
            throw cannotBe(e);
        }
    }

    public long write(int descriptor, long at, long byteCount) {
        try {
            return result((long) WRITE.invokeExact(state, descriptor, at, byteCount));
        } catch (Throwable e) {
            throw cannotBe(e);
        }
    }

    /// Fills the first `partCount` parts of the [IoVector] in order.
    public long readv(int descriptor, IoVector vector, int partCount) {
        try {
            return result((long) READV.invokeExact(state, descriptor, vector.address(), partCount));
        } catch (Throwable e) {
            throw cannotBe(e);
        }
    }

    /// Writes the first `partCount` parts of the [IoVector] as one.
    public long writev(int descriptor, IoVector vector, int partCount) {
        try {
            return result((long) WRITEV.invokeExact(state, descriptor, vector.address(), partCount));
        } catch (Throwable e) {
            throw cannotBe(e);
        }
    }

    /// Waits for one of `count` entries of `struct pollfd`; returns how many have something to say.
    int poll(long entriesAt, long count, int timeoutMs) {
        try {
            return result((int) POLL.invokeExact(state, entriesAt, count, timeoutMs));
        } catch (Throwable e) {
            throw cannotBe(e);
        }
    }

    private int result(int returned) {
        return returned >= 0 ? returned : -errno();
    }

    private long result(long returned) {
        return returned >= 0 ? returned : -errno();
    }

    private int errno() {
        return state.get(ValueLayout.JAVA_INT, ERRNO_AT);
    }

    /// A downcall throws nothing of its own.
    private static AssertionError cannotBe(Throwable e) {
        return new AssertionError("a system call threw", e);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor descriptor, Linker.Option... more) {
        Linker.Option[] options = new Linker.Option[more.length + 1];
        options[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(more, 0, options, 1, more.length);
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }
}
