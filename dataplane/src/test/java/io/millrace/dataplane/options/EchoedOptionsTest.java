package io.millrace.dataplane.options;

import io.millrace.dataplane.PacketBench;
import io.millrace.dataplane.TestAddresses;
import io.millrace.packet.address.Addresses;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Hex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;

class EchoedOptionsTest {

    private static final int ASKED = Addresses.parseIpv4("10.0.0.1");
    private static final int SPEAKER = Addresses.parseIpv4("10.0.1.1");
    private static final int ASKER = Addresses.parseIpv4("10.0.0.2");
    private static final long NOW_NS = 0x1234567L * 1_000_000;

    private final PacketBench bench = new PacketBench(64);
    private final EchoedOptions echoed = new EchoedOptions(new TestAddresses());

    /// Arrival adds an address or a time, the answer another.
    @ParameterizedTest
    @CsvSource({
        "01010100,                                       ''",
        "94040000,                                       ''",
        "8606000000010000,                               ''",
        "01 070f 04 000000000000000000000000,            070f 0c 0a0000010a00010100000000 00",
        "070b 08 0a000002 00000000 00,                   070b 0c 0a000002 0a000001 00",        // room for arrival only
        "0707 08 0a000002 00,                            0707 08 0a000002 00",
        "440c 0500 0000000000000000,                     440c 0d00 0123456701234567",
        "4408 0500 00000000,                             4408 0900 01234567",
        "4404 0520,                                      4404 0530",                           // counted once
        "4414 0501 00000000000000000000000000000000,     4414 1501 0a00000101234567 0a00010101234567",
        "4414 0503 0a00000100000000 0a00010100000000,    4414 1503 0a00000101234567 0a00010101234567",
        "4414 0503 0a00000100000000 0a00020200000000,    4414 0d03 0a00000101234567 0a00020200000000",
        "440c 0503 0a00020200000000,                     440c 0503 0a00020200000000",
        "4410 0503 0a00000100000000 00000000,            4410 0d03 0a00000101234567 00000000", // half an entry is left
        "44080500 00000000 0707 04 00000000 00,          0707 08 0a000001 4408 0900 01234567 00",
    })
    void goesOnWithWhatIsRecorded(String asked, String answered) {
        String expected = Hex.format(Hex.parse(answered.strip()));
        assertThat(answer(asked.strip())).isEqualTo(expected);
        assertThat(echoed.firstHop()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0709 04 00000000 0000 000000",                  // arrival takes four, two are left
        "440a 0500 000000000000 0000",
        "4412 0501 0000000000000000 000000000000 0000",
        "440e 0503 0a00000100000000 0000 0000",
    })
    void cannotAnswerWhereRoomIsLeftButTooLittle(String hex) {
        assertThat(answer(hex)).isNull();
    }

    @Test
    void turnsASourceRouteRound() {
        // came by 10.0.5.5, then 10.0.6.6, and is here
        assertThat(answer("830b0c 0a000505 0a000606 00")).isEqualTo("830b040a0005050a00000200");
        assertThat(echoed.firstHop()).isEqualTo(Addresses.parseIpv4("10.0.6.6"));
    }

    @Test
    void doesNotVisitASourceTwiceThatRecordedItself() {
        assertThat(answer("890b0c 0a000002 0a000606 00")).isEqualTo("8907040a00000200");
        assertThat(echoed.firstHop()).isEqualTo(Addresses.parseIpv4("10.0.6.6"));
        assertThat(answer("830708 0a000002 00")).isEmpty();
        assertThat(echoed.firstHop()).isZero();
    }

    @Test
    void ignoresHopsNotYetVisited() {
        assertThat(answer("830f08 0a000505 0a000606 0a000707 00")).isEqualTo("8307040a00000200");
        assertThat(echoed.firstHop()).isEqualTo(Addresses.parseIpv4("10.0.5.5"));
        assertThat(answer("830704 0a000505 00")).isEmpty();
    }

    @Test
    void keepsWhatStoodBeforeAFault() {
        assertThat(answer("0707 04 00000000 4403 000000 00")).isEqualTo("0707080a00000100");
    }

    /// Options of the answer in hexadecimal; null if there can be none.
    private String answer(String hex) {
        byte[] frame = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.2", "10.0.0.1")
            .options(Hex.parse(hex)).protocol(200).payloadOf(10).bytes();
        int packet = bench.put(frame);
        int answer = bench.put(new byte[14 + 60]);
        long answerAt = bench.meta.frameAt(answer) + 14;
        int optionBytes = echoed.prepare(bench.packets.segment(), bench.meta.frameAt(packet) + 14, ASKED, NOW_NS);
        assertThat(bench.bytes(packet, 0)).isEqualTo(frame);
        String text = null;
        if (optionBytes != EchoedOptions.UNUSABLE) {
            assertThat(optionBytes % 4).isZero();
            echoed.write(bench.packets.segment(), answerAt, SPEAKER, ASKER, NOW_NS);
            text = Hex.format(Arrays.copyOfRange(bench.network(answer), 20, 20 + optionBytes));
        }
        bench.pool.release(packet);
        bench.pool.release(answer);
        return text;
    }
}
