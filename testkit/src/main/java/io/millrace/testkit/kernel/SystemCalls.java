package io.millrace.testkit.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/// The few calls into libc that a TAP device and a packet socket need. A call that fails throws, with its name and
/// `errno`.
public final class SystemCalls {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle UNSHARE = handle("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle OPEN =
        handle("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle IOCTL = handle("ioctl",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SOCKET =
        handle("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
        handle("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SET_OPTION = handle("setsockopt",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle NAME_TO_INDEX =
        handle("if_nametoindex", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle READ =
        handle("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
        handle("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle POLL =
        handle("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    public static void unshare(int flags) {
        call("unshare", state -> (int) UNSHARE.invokeExact(state, flags));
    }

    public static int open(String path, int flags) {
        return withText(path, text -> (int) call("open " + path, state -> (int) OPEN.invokeExact(state, text, flags)));
    }

    public static void close(int descriptor) {
        call("close", state -> (int) CLOSE.invokeExact(state, descriptor));
    }

    public static void ioctl(String what, int descriptor, long request, MemorySegment argument) {
        call("ioctl " + what, state -> (int) IOCTL.invokeExact(state, descriptor, request, argument));
    }

    public static int socket(int family, int type, int protocol) {
        return (int) call("socket", state -> (int) SOCKET.invokeExact(state, family, type, protocol));
    }

    public static void bind(int socket, MemorySegment address) {
        int addressBytes = (int) address.byteSize();
        call("bind", state -> (int) BIND.invokeExact(state, socket, address, addressBytes));
    }

    public static void setOption(int socket, int level, int name, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment option = arena.allocateFrom(JAVA_INT, value);
            call("setsockopt", state -> (int) SET_OPTION.invokeExact(state, socket, level, name, option, 4));
        }
    }

    public static int interfaceIndex(String name) {
        int index = withText(name,
            text -> (int) call("if_nametoindex " + name, state -> (int) NAME_TO_INDEX.invokeExact(state, text)));
        if (index == 0) throw new IllegalStateException("no interface " + name);
        return index;
    }

    public static void write(int descriptor, byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(bytes.length);
            buffer.copyFrom(MemorySegment.ofArray(bytes));
            call("write", state -> (long) WRITE.invokeExact(state, descriptor, buffer, (long) bytes.length));
        }
    }

    /// What can be read within the time, or null.
    public static byte[] read(int descriptor, int byteCountMax, int timeoutMs) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment wanted = arena.allocate(8);   // struct pollfd: descriptor, events, what happened
            wanted.set(JAVA_INT, 0, descriptor);
            wanted.set(JAVA_INT, 4, 1);
            if (call("poll", state -> (int) POLL.invokeExact(state, wanted, 1L, timeoutMs)) == 0) return null;
            MemorySegment buffer = arena.allocate(byteCountMax);
            long readBytes =
                call("read", state -> (long) READ.invokeExact(state, descriptor, buffer, (long) byteCountMax));
            return buffer.asSlice(0, readBytes).toArray(JAVA_BYTE);
        }
    }

    private interface Call {
        long apply(MemorySegment state) throws Throwable;
    }

    private interface TextUse {
        int apply(MemorySegment text);
    }

    private static long call(String name, Call call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long result = call.apply(state);
            if (result >= 0) return result;
            throw new IllegalStateException(name + " failed, errno " + (int) ERRNO.get(state, 0L));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(name, e);
        }
    }

    private static int withText(String text, TextUse use) {
        try (Arena arena = Arena.ofConfined()) {
            return use.apply(arena.allocateFrom(text));
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor descriptor, Linker.Option... more) {
        Linker.Option[] options = new Linker.Option[more.length + 1];
        options[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(more, 0, options, 1, more.length);
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }

    private SystemCalls() {}
}
