package io.millrace.control.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0 | 0", "999 | 999", "1000 | 1,000", "-1234567 | -1,234,567"})
    void countsHaveThousandsSeparated(long count, String text) {
        assertThat(Quantity.count(count)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.00 b", "1, 1.00 b", "9.994, 9.99 b", "9.996, 10.0 b", "99.96, 100 b", "999.4, 999 b",
        "999.6, 1.00 kb", "12345, 12.3 kb", "1e7, 10.0 Mb", "5.12e10, 51.2 Gb", "3e21, 3000000 Pb"})
    void ratesHaveThreeDigitsAndAPrefix(double value, String text) {
        assertThat(Quantity.rate(value, "b")).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 ns", "999, 999 ns", "1000, 1.00 us", "999499, 999 us", "999500, 1.00 ms", "123456789, 123 ms",
        "999500000, 1.00 s", "12500000000, 12.5 s", "119900000000, 120 s", "120000000000, 2 min 0 s",
        "205600000000, 3 min 26 s"})
    void durationsHaveThreeDigitsAndAUnit(long ns, String text) {
        assertThat(Quantity.duration(ns)).isEqualTo(text);
    }
}
