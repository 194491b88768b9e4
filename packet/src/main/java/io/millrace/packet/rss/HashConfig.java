package io.millrace.packet.rss;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// How packets are hashed. Refuses, as Linux does, what cannot be done.
///
/// @param transform what is done to pairs of fields first
/// @param fields    the fields of every flow type
/// @param isInner   hash the innermost headers instead of the outermost
public record HashConfig(Toeplitz toeplitz, HashTransform transform, Map<FlowType, Set<HashField>> fields,
                         boolean isInner) {

    private static final Set<HashField> PAIRS = Set.of(HashField.SOURCE, HashField.TARGET, HashField.SOURCE_PORT,
        HashField.TARGET_PORT);

    /// The published key, symmetric, the fields that most network cards begin with, outermost headers.
    public static HashConfig standard() {
        Map<FlowType, Set<HashField>> fields = new EnumMap<>(FlowType.class);
        for (FlowType type : FlowType.values()) fields.put(type, parse(type.standardLetters()));
        return new HashConfig(new Toeplitz(Toeplitz.publishedKey()), HashTransform.SYMMETRIC_XOR, fields, false);
    }

    public HashConfig {
        Map<FlowType, Set<HashField>> copy = new EnumMap<>(FlowType.class);
        for (FlowType type : FlowType.values()) {
            Set<HashField> chosen = EnumSet.noneOf(HashField.class);
            chosen.addAll(fields.get(type));
            check(type, chosen, transform, toeplitz);
            copy.put(type, chosen);
        }
        fields = copy;
    }

    public HashConfig with(Toeplitz other) {
        return new HashConfig(other, transform, fields, isInner);
    }

    public HashConfig with(HashTransform other) {
        return new HashConfig(toeplitz, other, fields, isInner);
    }

    public HashConfig withInner(boolean inner) {
        return new HashConfig(toeplitz, transform, fields, inner);
    }

    public HashConfig with(FlowType type, Set<HashField> chosen) {
        Map<FlowType, Set<HashField>> changed = new EnumMap<>(fields);
        changed.put(type, chosen);
        return new HashConfig(toeplitz, transform, changed, isInner);
    }

    /// The fields that the letters of `rx-flow-hash` name.
    public static Set<HashField> parse(String letters) {
        Set<HashField> chosen = EnumSet.noneOf(HashField.class);
        for (char letter : letters.toCharArray()) {
            HashField field = HashField.lettered(letter);
            if (field == null) {
                String allowed = EnumSet.allOf(HashField.class).stream().map(each -> String.valueOf(each.letter()))
                    .collect(Collectors.joining(", "));
                throw new IllegalArgumentException("there is no hash field '" + letter + "'; allowed: " + allowed);
            }
            chosen.add(field);
        }
        return chosen;
    }

    private static void check(FlowType type, Set<HashField> chosen, HashTransform transform, Toeplitz toeplitz) {
        if (transform != HashTransform.NONE) {
            boolean isWhole = chosen.contains(HashField.SOURCE) == chosen.contains(HashField.TARGET)
                && chosen.contains(HashField.SOURCE_PORT) == chosen.contains(HashField.TARGET_PORT);
            refuse(!PAIRS.containsAll(chosen), type.label() + ": with xfrm " + transform.label()
                + " only the fields s, d, f, n can be hashed");
            refuse(!isWhole, type.label() + ": with xfrm " + transform.label() + " s goes with d, and f with n");
        }
        int inputBytes = chosen.stream().mapToInt(field -> field.bytes(type.addressBytes())).sum();
        refuse(inputBytes > toeplitz.inputBytesMax(), type.label() + ": " + inputBytes
            + " bytes of input need a key of " + (inputBytes + Toeplitz.WINDOW_BYTES) + " bytes, this one has "
            + (toeplitz.inputBytesMax() + Toeplitz.WINDOW_BYTES));
    }

    private static void refuse(boolean isWrong, String message) {
        if (isWrong) throw new IllegalArgumentException(message);
    }
}
