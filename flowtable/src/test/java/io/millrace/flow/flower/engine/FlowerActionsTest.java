package io.millrace.flow.flower.engine;

import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.ChecksumTarget;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerFlags;
import io.millrace.flow.flower.FlowerMatch;
import io.millrace.flow.flower.PeditKey;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;

import static io.millrace.flow.flower.engine.FlowerScene.filter;
import static io.millrace.flow.flower.engine.FlowerScene.gact;
import static io.millrace.flow.flower.engine.FlowerScene.match;
import static org.assertj.core.api.Assertions.assertThat;

class FlowerActionsTest {

    private static final int IPV4 = 0x0800;
    private static final String MAC = "02:00:00:00:00:01";
    private static final FlowerAction ALL_CHECKSUMS =
        new FlowerAction.Csum(EnumSet.allOf(ChecksumTarget.class), ActionControl.PASS);

    private static byte[] udp(int payloadBytes) {
        return Frame.ethernet(MAC, MAC).ipv4("10.0.0.1", "10.0.0.2").udp(1000, 2000).payloadOf(payloadBytes).bytes();
    }

    @Test
    void checksumsComeOutRightWhateverTheyWere() {
        var scene = new FlowerScene();
        scene.add(filter(1, FlowerFilter.ALL, FlowerMatch.ANY, ALL_CHECKSUMS));
        byte[][] right = {udp(21),
            Frame.ethernet(MAC, MAC).vlan(3).vlan(4).ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).payloadOf(33).bytes(),
            Frame.ethernet(MAC, MAC).ipv4("10.0.0.1", "10.0.0.2").icmp(8, 0).payloadOf(7).bytes(),
            Frame.ethernet(MAC, MAC).ipv4("10.0.0.1", "10.0.0.2").sctp(1, 2).data(1, 1, 1, new byte[8]).bytes(),
            Frame.ethernet(MAC, MAC).ipv6("fd00::1", "fd00::2").udp(1, 2).payloadOf(11).bytes(),
            Frame.ethernet(MAC, MAC).ipv6("fd00::1", "fd00::2").tcp(1, 2).payloadOf(4).bytes(),
            Frame.ethernet(MAC, MAC).ipv6("fd00::1", "fd00::2").icmpv6(128, 0).payloadOf(8).bytes()};
        int[][] fields = {{24, 40}, {32, 58}, {24, 36}, {24, 42, 44}, {60}, {70}, {56}};
        for (int i = 0; i < right.length; i++) {
            byte[] wrong = right[i].clone();
            for (int at : fields[i]) {
                wrong[at] ^= 0x55;
                wrong[at + 1] ^= 0x12;
            }
            assertThat(scene.classify(wrong)).isEqualTo(FlowerVerdict.PASSED);
            assertThat(scene.frame()).as("frame %d", i).isEqualTo(right[i]);
        }
    }

    @Test
    void checksumsOfPacketsThatAreCutDrop() {
        var scene = new FlowerScene();
        scene.add(filter(1, FlowerFilter.ALL, FlowerMatch.ANY, ALL_CHECKSUMS));
        byte[] frame = udp(40);
        assertThat(scene.classify(java.util.Arrays.copyOf(frame, frame.length - 1))).isEqualTo(FlowerVerdict.DROPPED);
    }

    @Test
    void lowersTheTtlByAddingTwoHundredFiftyFive() {
        var scene = new FlowerScene();
        scene.add(filter(1, IPV4, FlowerMatch.ANY, new FlowerAction.Pedit(
            List.of(new PeditKey(PeditKey.Header.IPV4, 8, true, 0xff00_0000, 0x00ff_ffff)), true, ActionControl.PIPE),
            ALL_CHECKSUMS));
        scene.classify(Frame.ethernet(MAC, MAC).ipv4("10.0.0.1", "10.0.0.2").ttl(64).udp(1, 2).payloadOf(3).bytes());
        assertThat(scene.frame()).isEqualTo(
            Frame.ethernet(MAC, MAC).ipv4("10.0.0.1", "10.0.0.2").ttl(63).udp(1, 2).payloadOf(3).bytes());
    }

    @Test
    void policesByRateAndBurst() {
        var scene = new FlowerScene();
        byte[] frame = udp(58);   // 86 bytes of IP
        FlowerRule rule = scene.add(filter(1, IPV4, FlowerMatch.ANY,
            new FlowerAction.Police(8_600, 172, 2_000, ActionControl.DROP, ActionControl.PASS)));
        assertThat(scene.classify(frame)).isEqualTo(FlowerVerdict.PASSED);
        assertThat(scene.classify(frame)).isEqualTo(FlowerVerdict.PASSED);
        assertThat(scene.classify(frame)).as("the bucket is empty").isEqualTo(FlowerVerdict.DROPPED);
        scene.nowNs += 9_999_999;
        assertThat(scene.classify(frame)).as("a nanosecond early").isEqualTo(FlowerVerdict.DROPPED);
        scene.nowNs += 1;
        assertThat(scene.classify(frame)).isEqualTo(FlowerVerdict.PASSED);
        assertThat(scene.classify(udp(1_400))).isEqualTo(FlowerVerdict.DROPPED);
        assertThat(rule.counters(0).overlimits()).isEqualTo(3);
        assertThat(rule.counters(0).drops()).isEqualTo(3);
        assertThat(rule.counters(0).packets()).isEqualTo(6);
    }

    @Test
    void countsAtEgressWhatIsOnTheWire() {
        byte[] frame = Frame.ethernet(MAC, MAC).vlan(3).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payloadOf(50).bytes();
        for (boolean isIngress : new boolean[] {true, false}) {
            var scene = new FlowerScene(isIngress, false);
            FlowerRule rule = scene.add(filter(1, FlowerFilter.ALL, FlowerMatch.ANY, gact(ActionControl.DROP)));
            scene.classify(frame);
            assertThat(rule.counters(0).bytes()).isEqualTo(frame.length - (isIngress ? 18 : 0));
        }
    }

    @Test
    void theShapeThatCameFirstDecidesWithinAPriority() {
        FlowerMatch wide = match(IPV4, Map.of(FlowerField.SOURCE_ADDRESS, FieldMatch.of(0x0a000000, 0xff000000L)));
        FlowerMatch exact =
            match(IPV4, Map.of(FlowerField.SOURCE_ADDRESS, FieldMatch.of(0x0a000001, 0xffff_ffffL)));
        var scene = new FlowerScene();
        FlowerRule first = scene.add(filter(0, 1, IPV4, 2, wide, gact(ActionControl.DROP)));
        scene.add(filter(0, 1, IPV4, 1, exact, gact(ActionControl.PASS)));
        assertThat(scene.classify(udp(8))).isEqualTo(FlowerVerdict.DROPPED);
        scene.table.remove(first);
        scene.add(filter(0, 1, IPV4, 2, wide, gact(ActionControl.DROP)));
        assertThat(scene.classify(udp(8))).as("the other shape is older now").isEqualTo(FlowerVerdict.PASSED);
    }

    @Test
    void softwareGoesPastWhatIsForHardwareAlone() {
        var hardwareOnly = new FlowerFilter(0, 1, IPV4, 1, 0, FlowerMatch.ANY, List.of(gact(ActionControl.DROP)),
            FlowerFlags.SKIP_SOFTWARE);
        var software = new FlowerScene();
        software.add(hardwareOnly);
        assertThat(software.classify(udp(8))).isEqualTo(FlowerVerdict.PASSED);
        var hardware = new FlowerScene(true, true);
        hardware.add(hardwareOnly);
        assertThat(hardware.classify(udp(8))).isEqualTo(FlowerVerdict.DROPPED);
    }

    @Test
    void aMirrorWithoutRoomIsCountedAndThePacketGoesOn() {
        var scene = new FlowerScene();
        FlowerRule rule = scene.add(filter(1, IPV4, FlowerMatch.ANY,
            new FlowerAction.Mirred(false, 1, ActionControl.PIPE), gact(ActionControl.DROP)));
        scene.hasRoom = false;
        assertThat(scene.classify(udp(8))).isEqualTo(FlowerVerdict.DROPPED);
        assertThat(rule.counters(0).overlimits()).isEqualTo(1);
    }
}
