package io.millrace.control.trace;

import io.millrace.control.live.Refusal;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.EthernetLayer;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Tshark;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FrameFilterTest {

    private static final List<byte[]> FRAMES = List.of(
        ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(1000, 53).payloadOf(10).bytes(),
        ethernet().ipv4("10.0.0.2", "10.0.0.1").udp(53, 1000).payloadOf(10).bytes(),
        ethernet().ipv4("10.0.9.9", "192.0.2.1").udp(5353, 5353).payloadOf(10).bytes(),
        ethernet().ipv6("fd00::1", "fd00::2").udp(1000, 53).payloadOf(10).bytes(),
        ethernet().ipv6("2001:db8::1", "fd00::2").udp(7, 7).payloadOf(10).bytes());

    @TempDir
    private Path folder;
    private final Arena arena = Arena.ofConfined();

    private static EthernetLayer ethernet() {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02");
    }

    @AfterEach
    void free() {
        arena.close();
    }

    private List<Integer> matching(String expression) {
        var packets = new PacketMemory(arena, 1024);
        var pool = new PacketPool(arena, packets);
        var meta = new PacketMeta(packets);
        var fields = new FrameFields(packets);
        FrameFilter filter = FrameFilter.parse(List.of(expression.split(" ")));
        var found = new ArrayList<Integer>();
        for (int i = 0; i < FRAMES.size(); i++) {
            byte[] frame = FRAMES.get(i);
            int packet = pool.allocate();
            meta.begin(packet, frame.length, 0, 0, 0);
            MemorySegment.copy(frame, 0, packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(packet), frame.length);
            fields.read(packet);
            if (filter.matches(fields)) found.add(i);
        }
        return found;
    }

    /// tshark's own filter language says the same in other words.
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "udp                                      ; udp",
        "ip                                       ; ip",
        "ip6 and port 53                          ; ipv6 && udp.port == 53",
        "src port 53                              ; udp.srcport == 53",
        "dst port 53 or dst host 192.0.2.1        ; udp.dstport == 53 || ip.dst == 192.0.2.1",
        "not port 53                              ; !(udp.port == 53)",
        "net 10.0.0.0/24                          ; ip.addr == 10.0.0.0/24",
        "src net fd00::/16                        ; ipv6.src == fd00::/16",
        "not (ip or port 7)                       ; !(ip || udp.port == 7)",
        "ip and not port 53 or ip6 and port 7     ; (ip && !(udp.port == 53)) || (ipv6 && udp.port == 7)",
        "proto 17 and host fd00::2                ; udp && ipv6.addr == fd00::2",
        "tcp                                      ; tcp",
        "vlan                                     ; vlan",
    })
    void choosesWhatTsharkChooses(String expression, String displayFilter) throws IOException {
        Tshark.required();
        Path file = folder.resolve("frames.pcap");
        CaptureFile.write(file, FRAMES.toArray(byte[][]::new));
        List<Integer> expected = Tshark.fields(List.of("-Y", displayFilter), file, "frame.number").stream()
            .map(row -> Integer.parseInt(row.getFirst()) - 1).toList();
        assertThat(matching(expression.strip())).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "and", "port", "port x", "port 65536", "host", "host 10.0.0.300", "net 10.0.0.1/8", "(udp",
        "udp)", "src", "src udp", "udp tcp", "not", "vlan 4096", "proto 256"})
    void refusesWhatIsNoExpression(String expression) {
        assertThatThrownBy(() -> FrameFilter.parse(List.of(expression.split(" "))))
            .isInstanceOf(Refusal.class).hasMessageStartingWith("filter: ");
    }

    @Test
    void refusesBracketsWithoutEnd() {
        assertThatThrownBy(() -> FrameFilter.parse(List.of("(".repeat(100_000))))
            .isInstanceOf(Refusal.class).hasMessageContaining("brackets");
        assertThatThrownBy(() -> FrameFilter.parse(List.of("not ".repeat(100_000))))
            .isInstanceOf(Refusal.class).hasMessageContaining("brackets");
    }

    @Test
    void readsAFrameCutAtEveryLength() {
        byte[] whole = FRAMES.get(3);
        var packets = new PacketMemory(arena, 1024);
        var meta = new PacketMeta(packets);
        var fields = new FrameFields(packets);
        for (int length = 0; length <= whole.length; length++) {
            meta.begin(1, length, 0, 0, 0);
            MemorySegment.copy(whole, 0, packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(1), length);
            fields.read(1);
            assertThat(fields.family).as("cut at " + length).isEqualTo(length < 54 ? 0 : 6);
            assertThat(fields.targetPort).as("cut at " + length).isEqualTo(length < 58 ? FrameFields.NONE : 53);
        }
    }
}
