package io.millrace.packet.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

import static org.assertj.core.api.Assertions.assertThat;

/// The fields of one header or of the metadata, each as a getter and a setter: proves that no field is another's
/// neighbour by mistake, by writing random values to all of them in random order and reading all back.
public final class Fields {

    private record Field(String name, LongSupplier getter, LongConsumer setter, ToLongFunction<Random> values) {}

    private final List<Field> fields = new ArrayList<>();

    public Fields bits(String name, int bitCount, IntSupplier getter, IntConsumer setter) {
        fields.add(new Field(name, getter::getAsInt, value -> setter.accept((int) value),
            random -> bitCount == 32 ? random.nextInt() : random.nextInt(1 << bitCount)));
        return this;
    }

    public Fields longBits(String name, int bitCount, LongSupplier getter, LongConsumer setter) {
        fields.add(new Field(name, getter, setter, random -> random.nextLong() >>> 64 - bitCount));
        return this;
    }

    public Fields flag(String name, BooleanSupplier getter, Consumer<Boolean> setter) {
        fields.add(new Field(name, () -> getter.getAsBoolean() ? 1 : 0, value -> setter.accept(value != 0),
            random -> random.nextInt(2)));
        return this;
    }

    /// A field that holds multiples of `unit` only.
    public Fields units(String name, int unit, int unitCountMin, int unitCountMax,
                        IntSupplier getter, IntConsumer setter) {
        fields.add(new Field(name, getter::getAsInt, value -> setter.accept((int) value),
            random -> (long) unit * random.nextInt(unitCountMin, unitCountMax + 1)));
        return this;
    }

    /// Writes and reads back `roundCount` times.
    public void areIndependent(long seed, int roundCount) {
        var random = new Random(seed);
        var order = new ArrayList<>(fields);
        long[] written = new long[fields.size()];
        for (int round = 0; round < roundCount; round++) {
            Collections.shuffle(order, random);
            for (Field field : order) {
                long value = field.values.applyAsLong(random);
                written[fields.indexOf(field)] = value;
                field.setter.accept(value);
            }
            for (int i = 0; i < written.length; i++) {
                assertThat(fields.get(i).getter.getAsLong())
                    .as("%s after all fields were written, seed=%d, round %d", fields.get(i).name, seed, round)
                    .isEqualTo(written[i]);
            }
        }
    }

    /// Names of the fields that do not read `value` now.
    public List<String> otherThan(long value) {
        return fields.stream().filter(field -> field.getter.getAsLong() != value).map(Field::name).toList();
    }

    /// What the fields read now, in the order they were named.
    public List<Long> values() {
        return fields.stream().map(field -> field.getter.getAsLong()).toList();
    }
}
