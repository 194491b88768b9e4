package io.millrace.flow.path;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import static io.millrace.flow.path.FlowScene.GATEWAY_MAC;
import static io.millrace.flow.path.FlowScene.HOST_MAC;
import static io.millrace.flow.path.FlowScene.LAN;
import static io.millrace.flow.path.FlowScene.LAN_MAC;
import static io.millrace.flow.path.FlowScene.WAN;
import static io.millrace.flow.path.FlowScene.WAN_MAC;
import static org.assertj.core.api.Assertions.assertThat;

/// A burst that nobody has parsed beside the same burst parsed: the same packets leave with the same bytes, and the
/// others stay, parsed, for the same reason.
class UnparsedBurstTest {

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int BURSTS = 4_000;
    private static final int MUTATED_BYTES = 80;
    private static final int VXLAN_PORT = 4789;
    private static final String HOST = "192.168.1.5";
    private static final String SERVER = "198.51.100.7";
    private static final String PUBLIC = "203.0.113.1";
    private static final String HOST6 = "fd00:1::5";
    private static final String SERVER6 = "2001:db8:7::7";
    private static final String PUBLIC6 = "2001:db8:2::1";
    private static final byte[] TEXT = "millrace".getBytes();

    private final Arena arena = Arena.ofConfined();
    private final FlowScene parsed = scene();
    private final FlowScene unparsed = scene();
    private Random random;

    @BeforeEach
    void seed() {
        random = new Random(Seeds.next());
    }

    @AfterEach
    void close() {
        arena.close();
    }

    private FlowScene scene() {
        var scene = new FlowScene(arena);
        scene.between(UDP, HOST, 4000, SERVER, 53, PUBLIC, 61000, SERVER, 53).add();
        scene.between(TCP, HOST, 4000, PUBLIC, 80, PUBLIC, 61000, SERVER, 8080).add();
        scene.between(UDP, HOST6, 4000, SERVER6, 53).add();
        scene.between(TCP, HOST6, 4000, SERVER6, 80, PUBLIC6, 61000, SERVER6, 80).add();
        scene.between(UDP, HOST, 4000, SERVER, VXLAN_PORT).add();
        return scene;
    }

    @Test
    void frameByFrameTheSameAsParsed() {
        int sentCount = 0;
        int keptCount = 0;
        for (int i = 0; i < BURSTS; i++) {
            int count = 1 + random.nextInt(Burst.PACKETS_MAX);
            parsed.begin();
            unparsed.begin();
            for (int packet = 0; packet < count; packet++) {
                boolean isFromLan = random.nextInt(4) != 0;
                byte[] frame = mutated(isFromLan ? fromLan() : fromWan());
                parsed.receive(packet, isFromLan ? LAN : WAN, frame);
                unparsed.receive(packet, isFromLan ? LAN : WAN, frame);
            }
            parsed.process();
            unparsed.processUnparsed();
            assertThat(outcome(unparsed)).isEqualTo(outcome(parsed));
            sentCount += parsed.path.forwarded().count();
            keptCount += parsed.burst.count();
            revive();
        }
        assertThat(sentCount).isGreaterThan(BURSTS);
        assertThat(keptCount).isGreaterThan(BURSTS);
    }

    /// A tunnel's header that is cut short matters to the parser alone: a flow's packets pass, whatever they carry.
    @Test
    void doesNotLookBehindUdp() {
        byte[] cutShort = {8, 0, 0, 0};
        byte[] frame = Frame.ethernet(HOST_MAC, LAN_MAC).ipv4(HOST, SERVER).udp(4000, VXLAN_PORT).payload(cutShort)
            .bytes();
        assertThat(parsed.send(LAN, frame)).isNull();
        assertThat(parsed.miss()).isEqualTo(FlowMiss.NOT_IP);
        unparsed.begin();
        unparsed.receive(0, LAN, frame);
        unparsed.processUnparsed();
        assertThat(unparsed.path.forwarded().count()).isOne();
    }

    private byte[] fromLan() {
        Layer link = Frame.ethernet(HOST_MAC, LAN_MAC);
        return switch (random.nextInt(6)) {
            case 0 -> link.ipv4(HOST, SERVER).ttl(ttl()).udp(4000, 53).payload(TEXT).bytes();
            case 1 -> link.ipv4(HOST, PUBLIC).ttl(ttl()).tcp(4000, 80).ack().payload(TEXT).bytes();
            case 2 -> link.ipv6(HOST6, SERVER6).hopLimit(ttl()).udp(4000, 53).payload(TEXT).bytes();
            case 3 -> link.ipv6(HOST6, SERVER6).hopLimit(ttl()).tcp(4000, 80).ack().payload(TEXT).bytes();
            case 4 -> link.ipv4(HOST, PUBLIC).ttl(ttl()).tcp(4000, 80).ack().fin().bytes();
            default -> link.ipv4(HOST, SERVER).ttl(ttl()).udp(4001, 53).payload(TEXT).bytes();
        };
    }

    private byte[] fromWan() {
        Layer link = Frame.ethernet(GATEWAY_MAC, WAN_MAC);
        return random.nextBoolean()
            ? link.ipv4(SERVER, PUBLIC).ttl(ttl()).udp(53, 61000).payload(TEXT).bytes()
            : link.ipv6(SERVER6, PUBLIC6).hopLimit(ttl()).tcp(80, 61000).ack().bytes();
    }

    private int ttl() {
        return random.nextInt(8) == 0 ? random.nextInt(3) : 64;
    }

    /// Half of the frames stay as they are; the rest are cut, padded, or have bits or bytes changed in their headers.
    private byte[] mutated(byte[] frame) {
        byte[] mutated = frame.clone();
        switch (random.nextInt(8)) {
            case 0 -> mutated = Arrays.copyOf(frame, random.nextInt(frame.length));
            case 1 -> mutated = Arrays.copyOf(frame, frame.length + random.nextInt(30));
            case 2 -> mutated[at(frame)] ^= (byte) (1 << random.nextInt(8));
            case 3 -> {
                mutated[at(frame)] = (byte) random.nextInt();
                mutated[at(frame)] = (byte) random.nextInt();
            }
            default -> { }
        }
        return mutated;
    }

    private int at(byte[] frame) {
        return random.nextInt(Math.min(MUTATED_BYTES, frame.length));
    }

    private static List<String> outcome(FlowScene scene) {
        List<String> lines = new ArrayList<>();
        Burst sent = scene.path.forwarded();
        for (int i = 0; i < sent.count(); i++) lines.add("sent " + line(scene, sent.packet(i)));
        for (int i = 0; i < scene.burst.count(); i++) {
            int packet = scene.burst.packet(i);
            int record = ParseRecords.recordAt(scene.path.placeOf(i), 0);
            lines.add("kept " + line(scene, packet) + " " + scene.path.missOf(i) + " l3 " + scene.meta.l3(packet)
                + " l4 " + scene.meta.l4(packet) + " flags " + scene.meta.flags(packet) + " record "
                + scene.records.outcome(scene.path.placeOf(i)) + " " + scene.records.targetPort(record));
        }
        for (FlowMiss miss : FlowMiss.values()) lines.add(miss + " " + scene.path.missCount(miss));
        lines.add("hits " + scene.path.hitCount());
        return lines;
    }

    private static String line(FlowScene scene, int packet) {
        return packet + " " + scene.meta.egress(packet) + " " + HexFormat.of().formatHex(scene.bytes(packet));
    }

    /// A FIN has marked flows: they are as they were.
    private void revive() {
        for (FlowScene scene : List.of(parsed, unparsed)) {
            for (int slot = 0; slot < scene.flows.flowCount(); slot++) scene.flows.revive(slot);
        }
    }
}
