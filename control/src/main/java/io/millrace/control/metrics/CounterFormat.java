package io.millrace.control.metrics;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

/// How a counter file lies: a head, then Agrona's two counter buffers, whose lengths follow from the number of
/// counters.
///
/// ```
///   0 i64 magic    8 i32 version   12 i32 counters it has room for   16 i64 process   24 .. 63 reserved
///  64 metadata of the counters: labels, kinds                          then their values
/// ```
///
/// In the machine's byte order: a counter file is read where it was written.
final class CounterFormat {

    static final long MAGIC = 0x4d52_434f_554e_5431L;   // "MRCOUNT1"
    static final int VERSION = 1;
    static final int COUNTERS_MAX = 1 << 16;

    private static final int MAGIC_AT = 0;
    private static final int VERSION_AT = 8;
    private static final int CAPACITY_AT = 12;
    private static final int PROCESS_AT = 16;
    private static final int HEAD_BYTES = 64;

    static int fileBytes(int capacity) {
        return HEAD_BYTES + capacity * (CountersReader.METADATA_LENGTH + CountersReader.COUNTER_LENGTH);
    }

    /// The magic comes last: who finds it finds the rest.
    static void writeHead(UnsafeBuffer file, int capacity, long process) {
        file.putInt(VERSION_AT, VERSION);
        file.putInt(CAPACITY_AT, capacity);
        file.putLong(PROCESS_AT, process);
        file.putLongVolatile(MAGIC_AT, MAGIC);
    }

    static boolean hasMagic(UnsafeBuffer file) {
        return file.capacity() >= HEAD_BYTES && file.getLongVolatile(MAGIC_AT) == MAGIC;
    }

    static int version(UnsafeBuffer file)  { return file.getInt(VERSION_AT); }
    static int capacity(UnsafeBuffer file) { return file.getInt(CAPACITY_AT); }
    static long process(UnsafeBuffer file) { return file.getLong(PROCESS_AT); }

    static UnsafeBuffer metadata(UnsafeBuffer file, int capacity) {
        return new UnsafeBuffer(file, HEAD_BYTES, capacity * CountersReader.METADATA_LENGTH);
    }

    static UnsafeBuffer values(UnsafeBuffer file, int capacity) {
        return new UnsafeBuffer(file, HEAD_BYTES + capacity * CountersReader.METADATA_LENGTH,
            capacity * CountersReader.COUNTER_LENGTH);
    }

    private CounterFormat() {}
}
