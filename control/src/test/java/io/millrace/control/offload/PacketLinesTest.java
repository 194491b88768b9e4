package io.millrace.control.offload;

import io.millrace.packet.memory.GsoType;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class PacketLinesTest {

    private final PacketLines lines = new PacketLines();

    @Test
    void saysWhatASuperPacketIs() {
        var merged = new OffloadedPacket(4434, 4380, 1460, 3, GsoType.TCPV4 | GsoType.TCP_ECN, List.of(1L, 2L, 3L));
        assertThat(lines.text(merged))
            .isEqualTo("   4434 bytes, payload 4380, 3 segments of 1460, TCPV4|TCP_ECN, frames 1 2 3");
        assertThat(lines.json(merged)).isEqualTo("{\"bytes\":4434,\"payloadBytes\":4380,\"gsoSize\":1460,"
            + "\"segments\":3,\"gsoType\":\"TCPV4|TCP_ECN\",\"frames\":[1,2,3]}");
    }

    @Test
    void saysLessOfAPacketOfOneSegment() {
        var single = new OffloadedPacket(60, 0, 0, 1, 0, List.of(7L));
        assertThat(lines.text(single)).isEqualTo("     60 bytes, payload 0, frame 7");
        assertThat(lines.json(single)).contains("\"gsoSize\":0,\"segments\":1,\"gsoType\":\"NONE\",\"frames\":[7]");
    }

    @Test
    void sumsUpWhatCameOut() {
        lines.text(new OffloadedPacket(4434, 4380, 1460, 3, GsoType.TCPV4, List.of(1L, 2L, 3L)));
        lines.json(new OffloadedPacket(60, 0, 0, 1, 0, List.of(4L)));
        assertThat(lines.summary(4)).isEqualTo("4 packets in, 2 out: 1 super-packet of 3 segments");
    }

    @Test
    void namesEveryBit() throws IllegalAccessException {
        for (Field field : GsoType.class.getFields()) {
            int bits = field.getInt(null);
            assertThat(Modifier.isStatic(field.getModifiers())).isTrue();
            if (Integer.bitCount(bits) == 1) assertThat(PacketLines.typeName(bits)).isEqualTo(field.getName());
        }
    }
}
