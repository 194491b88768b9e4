package io.millrace.nic.driver.gen.stream;

import io.millrace.checksum.InternetChecksum;
import io.millrace.nic.driver.gen.layer.LayerStack;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// The frames of a stream's flows. Where they fit into [#CACHE_BYTES_MAX], each flow has finished frames of its own;
/// otherwise there is one frame for each size, and for each flow the values of its fields and what they add to the sums
/// under the checksums.
final class FlowTemplates {

    /// About what the second level of cache and a part of the third hold.
    static final long CACHE_BYTES_MAX = 8L << 20;
    private static final long TABLE_BYTES_MAX = 1L << 30;

    private final LayerStack layers;
    private final FrameTemplates frames;
    private final FieldPatch[] patches;
    private final int sizeCount;
    private final int checksumCount;
    private final boolean isCached;
    private final long[] values;   // by flow, then field; empty where frames are cached
    private final int[] sums;      // by flow, then checksum

    FlowTemplates(Arena arena, StreamSpec spec, long seed) {
        List<FieldSpec> fields = spec.fields().stream().filter(FieldSpec::isPerFlow).toList();
        this.layers = spec.layers();
        this.sizeCount = spec.sizes().count();
        this.checksumCount = layers.checksumCount();
        this.patches = new FieldPatch[fields.size()];
        ValueSource[] sources = new ValueSource[fields.size()];
        for (int i = 0; i < patches.length; i++) {
            FieldSpec field = fields.get(i);
            patches[i] = new FieldPatch(layers, field.layer(), field.field());
            sources[i] = new ValueSource(field.values(), seed + i);
        }
        int flowCount = patches.length == 0 ? 1 : spec.flows().count();
        this.isCached = FrameTemplates.memoryBytes(spec.sizes(), flowCount) <= CACHE_BYTES_MAX;
        this.frames = new FrameTemplates(arena, layers, spec.sizes(), spec.pattern(),
            spec.isStamped() ? Stamp.BYTES : 0, isCached ? flowCount : 1);
        long tableBytes = (long) flowCount * (patches.length * Long.BYTES + checksumCount * Integer.BYTES);
        Check.that(isCached || tableBytes <= TABLE_BYTES_MAX, "flows times fields need too much memory", tableBytes);
        this.values = new long[isCached ? 0 : flowCount * patches.length];
        this.sums = new int[isCached ? 0 : flowCount * checksumCount];
        for (int flow = 0; flow < flowCount; flow++) {
            if (isCached) finish(flow, sources);
            else remember(flow, sources);
        }
    }

    private void finish(int flow, ValueSource[] sources) {
        for (int size = 0; size < sizeCount; size++) {
            int template = flow * sizeCount + size;
            long at = frames.at(template);
            for (int i = 0; i < patches.length; i++) {
                long word = patches[i].write(frames.memory(), at, sources[i].ofFlow(flow));
                for (int checksum = 0; checksum < checksumCount; checksum++) {
                    frames.addTo(template, checksum, patches[i].counted(checksum, FieldPatch.sum(word)));
                }
            }
            for (int checksum = 0; checksum < checksumCount; checksum++) {
                long sum = frames.sum(template, checksum);
                Wire.u16(frames.memory(), at + layers.checksumAt(checksum), layers.isNeverZero(checksum)
                    ? InternetChecksum.finishNotZero(sum) : InternetChecksum.finish(sum));
            }
            if (layers.hasCrc()) layers.fillCrc(frames.memory(), at, frames.frameBytes(template));
        }
    }

    private void remember(int flow, ValueSource[] sources) {
        for (int i = 0; i < patches.length; i++) {
            long value = sources[i].ofFlow(flow);
            values[flow * patches.length + i] = value;
            long word = patches[i].word(value);
            for (int checksum = 0; checksum < checksumCount; checksum++) {
                int at = flow * checksumCount + checksum;
                sums[at] = InternetChecksum.fold(sums[at] + patches[i].counted(checksum, FieldPatch.sum(word)));
            }
        }
    }

    /// True if frames come finished.
    boolean isCached() {
        return isCached;
    }

    FrameTemplates frames() {
        return frames;
    }

    /// The frame of a flow and a size; cached frames are the flow's own.
    int template(int flow, int size) {
        return isCached ? flow * sizeCount + size : size;
    }

    /// Writes the flow's fields into a frame that is not cached.
    void write(MemorySegment memory, long at, int flow) {
        int valueAt = flow * patches.length;
        for (int i = 0; i < patches.length; i++) {
            patches[i].write(memory, at, values[valueAt + i]);
        }
    }

    /// The sum under a checksum of a flow's frame, without the checksum.
    long sum(int template, int flow, int checksum) {
        long sum = frames.sum(template, checksum);
        return isCached ? sum : sum + sums[flow * checksumCount + checksum];
    }
}
