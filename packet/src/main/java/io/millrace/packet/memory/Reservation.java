package io.millrace.packet.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/// Memory that is there once it is touched: addresses are taken at once, pages (of zeros) as they are first written. So
/// a table has room to grow and yet never moves.
///
/// `mmap(2)`, anonymous, private, without reserving swap; `munmap(2)` when the arena closes. Linux.
public final class Reservation {

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
    private static final int NO_FILE = -1;
    private static final int MADV_HUGEPAGE = 14;
    private static final long HUGE_PAGE_BYTES = 2 << 20;

    private static final MethodHandle MMAP = handle("mmap", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG,
        JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP =
        handle("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle MADVISE =
        handle("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

    /// `byteCount` zeros at a page's begin, given back when the arena closes. From 2 MiB on the kernel is asked for huge
    /// pages; it may refuse, and nobody notices.
    ///
    /// @throws OutOfMemoryError if the address space has no room
    public static MemorySegment of(Arena arena, long byteCount) {
        Check.that(byteCount > 0, "byteCount must be positive", byteCount);
        long address = map(byteCount);
        if (byteCount >= HUGE_PAGE_BYTES) call(MADVISE, address, byteCount, MADV_HUGEPAGE);
        return segment(arena, address, byteCount);
    }

    @SuppressWarnings("restricted")   // what is mapped here is byteCount bytes long and lives as long as the arena
    private static MemorySegment segment(Arena arena, long address, long byteCount) {
        return MemorySegment.ofAddress(address).reinterpret(byteCount, arena,
            mapped -> call(MUNMAP, mapped.address(), byteCount));
    }

    private static long map(long byteCount) {
        try {
            long address = (long) MMAP.invokeExact(0L, byteCount, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE,
                NO_FILE, 0L);
            if (address != -1) return address;
        } catch (Throwable e) {
            throw new IllegalStateException("mmap", e);
        }
        throw new OutOfMemoryError("no room for " + byteCount + " bytes of address space");
    }

    private static void call(MethodHandle handle, Object... arguments) {
        try {
            handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }

    private Reservation() {}
}
