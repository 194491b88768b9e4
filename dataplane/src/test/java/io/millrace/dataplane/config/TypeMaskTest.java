package io.millrace.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypeMaskTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "0            | 0", "127 | 127", "1,3 | 1 3", "62-65 | 62 63 64 65", "5-5 | 5", "''|-"})
    void holdsTheTypesListed(String text, String types) {
        TypeMask mask = TypeMask.parse(text);
        var held = IntStream.range(-2, 300).filter(mask::contains).boxed().toList();
        var expected = types == null ? IntStream.empty()
            : java.util.Arrays.stream(types.split(" ")).mapToInt(Integer::parseInt);
        assertThat(held).isEqualTo(expected.boxed().toList());
    }

    @Test
    void linuxLimitsAllErrorsButPacketTooBig() {
        assertThat(TypeMask.LINUX).isEqualTo(TypeMask.parse("0-1,3-127"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"128", "3-1", "a", "1,", ",", "1-2-3", "-1", "1 ,2", "0-128", "999"})
    void refusesWhatIsNoList(String text) {
        assertThatThrownBy(() -> TypeMask.parse(text)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageStartingWith("\"" + text + "\" is no list of types: ");
    }
}
