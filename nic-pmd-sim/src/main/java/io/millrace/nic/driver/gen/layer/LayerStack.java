package io.millrace.nic.driver.gen.layer;

import io.millrace.checksum.Crc32c;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The headers of a frame, outermost first, and everything that follows from their order: where each lies, what names
/// the next, which lengths and checksums are to be computed. Immutable.
///
/// Headers lie in the first slot of a packet; a frame has at most [#HEADER_BYTES_MAX] of them.
public final class LayerStack {

    public static final int HEADER_BYTES_MAX = 512;
    public static final int FRAME_BYTES_MAX = 16_384;

    private final List<Layer> layers;
    private final int[] layerAt;
    private final int headerBytes;
    private final List<ChecksumPlace> checksums = new ArrayList<>();   // innermost first
    private final int crcLayer;

    public LayerStack(List<Layer> layers) {
        this.layers = List.copyOf(layers);
        this.layerAt = new int[layers.size()];
        Check.that(!layers.isEmpty(), "a frame needs one layer at least");
        Check.that(layers.getFirst().kind() == LayerKind.ETHERNET, "the first layer must be ethernet");
        int at = 0;
        for (int i = 0; i < layers.size(); i++) {
            layerAt[i] = at;
            at += layers.get(i).headerBytes();
            if (i > 0) {
                LayerKind upper = layers.get(i - 1).kind();
                LayerKind lower = layers.get(i).kind();
                Check.that(upper.carries(lower), lower.label() + " cannot lie on " + upper.label());
            }
        }
        this.headerBytes = at;
        Check.that(headerBytes <= HEADER_BYTES_MAX, "headers must have at most " + HEADER_BYTES_MAX + " bytes",
            headerBytes);
        this.crcLayer = findChecksums();
    }

    /// The same stack with another value in one field; of an IPv6 address the first half stays.
    public LayerStack with(int layer, String field, long value) {
        var changed = new ArrayList<>(layers);
        FieldValue old = layers.get(layer).values().getOrDefault(field, FieldValue.of(0));
        boolean isLong = layers.get(layer).kind().field(field).orElseThrow().bits() > Long.SIZE;
        changed.set(layer, layers.get(layer).with(field, new FieldValue(isLong ? old.high() : 0, value)));
        return new LayerStack(changed);
    }

    private int findChecksums() {
        int crc = -1;
        for (int i = layers.size() - 1; i >= 0; i--) {
            Layer layer = layers.get(i);
            LayerField field = layer.kind().field(FieldRole.CHECKSUM).orElse(null);
            if (field != null && !layer.isGiven(field)) checksums.add(place(i, field));
            LayerField crcField = layer.kind().field(FieldRole.CRC).orElse(null);
            if (crcField != null && !layer.isGiven(crcField)) crc = i;
        }
        return crc;
    }

    private ChecksumPlace place(int index, LayerField field) {
        Layer layer = layers.get(index);
        int at = layerAt[index];
        int fieldAt = at + field.bitAt() / Byte.SIZE;
        if (layer.kind() == LayerKind.IPV4) {
            return new ChecksumPlace(index, fieldAt, at, layer.headerBytes(), -1, 0, 0);
        }
        int ip = layer.kind().hasPseudoHeader() ? index - 1 : -1;
        while (ip >= 0 && !layers.get(ip).kind().isIp()) ip--;
        return new ChecksumPlace(index, fieldAt, at, 0, ip, ip < 0 ? 0 : layerAt[ip], layer.kind().ipProtocol());
    }

    public List<Layer> layers()            { return layers; }
    public int headerBytes()               { return headerBytes; }
    /// True if a CRC covers the frame: it can only be computed anew when a byte changes.
    public boolean hasCrc()                { return crcLayer >= 0; }
    public int checksumCount()             { return checksums.size(); }
    public int checksumAt(int index)       { return checksums.get(index).fieldAt(); }

    /// True if 0 stands for "no checksum" there, so that 0xffff is stored for it.
    public boolean isNeverZero(int index)  { return checksums.get(index).protocol() == IpProtocol.UDP; }

    /// The sum under a checksum, innermost first, with its field as it is.
    public long checksumSum(int index, MemorySegment frame, long at, int frameBytes) {
        return checksums.get(index).sum(frame, at, frameBytes);
    }

    /// The field's first bit, from the frame's first.
    public int bitAt(int layer, LayerField field) {
        return layerAt[layer] * Byte.SIZE + layers.get(layer).bitAt(field);
    }

    /// How often the words of a field count in the sum under each checksum, innermost first: 1, 0, or −1 where a
    /// checksum further in takes back what an address adds.
    public int[] coefficients(int layer, LayerField field) {
        int[] coefficients = new int[checksums.size()];
        for (int i = 0; i < coefficients.length; i++) {
            ChecksumPlace place = checksums.get(i);
            boolean isCovered = place.coversToEnd() ? layer >= place.layer() : layer == place.layer();
            boolean isAddress = field.name().equals("source") || field.name().equals("target");
            int sum = isCovered || layer == place.ipLayer() && isAddress ? 1 : 0;
            for (int inner = 0; inner < i && place.coversToEnd(); inner++) {
                sum -= coefficients[inner];
            }
            coefficients[i] = sum;
        }
        return coefficients;
    }

    /// Writes a frame of `frameBytes` at `at`: headers, then the payload's pattern over and over, the last `blankBytes`
    /// zero; then everything that is computed.
    public void write(MemorySegment target, long at, int frameBytes, byte[] pattern, int blankBytes) {
        Check.that(frameBytes >= headerBytes + blankBytes, "the frame must hold its headers of " + headerBytes
            + " bytes" + (blankBytes == 0 ? "" : " and the stamp of " + blankBytes), frameBytes);
        target.asSlice(at, frameBytes).fill((byte) 0);
        for (int i = 0; i < layers.size(); i++) {
            writeLayer(target, at, i, frameBytes);
        }
        for (int i = headerBytes; i < frameBytes - blankBytes && pattern.length > 0; i++) {
            Wire.u8(target, at + i, pattern[(i - headerBytes) % pattern.length]);
        }
        for (ChecksumPlace checksum : checksums) {
            Wire.u16(target, at + checksum.fieldAt(), checksum.finish(checksum.sum(target, at, frameBytes)));
        }
        if (hasCrc()) fillCrc(target, at, frameBytes);
    }

    private void writeLayer(MemorySegment target, long at, int index, int frameBytes) {
        Layer layer = layers.get(index);
        for (LayerField field : layer.kind().fields()) {
            if (!layer.isPresent(field)) continue;
            FieldValue value = layer.values().get(field.name());
            if (value == null) value = FieldValue.of(computed(index, field, frameBytes));
            writeBits(target, at, bitAt(index, field), field.bits(), value);
            if (field.isOptional()) writeBits(target, at, layerAt[index] * Byte.SIZE + field.flagBit(), 1,
                FieldValue.of(1));
        }
        for (int i = 0; i < layer.tail().length; i++) {
            Wire.u8(target, at + layerAt[index] + layer.tailAt() + i, layer.tail()[i]);
        }
    }

    private long computed(int index, LayerField field, int frameBytes) {
        LayerKind kind = layers.get(index).kind();
        LayerKind lower = index + 1 < layers.size() ? layers.get(index + 1).kind() : null;
        return switch (field.role()) {
            case NEXT -> kind.next() == NextNames.IP_PROTOCOL && lower == null && frameBytes == headerBytes
                ? IpProtocol.NO_NEXT_HEADER : kind.nextNumber(lower);
            case LENGTH -> frameBytes - layerAt[index] - kind.uncountedBytes();
            case HEADER_LENGTH -> kind.headerUnits(layers.get(index).headerBytes());
            case LAST -> lower == kind ? 0 : 1;
            case CHECKSUM, CRC -> 0;
            case GIVEN, OPTIONAL -> field.usual();
        };
    }

    /// A value too long for its field loses its high bits; profiles are checked before.
    private static void writeBits(MemorySegment target, long at, int bitAt, int bits, FieldValue value) {
        for (int i = 0; i < bits; i++) {
            int fromRight = bits - 1 - i;
            long half = fromRight >= Long.SIZE ? value.high() : value.low();
            int bit = (int) (half >>> (fromRight % Long.SIZE)) & 1;
            long byteAt = at + (bitAt + i) / Byte.SIZE;
            int shift = 7 - (bitAt + i) % Byte.SIZE;
            Wire.u8(target, byteAt, Wire.u8(target, byteAt) & ~(1 << shift) | bit << shift);
        }
    }

    /// Computes the CRC32c of the SCTP packet in a frame and stores it. The frame lies in one piece.
    public void fillCrc(MemorySegment frame, long at, int frameBytes) {
        long from = at + layerAt[crcLayer];
        int fieldAt = layers.get(crcLayer).kind().field(FieldRole.CRC).orElseThrow().bitAt() / Byte.SIZE;
        Wire.i32(frame, from + fieldAt, 0);
        int register = Crc32c.update(Crc32c.INITIAL, frame, from, frameBytes - layerAt[crcLayer]);
        Wire.i32(frame, from + fieldAt, Crc32c.toWire(Crc32c.finish(register)));
    }

    /// True if frames of this length are laid out in one slot.
    public static boolean isOneSlot(int frameBytes) {
        return frameBytes <= PacketMemory.FRAME_BYTES_MAX;
    }
}
