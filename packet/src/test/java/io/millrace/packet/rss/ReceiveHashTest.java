package io.millrace.packet.rss;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.host.HostCompiler;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ReceiveHashTest {

    private static final int INDEX = 7;
    private static final String MAC_A = "02:00:00:00:00:01";
    private static final String MAC_B = "02:00:00:00:00:02";
    private static final HashConfig PLAIN = HashConfig.standard().with(HashTransform.NONE)
        .with(FlowType.UDP4, HashConfig.parse("sdfn")).with(FlowType.UDP6, HashConfig.parse("sdfn"));

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 1);
    private final PacketMeta meta = new PacketMeta(packets);
    private final ParseRecords records = new ParseRecords(4);
    private final CompiledParser parser = new HostCompiler(ShippedGraph.DEFAULT.load(), packets).newParser(records);

    /// Microsoft's RSS verification suite.
    @ParameterizedTest
    @CsvSource({
        "66.9.149.187,2794,161.142.100.80,1766,323e8fc2,51ccc178",
        "199.92.111.2,14230,65.69.140.83,4739,d718262a,c626b0ea",
        "24.19.198.95,12898,12.22.207.184,38024,d2d0a5de,5c2b394a",
        "38.27.205.30,48228,209.142.163.6,2217,82989176,afc7327f",
        "153.39.163.191,44251,202.188.127.2,1303,5d1809c5,10e828a2",
        "3ffe:2501:200:1fff::7,2794,3ffe:2501:200:3::1,1766,2cc18cd5,40207d3d",
        "3ffe:501:8::260:97ff:fe40:efab,14230,ff02::1,4739,0f0c461c,dde51bbf",
        "3ffe:1900:4545:3:200:f8ff:fe21:67cf,44251,fe80::200:f8ff:fe21:67cf,38024,4b61e985,02d1feef"
    })
    void hashesTheVerificationSuite(String source, int sourcePort, String target, int targetPort, String addresses,
                                    String withPorts) {
        byte[] frame = tcp(source, target, sourcePort, targetPort);
        assertThat(hash(PLAIN, frame)).isEqualTo(Long.parseLong(withPorts, 16));
        HashConfig addressesOnly = PLAIN.with(FlowType.TCP4, HashConfig.parse("sd"))
            .with(FlowType.TCP6, HashConfig.parse("sd"));
        assertThat(hash(addressesOnly, frame)).isEqualTo(Long.parseLong(addresses, 16));
    }

    @Test
    void transformsTheFirstVectorIntoTheKnownSymmetricValues() {
        byte[] there = tcp("66.9.149.187", "161.142.100.80", 2794, 1766);
        byte[] back = tcp("161.142.100.80", "66.9.149.187", 1766, 2794);
        assertThat(hash(HashConfig.standard(), there)).isEqualTo(0xac2b58caL);
        assertThat(hash(HashConfig.standard(), back)).isEqualTo(0xac2b58caL);
        HashConfig orXor = HashConfig.standard().with(HashTransform.SYMMETRIC_OR_XOR);
        assertThat(hash(orXor, there)).isEqualTo(0xa65524faL);
        assertThat(hash(orXor, back)).isEqualTo(0xa65524faL);
    }

    @Test
    void repeatingKeyIsSymmetricWithoutATransform() {
        byte[] key = new byte[40];
        for (int i = 0; i < key.length; i += 2) {
            key[i] = 0x6d;
            key[i + 1] = 0x5a;
        }
        HashConfig config = PLAIN.with(new Toeplitz(key));
        assertThat(hash(config, tcp("66.9.149.187", "161.142.100.80", 2794, 1766))).isEqualTo(0x9fcc9fccL);
        assertThat(hash(config, tcp("161.142.100.80", "66.9.149.187", 1766, 2794))).isEqualTo(0x9fcc9fccL);
    }

    @Test
    void agreesWithTheDefinitionOnRandomTuplesKeysAndFields() {
        Random random = new Random(Seeds.next());
        for (int round = 0; round < 400; round++) {
            byte[] key = new byte[53 + random.nextInt(204)];
            random.nextBytes(key);
            boolean isV4 = random.nextBoolean();
            String source = address(random, isV4);
            String target = address(random, isV4);
            int sourcePort = random.nextInt(65_536);
            int targetPort = random.nextInt(65_536);
            StringBuilder letters = new StringBuilder();
            for (char letter : "mvtsdfne".toCharArray()) if (random.nextBoolean()) letters.append(letter);
            int tag = 1 + random.nextInt(4094);

            HashConfig config = PLAIN.with(new Toeplitz(key)).with(isV4 ? FlowType.TCP4 : FlowType.TCP6,
                HashConfig.parse(letters.toString()));
            byte[] frame = isV4
                ? Frame.ethernet(MAC_A, MAC_B).vlan(tag).ipv4(source, target).tcp(sourcePort, targetPort).bytes()
                : Frame.ethernet(MAC_A, MAC_B).vlan(tag).ipv6(source, target).tcp(sourcePort, targetPort).bytes();
            byte[] input = input(letters.toString(), tag, source, target, sourcePort, targetPort);
            assertThat((int) hash(config, frame)).as("fields %s key of %d", letters, key.length)
                .isEqualTo(BitwiseToeplitz.hash(key, input));
        }
    }

    @Test
    void symmetricTransformsGiveBothDirectionsOneHash() {
        Random random = new Random(Seeds.next());
        for (int round = 0; round < 100; round++) {
            boolean isV4 = random.nextBoolean();
            String a = address(random, isV4);
            String b = address(random, isV4);
            int portA = random.nextInt(65_536);
            int portB = random.nextInt(65_536);
            for (HashTransform transform
                : new HashTransform[] {HashTransform.SYMMETRIC_XOR, HashTransform.SYMMETRIC_OR_XOR}) {
                HashConfig config = HashConfig.standard().with(transform);
                byte[] x = join(transform == HashTransform.SYMMETRIC_XOR ? xor(bytes(a), bytes(b))
                    : or(bytes(a), bytes(b)),
                    xor(bytes(a), bytes(b)),
                    u16(transform == HashTransform.SYMMETRIC_XOR ? portA ^ portB : portA | portB), u16(portA ^ portB));
                int expected = BitwiseToeplitz.hash(Toeplitz.publishedKey(), x);
                assertThat((int) hash(config, tcp(a, b, portA, portB))).isEqualTo(expected);
                assertThat((int) hash(config, tcp(b, a, portB, portA))).isEqualTo(expected);
            }
        }
    }

    @Test
    void fragmentsOfAPacketComeTogether() {
        HashConfig config = HashConfig.standard().with(FlowType.UDP4, HashConfig.parse("sdfn"));
        byte[] first = Frame.ethernet(MAC_A, MAC_B).ipv4("10.0.0.1", "10.0.0.2").moreFragments().udp(1, 2)
            .payload(new byte[64]).bytes();
        byte[] later = Frame.ethernet(MAC_A, MAC_B).ipv4("10.0.0.1", "10.0.0.2").fragmentOffsetBytes(72).protocol(17)
            .payload(new byte[64]).bytes();
        byte[] whole = Frame.ethernet(MAC_A, MAC_B).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payload(new byte[64])
            .bytes();
        assertThat(hash(config, first)).isEqualTo(hash(config, later)).isNotEqualTo(hash(config, whole));
    }

    @Test
    void innerHashesTheLastRecord() {
        byte[] inner = tcp("10.1.0.1", "10.1.0.2", 5, 6);
        byte[] tunnelled = Frame.ethernet(MAC_A, MAC_B).ipv4("192.0.2.1", "192.0.2.2").udp(999, 4789).vxlan(7)
            .payload(inner).bytes();
        assertThat(hash(HashConfig.standard().withInner(true), tunnelled))
            .isEqualTo(hash(HashConfig.standard(), inner));
        assertThat(hash(HashConfig.standard(), tunnelled)).isNotEqualTo(hash(HashConfig.standard(), inner));
    }

    @Test
    void whatIsNotIpHasNoHashAndDiscardedTypesSaySo() {
        assertThat(hash(PLAIN, Frame.ethernet(MAC_A, MAC_B).etherType(0x88cc).payload(new byte[46]).bytes())).isZero();
        HashConfig discarding = PLAIN.with(FlowType.TCP4, HashConfig.parse("r"));
        assertThat(hash(discarding, tcp("10.0.0.1", "10.0.0.2", 1, 2))).isEqualTo(ReceiveHash.DISCARDED);
    }

    @Test
    void refusesWhatASymmetricTransformCannotKeepSymmetric() {
        HashConfig config = HashConfig.standard();
        assertThatThrownBy(() -> config.with(FlowType.TCP4, HashConfig.parse("sdf"))).hasMessage(
            "tcp4: with xfrm symmetric-xor s goes with d, and f with n");
        assertThatThrownBy(() -> config.with(FlowType.TCP6, Set.of(HashField.SOURCE)))
            .hasMessageContaining("s goes with d");
        assertThatThrownBy(() -> config.with(FlowType.UDP4, HashConfig.parse("sdv")))
            .hasMessageContaining("only the fields s, d, f, n");
        HashConfig oneSided = config.with(HashTransform.NONE).with(FlowType.TCP4, HashConfig.parse("sdf"));
        assertThatThrownBy(() -> oneSided.with(HashTransform.SYMMETRIC_OR_XOR)).hasMessageContaining("tcp4");
    }

    @Test
    void refusesKeysAndFieldsThatDoNotGo() {
        assertThatThrownBy(() -> new Toeplitz(new byte[39])).hasMessageContaining("got 39");
        assertThatThrownBy(() -> new Toeplitz(new byte[257])).hasMessageContaining("got 257");
        assertThatThrownBy(() -> PLAIN.with(FlowType.TCP6, HashConfig.parse("sdfnv"))).hasMessage(
            "tcp6: 38 bytes of input need a key of 42 bytes, this one has 40");
        assertThatThrownBy(() -> HashConfig.parse("sx")).hasMessage(
            "there is no hash field 'x'; allowed: m, v, t, s, d, f, n, e, r");
    }

    private long hash(HashConfig config, byte[] frame) {
        meta.begin(0, frame.length, 0, 0, 0);
        MemorySegment.copy(frame, 0, packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(0), frame.length);
        parser.parse(0, INDEX);
        return new ReceiveHash(config, packets, records).hash(0, INDEX);
    }

    private static byte[] tcp(String source, String target, int sourcePort, int targetPort) {
        return source.contains(":")
            ? Frame.ethernet(MAC_A, MAC_B).ipv6(source, target).tcp(sourcePort, targetPort).bytes()
            : Frame.ethernet(MAC_A, MAC_B).ipv4(source, target).tcp(sourcePort, targetPort).bytes();
    }

    private static byte[] input(String letters, int tag, String source, String target, int sourcePort, int targetPort) {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        for (char letter : letters.toCharArray()) {
            input.writeBytes(switch (letter) {
                case 'm' -> new byte[] {2, 0, 0, 0, 0, 2};
                case 'v' -> u16(tag);
                case 't' -> new byte[] {6};
                case 's' -> bytes(source);
                case 'd' -> bytes(target);
                case 'f' -> u16(sourcePort);
                case 'n' -> u16(targetPort);
                default -> new byte[4];
            });
        }
        return input.toByteArray();
    }

    private static String address(Random random, boolean isV4) {
        byte[] bytes = new byte[isV4 ? 4 : 16];
        random.nextBytes(bytes);
        if (!isV4) bytes[0] = 0x20;   // not a mapped address
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] u16(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    private static byte[] xor(byte[] a, byte[] b) {
        byte[] both = a.clone();
        for (int i = 0; i < both.length; i++) both[i] ^= b[i];
        return both;
    }

    private static byte[] or(byte[] a, byte[] b) {
        byte[] both = a.clone();
        for (int i = 0; i < both.length; i++) both[i] |= b[i];
        return both;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(joined::writeBytes);
        return joined.toByteArray();
    }
}
