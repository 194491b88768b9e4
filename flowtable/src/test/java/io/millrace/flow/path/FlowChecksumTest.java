package io.millrace.flow.path;

import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.flow.table.FlowLine;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;

import static io.millrace.flow.path.FlowScene.HOST_MAC;
import static io.millrace.flow.path.FlowScene.LAN;
import static io.millrace.flow.path.FlowScene.LAN_MAC;
import static io.millrace.flow.path.FlowScene.WAN;
import static org.assertj.core.api.Assertions.assertThat;

/// Checksums under NAT, in every state that a packet can be in, and the short way beside the whole way.
class FlowChecksumTest {

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int CASES = 400;
    private static final int L3 = 14;

    private final Arena arena = Arena.ofConfined();
    private final FlowScene scene = new FlowScene(arena);
    private final Random random = new Random(Seeds.next());

    @AfterEach
    void close() {
        arena.close();
    }

    /// Random tuples, random translations, random payloads: afterwards a naive sum finds every checksum right.
    @Test
    void staysRightUnderEveryTranslation() {
        for (int i = 0; i < CASES; i++) {
            byte[] sent = scene.send(LAN, randomFlow(i));
            assertThat(sent).isNotNull();
            assertRight(sent);
        }
    }

    /// What the short way sends, the whole way sends too.
    @Test
    void theWholeWayDoesTheSame() {
        for (int i = 0; i < CASES; i++) {
            byte[] frame = randomFlow(i);
            byte[] sent = scene.send(LAN, frame);
            scene.begin();
            scene.receive(1, LAN, frame);
            scene.parse();
            long lineAt = scene.flows.lineAt(scene.flows.find(scene.original));
            var rewrite = new FlowRewrite(scene.packets, scene.records, scene.flows, scene);
            int port = rewrite.rewrite(1, 0, lineAt, 0x0200_0000_0001L, scene.nowNs);
            assertThat(port).isEqualTo(WAN);
            assertThat(scene.bytes(1)).isEqualTo(sent);
            assertThat(FlowLine.packets(scene.flows.segment(), lineAt)).isEqualTo(2);
        }
    }

    @Test
    void keepsAPartialChecksumToBeFilledIn() {
        for (int i = 0; i < CASES; i++) {
            byte[] frame = randomFlow(i);
            byte[] sent = scene.send(LAN, frame);
            boolean isIpv4 = frame[12] == 8;
            int l4 = L3 + (isIpv4 ? 20 : 40);
            int protocol = isIpv4 ? frame[L3 + 9] : frame[L3 + 6];
            int fieldAt = l4 + NaiveChecksum.checksumAt(protocol);
            byte[] partial = frame.clone();
            put(partial, fieldAt, pseudoSum(frame, isIpv4, protocol, l4));
            scene.begin();
            scene.receive(0, LAN, partial);
            new ChecksumRecord(scene.packets).partial(0, l4, fieldAt - l4);
            scene.process();
            int packet = scene.path.forwarded().packet(0);
            assertThat(scene.meta.checksumState(packet)).isEqualTo(ChecksumState.PARTIAL);
            byte[] left = scene.bytes(packet);
            assertThat(fieldOf(left, fieldAt)).as("the sum of the new pseudo header")
                .isEqualTo(pseudoSum(sent, isIpv4, protocol, l4));
            System.arraycopy(sent, fieldAt, left, fieldAt, 2);
            assertThat(left).isEqualTo(sent);
        }
    }

    @Test
    void forgetsTheSumOfTheWholeFrame() {
        byte[] frame = randomFlow(0);
        byte[] expected = scene.send(LAN, frame);
        scene.begin();
        scene.receive(0, LAN, frame);
        new ChecksumRecord(scene.packets).complete(0, L3, NaiveChecksum.sum(frame, L3, frame.length - L3));
        scene.process();
        assertThat(scene.bytes(scene.path.forwarded().packet(0))).isEqualTo(expected);
        assertThat(scene.meta.checksumState(0)).isEqualTo(ChecksumState.NONE);
    }

    @Test
    void keepsWhatTheDeviceFoundRight() {
        byte[] frame = randomFlow(0);
        scene.begin();
        scene.receive(0, LAN, frame);
        new ChecksumRecord(scene.packets).unnecessary(0, 1);
        scene.process();
        assertThat(scene.path.forwarded().count()).isEqualTo(1);
        assertThat(scene.meta.checksumState(0)).isEqualTo(ChecksumState.UNNECESSARY);
    }

    /// Adds a flow and returns a packet of it, TTL 2 or more.
    private byte[] randomFlow(int number) {
        boolean isIpv4 = random.nextBoolean();
        int protocol = random.nextBoolean() ? TCP : UDP;
        String source = address(isIpv4, number);
        String target = address(isIpv4, random.nextInt(1 << 16));
        int sourcePort = random.nextInt(1 << 16);
        int targetPort = 20_000 + random.nextInt(1000);   // none that begins a tunnel
        boolean isSourceNew = random.nextBoolean();
        boolean isTargetNew = random.nextBoolean();
        scene.between(protocol, source, sourcePort, target, targetPort,
            isSourceNew ? address(isIpv4, random.nextInt(1 << 16)) : source,
            isSourceNew ? random.nextInt(1 << 16) : sourcePort,
            isTargetNew ? address(isIpv4, random.nextInt(1 << 16)) : target,
            isTargetNew ? random.nextInt(1 << 16) : targetPort);
        if (scene.add() < 0) return randomFlow(number);
        byte[] text = new byte[random.nextInt(80)];
        random.nextBytes(text);
        int ttl = 2 + random.nextInt(254);
        Layer frame = Frame.ethernet(HOST_MAC, LAN_MAC);
        Layer ip = isIpv4 ? frame.ipv4(source, target).ttl(ttl).identification(random.nextInt(1 << 16))
            : frame.ipv6(source, target).hopLimit(ttl);
        return (protocol == TCP ? ip.tcp(sourcePort, targetPort).ack().payload(text)
            : ip.udp(sourcePort, targetPort).payload(text)).bytes();
    }

    private static String address(boolean isIpv4, int number) {
        int high = number >>> 8 & 0xff;
        return isIpv4 ? "10.1." + high + "." + (number & 0xff)
            : "2001:db8:" + Integer.toHexString(number * 31 & 0xffff) + "::" + Integer.toHexString(number & 0xffff);
    }

    private static void assertRight(byte[] frame) {
        boolean isIpv4 = frame[12] == 8;
        if (isIpv4) assertThat(NaiveChecksum.isIpv4Valid(frame, L3)).isTrue();
        int l4 = L3 + (isIpv4 ? 20 : 40);
        int addressBytes = isIpv4 ? 4 : 16;
        int sourceAt = L3 + (isIpv4 ? 12 : 8);
        assertThat(NaiveChecksum.isValid(isIpv4 ? frame[L3 + 9] : frame[L3 + 6],
            Arrays.copyOfRange(frame, sourceAt, sourceAt + addressBytes),
            Arrays.copyOfRange(frame, sourceAt + addressBytes, sourceAt + 2 * addressBytes),
            Arrays.copyOfRange(frame, l4, frame.length))).isTrue();
    }

    /// What the field of a PARTIAL packet holds, 0 and 0xFFFF being one number.
    private static int pseudoSum(byte[] frame, boolean isIpv4, int protocol, int l4) {
        int addressBytes = isIpv4 ? 4 : 16;
        int sourceAt = L3 + (isIpv4 ? 12 : 8);
        byte[] header = NaiveChecksum.pseudoHeader(Arrays.copyOfRange(frame, sourceAt, sourceAt + addressBytes),
            Arrays.copyOfRange(frame, sourceAt + addressBytes, sourceAt + 2 * addressBytes), protocol,
            frame.length - l4);
        return NaiveChecksum.sum(header, 0, header.length) % 0xffff;
    }

    private static int fieldOf(byte[] frame, int at) {
        return ((frame[at] & 0xff) << 8 | frame[at + 1] & 0xff) % 0xffff;
    }

    private static void put(byte[] frame, int at, int value) {
        frame[at] = (byte) (value >>> 8);
        frame[at + 1] = (byte) value;
    }
}
