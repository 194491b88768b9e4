package io.millrace.flow.flower.engine;

import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerMatch;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.Test;

import java.util.Map;

import static io.millrace.flow.flower.engine.FlowerScene.filter;
import static io.millrace.flow.flower.engine.FlowerScene.gact;
import static org.assertj.core.api.Assertions.assertThat;

/// Hardware's filters first, software's behind them.
class FlowerFurtherTest {

    private static final byte[] FRAME = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
        .ipv4("10.0.0.1", "10.0.0.2").udp(1000, 2000).payloadOf(4).bytes();

    private final FlowerScene hardware = new FlowerScene(true, true);
    private final FlowerScene software = new FlowerScene();

    private FlowerRule both(FlowerFilter filter) {
        FlowerRule rule = software.add(filter);
        software.table.inHardware(rule, true);
        hardware.add(filter);
        return rule;
    }

    private static FlowerMatch to(int port) {
        return FlowerScene.match(0x800, Map.of(
            FlowerField.IP_PROTOCOL, FieldMatch.exactly(FlowerField.IP_PROTOCOL, 17),
            FlowerField.TARGET_PORT, FieldMatch.exactly(FlowerField.TARGET_PORT, port)));
    }

    @Test
    void saysWhetherItDecidedOrHowFarItCame() {
        hardware.add(filter(0, 1, 0x800, 1, to(9), gact(ActionControl.PASS)));
        assertThat(hardware.classify(FRAME)).isEqualTo(FlowerVerdict.PASSED);
        assertThat(hardware.table.filtered()).as("no match").isEqualTo(PacketMeta.FILTERED_NOT);
        hardware.add(filter(0, 2, 0x800, 1, to(2000), gact(ActionControl.CONTINUE)));
        hardware.classify(FRAME);
        assertThat(hardware.table.filtered()).isEqualTo(PacketMeta.FILTERED_UP_TO);
        hardware.add(filter(0, 3, 0x800, 1, to(2000), gact(ActionControl.gotoChain(5))));
        hardware.classify(FRAME);
        assertThat(hardware.table.filtered()).as("no chain 5").isEqualTo(PacketMeta.FILTERED_UP_TO + 5);
        hardware.add(filter(5, 1, 0x800, 1, to(2000), gact(ActionControl.PASS)));
        hardware.classify(FRAME);
        assertThat(hardware.table.filtered()).isEqualTo(PacketMeta.FILTERED_WHOLLY);
    }

    @Test
    void softwareGoesOnWhereHardwareStoppedAndDoesNothingTwice() {
        FlowerRule first = both(filter(0, 1, 0x800, 1, to(2000), gact(ActionControl.CONTINUE)));
        FlowerRule jump = both(filter(0, 2, 0x800, 1, to(2000), gact(ActionControl.gotoChain(5))));
        FlowerRule again = both(filter(5, 1, 0x800, 1, to(2000), gact(ActionControl.CONTINUE)));
        FlowerRule alone = software.add(filter(5, 2, 0x800, 1, to(2000), gact(ActionControl.DROP)));
        assertThat(hardware.classify(FRAME)).isEqualTo(FlowerVerdict.PASSED);
        software.store(FRAME);
        FlowerVerdict verdict = software.table.classifyFurther(FlowerScene.PACKET, FlowerScene.INTERFACE,
            hardware.table.filtered(), FlowerScene.BEGIN_NS);
        assertThat(verdict).isEqualTo(FlowerVerdict.DROPPED);
        assertThat(alone.counters(0).packets()).isEqualTo(1);
        assertThat(first.counters(0).packets() + jump.counters(0).packets() + again.counters(0).packets()).isZero();
    }
}
