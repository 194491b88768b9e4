package io.millrace.packet.memory;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/// [CacheLines#copyOne] with the machine's widest vectors. The only class here that names the incubating module
/// `jdk.incubator.vector`; nobody loads it where the module is absent.
final class VectorLines {

    private static final VectorSpecies<Byte> SPECIES = ByteVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    static void copyOne(MemorySegment source, long sourceAt, MemorySegment target, long targetAt) {
        for (int i = 0; i < CacheLines.LINE_BYTES; i += SPECIES.vectorByteSize()) {
            ByteVector.fromMemorySegment(SPECIES, source, sourceAt + i, ORDER)
                .intoMemorySegment(target, targetAt + i, ORDER);
        }
    }

    private VectorLines() {}
}
