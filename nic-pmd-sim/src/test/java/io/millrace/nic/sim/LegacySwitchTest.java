package io.millrace.nic.sim;

import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static io.millrace.nic.sim.VfFixture.HOST_MAC;
import static io.millrace.nic.sim.VfFixture.VF0_MAC;
import static org.assertj.core.api.Assertions.assertThat;

/// Who gets which frame in `legacy`, and that the account is even.
class LegacySwitchTest {

    private static final String VF1_MAC = "02:00:00:00:01:01";
    private static final String PEER_MAC = "02:00:00:00:09:09";
    private static final String BROADCAST = "ff:ff:ff:ff:ff:ff";

    private final VfFixture fixture = new VfFixture(EswitchMode.LEGACY);

    @Test
    void framesGoToTheSideThatHasTheAddress() {
        byte[] toVf = frame(PEER_MAC, VF0_MAC, 1);
        byte[] toHost = frame(VF0_MAC, HOST_MAC, 2);
        byte[] toPeer = frame(VF0_MAC, PEER_MAC, 3);
        fixture.wire.give(toVf);
        fixture.vm0.give(toHost).give(toPeer);
        assertThat(fixture.received(fixture.uplink)).containsExactly(toHost);
        assertThat(fixture.vm0.sent()).containsExactly(toVf);
        assertThat(fixture.wire.sent()).containsExactly(toPeer);
        assertThat(fixture.vm1.sent()).isEmpty();
        assertThat(fixture.received(fixture.vf0)).as("a representor hears nothing").isEmpty();
        fixture.assertNothingIsLost();
    }

    @Test
    void anAddressIsLearnedFromWhatAVirtualFunctionSends() {
        byte[] before = frame(PEER_MAC, VF1_MAC, 1);
        fixture.wire.give(before);
        assertThat(fixture.received(fixture.uplink)).as("nobody has it: the host's").containsExactly(before);
        fixture.vm1.give(frame(VF1_MAC, PEER_MAC, 2));
        fixture.turns();
        byte[] after = frame(PEER_MAC, VF1_MAC, 3);
        fixture.wire.give(after);
        assertThat(fixture.received(fixture.uplink)).isEmpty();
        assertThat(fixture.vm1.sent()).containsExactly(after);
        fixture.assertNothingIsLost();
    }

    @Test
    void aGroupsFrameGoesToEverySideButItsOwn() {
        byte[] fromVf = frame(VF0_MAC, BROADCAST, 1);
        byte[] fromWire = frame(PEER_MAC, "01:00:5e:00:00:01", 2);
        byte[] fromHost = frame(HOST_MAC, BROADCAST, 3);
        fixture.vm0.give(fromVf);
        assertThat(fixture.received(fixture.uplink)).containsExactly(fromVf);
        fixture.wire.give(fromWire);
        assertThat(fixture.received(fixture.uplink)).containsExactly(fromWire);
        fixture.send(fixture.uplink, fromHost);
        assertThat(fixture.wire.sent()).containsExactly(fromVf, fromHost);
        assertThat(fixture.vm0.sent()).containsExactly(fromWire, fromHost);
        assertThat(fixture.vm1.sent()).containsExactly(fromVf, fromWire, fromHost);
        assertThat(fixture.nic.account().created()).isEqualTo(2 + 2 + 2);
        fixture.assertNothingIsLost();
    }

    @Test
    void theHostReachesVirtualFunctionsByTheUplinksPort() {
        byte[] frame = frame(HOST_MAC, VF0_MAC, 1);
        fixture.send(fixture.uplink, frame);
        assertThat(fixture.vm0.sent()).containsExactly(frame);
        assertThat(fixture.wire.sent()).isEmpty();
        fixture.assertNothingIsLost();
    }

    @Test
    void aFrameForItsOwnSideIsDroppedByName() {
        fixture.vm0.give(frame(PEER_MAC, VF0_MAC, 1));
        fixture.turns();
        assertThat(fixture.nic.account().receiveDrops(Verdict.NIC_SAME_SIDE)).isOne();
        fixture.assertNothingIsLost();
    }

    @Test
    void whatIsSentOnARepresentorIsDroppedByName() {
        fixture.send(fixture.vf0, frame(HOST_MAC, VF0_MAC, 1));
        assertThat(fixture.vf0.hasCarrier()).isFalse();
        assertThat(fixture.vm0.sent()).isEmpty();
        assertThat(fixture.nic.account().transmitDrops(Verdict.NIC_NO_CARRIER)).isOne();
        fixture.assertNothingIsLost();
    }

    @Test
    void tooShortFramesGoWhereUnknownAddressesGo() {
        fixture.vm0.give(new byte[13]);
        fixture.wire.give(new byte[5]);
        assertThat(fixture.received(fixture.uplink)).containsExactly(new byte[5]);
        assertThat(fixture.wire.sent()).containsExactly(new byte[13]);
        fixture.assertNothingIsLost();
    }

    @Test
    void inSwitchdevARepresentorHasWhatItsVirtualFunctionSendsAndTheOtherWayRound() {
        var switchdev = new VfFixture(EswitchMode.SWITCHDEV);
        byte[] there = frame(VF0_MAC, HOST_MAC, 1);
        byte[] back = frame(HOST_MAC, PEER_MAC, 2);
        switchdev.vm0.give(there);
        assertThat(switchdev.received(switchdev.vf0)).containsExactly(there);
        assertThat(switchdev.received(switchdev.uplink)).isEmpty();
        switchdev.send(switchdev.vf0, back);
        assertThat(switchdev.vm0.sent()).containsExactly(back);
        assertThat(switchdev.wire.sent()).isEmpty();
        assertThat(switchdev.vf0.hasCarrier()).isTrue();
        switchdev.assertNothingIsLost();
    }

    /// Random frames against a switch of hash maps and lists.
    @Test
    void randomTrafficGoesWhereANaiveSwitchSendsIt() {
        long seed = Seeds.next();
        var random = new Random(seed);
        String[] macs = {HOST_MAC, VF0_MAC, VF1_MAC, PEER_MAC, "02:00:00:00:01:02", BROADCAST};
        List<List<byte[]>> expected = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(),
            new ArrayList<>());   // wire, vm0, vm1, host
        Map<String, Integer> sides = new HashMap<>(Map.of(HOST_MAC, 3, VF0_MAC, 1));
        FrameWire[] wires = {fixture.wire, fixture.vm0, fixture.vm1};
        List<byte[]> host = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            int from = random.nextInt(4);
            String source = macs[random.nextInt(5)];
            String target = macs[random.nextInt(6)];
            byte[] frame = frame(source, target, i);
            boolean isVf = from == 1 || from == 2;
            if (isVf && !source.equals(HOST_MAC) && !source.equals(VF0_MAC)) sides.put(source, from);
            for (int side : naive(from, target, sides)) expected.get(side).add(frame);
            if (from == 3) fixture.send(fixture.uplink, frame);
            else wires[from].give(frame);
            host.addAll(fixture.received(fixture.uplink));
        }
        assertThat(numbers(host)).as("host, seed %d", seed).isEqualTo(numbers(expected.get(3)));
        for (int side = 0; side < 3; side++) {
            assertThat(numbers(wires[side].sent())).as("side %d, seed %d", side, seed)
                .isEqualTo(numbers(expected.get(side)));
        }
        fixture.assertNothingIsLost();
    }

    private static List<Integer> numbers(List<byte[]> frames) {
        return frames.stream().map(frame -> (frame[42] & 0xff) << 8 | frame[43] & 0xff).toList();
    }

    private static List<Integer> naive(int from, String target, Map<String, Integer> sides) {
        if (target.equals(BROADCAST)) {
            List<Integer> all = new ArrayList<>(List.of(0, 1, 2, 3));
            all.remove(Integer.valueOf(from));
            return all;
        }
        int side = sides.getOrDefault(target, from == 0 ? 3 : 0);
        if (from == 3 && side == 3) return List.of(0);
        return side == from ? List.of() : List.of(side);
    }

    private static byte[] frame(String source, String target, int number) {
        return Frame.ethernet(source, target).ipv4("10.0.0.1", "10.0.0.2").udp(1_000, 2_000)
            .payload(new byte[] {(byte) (number >> 8), (byte) number}).bytes();
    }
}
