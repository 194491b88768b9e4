package io.millrace.flow.flower;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// What a filter wants of a packet: fields with masks, and ranges of ports. Immutable.
///
/// Two matches have one mask shape if they look at the same bits and have ranges of the same ports; packets are looked
/// up once per shape.
public final class FlowerMatch {

    /// Matches every packet.
    public static final FlowerMatch ANY = new FlowerMatch(Map.of(), Optional.empty(), Optional.empty());

    private final Map<FlowerField, FieldMatch> fields;
    private final Optional<PortRange> sourcePorts;
    private final Optional<PortRange> targetPorts;
    private final long[] values = new long[FlowerField.WORDS];
    private final long[] masks = new long[FlowerField.WORDS];

    public FlowerMatch(Map<FlowerField, FieldMatch> fields, Optional<PortRange> sourcePorts,
                       Optional<PortRange> targetPorts) {
        var kept = new EnumMap<FlowerField, FieldMatch>(FlowerField.class);
        kept.putAll(fields);
        this.fields = Collections.unmodifiableMap(kept);
        this.sourcePorts = sourcePorts;
        this.targetPorts = targetPorts;
        kept.forEach(this::place);
    }

    private void place(FlowerField field, FieldMatch match) {
        int word = field.word();
        if (field.isWide()) {
            masks[word] |= match.maskHigh();
            values[word] |= match.high() & match.maskHigh();
            word++;
        }
        masks[word] |= match.maskLow() << field.shift();
        values[word] |= (match.low() & match.maskLow()) << field.shift();
    }

    /// In the order of [FlowerField].
    public Map<FlowerField, FieldMatch> fields() { return fields; }
    public Optional<PortRange> sourcePorts()     { return sourcePorts; }
    public Optional<PortRange> targetPorts()     { return targetPorts; }

    public boolean hasRange() {
        return sourcePorts.isPresent() || targetPorts.isPresent();
    }

    public FieldMatch field(FlowerField field) {
        return fields.get(field);
    }

    /// A word of the key that packets must have under [#mask].
    public long value(int word) { return values[word]; }
    public long mask(int word)  { return masks[word]; }

    /// True if packets are looked up for both at once.
    public boolean hasShapeOf(FlowerMatch other) {
        return Arrays.equals(masks, other.masks) && sourcePorts.isPresent() == other.sourcePorts.isPresent()
            && targetPorts.isPresent() == other.targetPorts.isPresent();
    }

    /// True if both match the same packets by the same bits: Linux keeps only one of them.
    public boolean hasKeyOf(FlowerMatch other) {
        return hasShapeOf(other) && Arrays.equals(values, other.values) && sourcePorts.equals(other.sourcePorts)
            && targetPorts.equals(other.targetPorts);
    }

    /// Equal for two matches of one shape.
    public int shapeHash() {
        return Arrays.hashCode(masks) * 31 + Boolean.hashCode(sourcePorts.isPresent()) * 7
            + Boolean.hashCode(targetPorts.isPresent());
    }

    /// Equal for two matches of one key.
    public int keyHash() {
        return Arrays.hashCode(masks) * 31 + Arrays.hashCode(values) + sourcePorts.hashCode() * 7
            + targetPorts.hashCode();
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof FlowerMatch other && fields.equals(other.fields)
            && sourcePorts.equals(other.sourcePorts) && targetPorts.equals(other.targetPorts);
    }

    @Override
    public int hashCode() {
        return fields.hashCode() * 31 + sourcePorts.hashCode() * 7 + targetPorts.hashCode();
    }

    @Override
    public String toString() {
        return fields + (hasRange() ? " ports " + sourcePorts + " " + targetPorts : "");
    }
}
