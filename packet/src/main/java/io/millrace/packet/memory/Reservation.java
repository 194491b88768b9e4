package io.millrace.packet.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicLong;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/// Memory that is there once it is touched: addresses are taken at once, pages (of zeros) as they are first written. So
/// a table has room to grow and yet never moves.
///
/// Lies below 2 GiB where there is room. There an address fits the displacement of an instruction, so compiled code
/// whose segment is a constant reaches it with one instruction instead of two (docs/decisions/0006).
///
/// `mmap(2)`, anonymous, private, without reserving swap; `munmap(2)` when the arena closes. Linux.
public final class Reservation {

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
    private static final int MAP_FIXED_NOREPLACE = 0x100000;
    private static final int NO_FILE = -1;
    private static final int MADV_HUGEPAGE = 14;
    private static final long HUGE_PAGE_BYTES = 2 << 20;

    private static final long LOW_FIRST = 1L << 28;
    private static final long LOW_END = 1L << 31;
    private static final int LOW_TRIES = 24;
    private static final int LOW_DOUBLINGS_MAX = 8;
    private static final long LOW_BYTES_MAX = 1L << 30;   // a larger one would leave no room for others
    private static final long MAP_FAILED = -1;

    /// Where the next reservation is tried first: behind the last one.
    private static final AtomicLong LOW_NEXT = new AtomicLong(LOW_FIRST);

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
        for (int i = 0; i < LOW_TRIES && byteCount <= LOW_BYTES_MAX; i++) {
            long wanted = nextLow(byteCount, i);
            long address = map(wanted, byteCount, MAP_PRIVATE_ANONYMOUS_NORESERVE | MAP_FIXED_NOREPLACE);
            if (address != MAP_FAILED) return address;
        }
        long address = map(0, byteCount, MAP_PRIVATE_ANONYMOUS_NORESERVE);
        if (address != MAP_FAILED) return address;
        throw new OutOfMemoryError("no room for " + byteCount + " bytes of address space");
    }

    /// Only the begin must be low: offsets are added to it in a register. Each try leaves twice as much behind as the
    /// last, to come past whatever is there.
    private static long nextLow(long byteCount, int tried) {
        long stepBytes = Math.ceilDiv(byteCount, HUGE_PAGE_BYTES) * HUGE_PAGE_BYTES << Math.min(tried, LOW_DOUBLINGS_MAX);
        return LOW_NEXT.getAndUpdate(at -> at + stepBytes < LOW_END ? at + stepBytes : LOW_FIRST);
    }

    private static long map(long wanted, long byteCount, int flags) {
        try {
            return (long) MMAP.invokeExact(wanted, byteCount, PROT_READ_WRITE, flags, NO_FILE, 0L);
        } catch (Throwable e) {
            throw new IllegalStateException("mmap", e);
        }
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
