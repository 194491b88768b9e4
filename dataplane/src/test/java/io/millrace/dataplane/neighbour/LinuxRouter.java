package io.millrace.dataplane.neighbour;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The running kernel as a router between TAP devices, in a network namespace of one thread. Frames are written to and
/// read from the devices; the namespace goes with the thread.
final class LinuxRouter implements AutoCloseable {

    private static final int CLONE_NEWNET = 0x4000_0000;
    private static final int O_RDWR_NONBLOCK = 2 | 0x800;
    private static final long TUNSETIFF = 0x400454caL;
    private static final short IFF_TAP_NO_PI = 0x0002 | 0x1000;
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_FLAGS = 16;
    private static final int FRAME_BYTES_MAX = 2048;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle UNSHARE = handle("unshare", ValueLayout.JAVA_INT, 1, ValueLayout.JAVA_INT);
    private static final MethodHandle OPEN = handle("open", ValueLayout.JAVA_INT, 2, ValueLayout.ADDRESS,
        ValueLayout.JAVA_INT);
    private static final MethodHandle IOCTL = handle("ioctl", ValueLayout.JAVA_INT, 2, ValueLayout.JAVA_INT,
        ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
    private static final MethodHandle READ = handle("read", ValueLayout.JAVA_LONG, 3, ValueLayout.JAVA_INT,
        ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
    private static final MethodHandle WRITE = handle("write", ValueLayout.JAVA_LONG, 3, ValueLayout.JAVA_INT,
        ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
    private static final MethodHandle CLOSE = handle("close", ValueLayout.JAVA_INT, 1, ValueLayout.JAVA_INT);

    private final ExecutorService thread =
        Executors.newSingleThreadExecutor(work -> Thread.ofPlatform().daemon().unstarted(work));
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(FRAME_BYTES_MAX);
    private final List<Integer> devices = new ArrayList<>();

    /// Makes the devices, after the commands that come before them. Skips the test where that is not allowed.
    LinuxRouter(List<String> names, List<String> before, List<String> after) throws IOException {
        call(() -> (int) UNSHARE.invoke(CLONE_NEWNET), "unshare");
        prepare(before);
        for (String name : names) {
            int device = call(() -> (int) OPEN.invoke(arena.allocateFrom("/dev/net/tun"), O_RDWR_NONBLOCK), "open");
            devices.add(device);
            MemorySegment request = arena.allocate(IFREQ_BYTES);
            MemorySegment.copy(arena.allocateFrom(name), 0, request, 0, name.length());
            request.set(ValueLayout.JAVA_SHORT, IFREQ_FLAGS, IFF_TAP_NO_PI);
            call(() -> (int) IOCTL.invoke(device, TUNSETIFF, request), "TUNSETIFF");
        }
        prepare(after);
    }

    private void prepare(List<String> commands) {
        try {
            run(commands);
        } catch (IOException e) {
            close();
            Assumptions.abort("not possible here: " + e.getMessage());
        }
    }

    /// Runs the commands in the namespace; returns what they print.
    String run(List<String> commands) throws IOException {
        return onThread(() -> {
            Process process = new ProcessBuilder("sh", "-es").redirectErrorStream(true).start();
            process.getOutputStream().write(String.join("\n", commands).getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) throw new IOException("failed: " + commands + "\n" + output);
            return output;
        });
    }

    void write(int device, byte[] frame) {
        MemorySegment.copy(frame, 0, buffer, ValueLayout.JAVA_BYTE, 0, frame.length);
        try {
            long writtenBytes = (long) WRITE.invoke((int) devices.get(device), buffer, (long) frame.length);
            if (writtenBytes != frame.length) throw new AssertionError("kernel took " + writtenBytes + " bytes");
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// The next frame that the kernel has sent, or null.
    byte[] read(int device) {
        try {
            long readBytes = (long) READ.invoke((int) devices.get(device), buffer, (long) FRAME_BYTES_MAX);
            return readBytes <= 0 ? null : buffer.asSlice(0, readBytes).toArray(ValueLayout.JAVA_BYTE);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @FunctionalInterface
    private interface SystemCall {
        int invoke() throws Throwable;
    }

    private int call(SystemCall action, String what) throws IOException {
        int result = onThread(() -> {
            try {
                return action.invoke();
            } catch (Throwable e) {
                throw new IllegalStateException(what, e);
            }
        });
        if (result >= 0) return result;
        close();
        Assumptions.abort(what + " is not allowed here");
        return result;
    }

    private <T> T onThread(Callable<T> action) throws IOException {
        try {
            return thread.submit(action).get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        for (int device : devices) {
            try {
                int ignored = (int) CLOSE.invoke(device);
                assert ignored == 0;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }
        devices.clear();
        thread.shutdownNow();
        arena.close();
    }

    /// @param fixedCount arguments before the variable ones, all where the function is not variadic
    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, ValueLayout result, int fixedCount, ValueLayout... arguments) {
        var type = FunctionDescriptor.of(result, arguments);
        MemorySegment address = LINKER.defaultLookup().find(name).orElseThrow();
        return fixedCount == arguments.length ? LINKER.downcallHandle(address, type)
            : LINKER.downcallHandle(address, type, Linker.Option.firstVariadicArg(fixedCount));
    }
}
