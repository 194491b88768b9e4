package io.millrace.flow.table;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/// A range of addresses whose pages come, filled with zero, when they are first touched. What grows within it costs
/// memory as it grows, and never moves: neither a pause nor a second segment.
///
/// Huge pages are asked for, because a table of a million flows has more pages than a processor has translations for.
@SuppressWarnings("restricted")   // mmap is not Java's
final class AddressSpace {

    private static final int READ_WRITE = 3;
    private static final int PRIVATE_ANONYMOUS_UNRESERVED = 0x02 | 0x20 | 0x4000;   // MAP_…, Linux
    private static final int WANT_HUGE_PAGES = 14;                                  // MADV_HUGEPAGE
    private static final long HUGE_PAGE_BYTES = 2L << 20;
    private static final long HUGE_FROM_BYTES = 2 * HUGE_PAGE_BYTES;   // a small table stays small

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle MAP = handle("mmap", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT,
        JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle UNMAP = handle("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle ADVISE =
        handle("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    /// A range of `byteCount`, beginning at a huge page, given back when the arena closes.
    static MemorySegment reserve(Arena arena, long byteCount) {
        long mappedBytes = byteCount + HUGE_PAGE_BYTES;
        try {
            MemorySegment mapped = (MemorySegment) MAP.invokeExact(MemorySegment.NULL, mappedBytes, READ_WRITE,
                PRIVATE_ANONYMOUS_UNRESERVED, -1, 0L);
            if (mapped.address() == -1) {
                throw new OutOfMemoryError("no range of " + mappedBytes + " bytes of address space for a flow table");
            }
            MemorySegment whole = mapped.reinterpret(mappedBytes, arena, AddressSpace::giveBack);
            long at = Math.ceilDiv(whole.address(), HUGE_PAGE_BYTES) * HUGE_PAGE_BYTES - whole.address();
            MemorySegment space = whole.asSlice(at, byteCount);
            if (byteCount >= HUGE_FROM_BYTES) {
                // Refused where the kernel has none: then pages are small, and nothing else changes.
                int _ = (int) ADVISE.invokeExact(space, byteCount, WANT_HUGE_PAGES);
            }
            return space;
        } catch (Error | RuntimeException problem) {
            throw problem;
        } catch (Throwable problem) {
            throw new IllegalStateException("mmap", problem);
        }
    }

    private static void giveBack(MemorySegment whole) {
        try {
            int _ = (int) UNMAP.invokeExact(whole, whole.byteSize());
        } catch (Throwable problem) {
            throw new IllegalStateException("munmap", problem);
        }
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor);
    }

    private AddressSpace() {}
}
