package io.millrace.checksum.kernel;

import io.millrace.checksum.PacketFixture;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.checksum.transmit.ChecksumHelp;
import io.millrace.checksum.transmit.LocalChecksum;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.testkit.Frame;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Seeds;
import io.millrace.testkit.kernel.KernelNetwork;
import io.millrace.testkit.kernel.PacketSocket;
import io.millrace.testkit.kernel.TapDevice;
import io.millrace.testkit.kernel.VnetFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// The outer checksum that the kernel's VXLAN device computes around a PARTIAL inner packet is the one that
/// [LocalChecksum] computes: while the inner one is still open, and once it is filled in.
class KernelLocalChecksumTest {

    private static final int TIMEOUT_MS = 2_000;
    private static final int FRAMES = 40;
    private static final String SOURCE_MAC = "02:00:00:00:00:02";
    private static final String TARGET_MAC = "02:00:00:00:00:01";
    private static final int L3 = 14;
    private static final int UDP = L3 + 20;
    private static final int INNER_TCP = UDP + 8 + 8 + 14 + 20;
    private static final int TCP_FIELD = 16;

    private KernelNetwork network;
    private TapDevice tap;
    private PacketSocket socket;

    @BeforeEach
    void openTheNamespace() {
        network = KernelNetwork.required();
    }

    @AfterEach
    void closeTheOracle() {
        if (socket != null) socket.close();
        if (tap != null) tap.close();
        network.close();
    }

    @Test
    void matchesTheKernelsOuterChecksumWhereTheDeviceFillsInTheInner() {
        openVxlan(TapDevice.FILLS_IN_CHECKSUMS);
        Random random = new Random(Seeds.next());
        for (int i = 0; i < FRAMES; i++) {
            VnetFrame theirs = encapsulated(payload(random));
            assertThat(theirs.needsChecksum()).isTrue();
            assertThat(theirs.checksumStart()).isEqualTo(INNER_TCP);
            assertThat(theirs.checksumOffset()).isEqualTo(TCP_FIELD);
            assertThat(encapsulatedByUs(theirs.frame(), false, random)).isEqualTo(theirs.frame());
        }
    }

    @Test
    void matchesTheKernelsPacketWhereNoDeviceHelps() {
        openVxlan(TapDevice.FILLS_IN_NOTHING);
        Random random = new Random(Seeds.next());
        for (int i = 0; i < FRAMES; i++) {
            VnetFrame theirs = encapsulated(payload(random));
            assertThat(theirs.needsChecksum()).isFalse();
            assertThat(encapsulatedByUs(theirs.frame(), true, random)).isEqualTo(theirs.frame());
        }
    }

    private void openVxlan(long offloads) {
        tap = TapDevice.open(network, "under0", 9_000, offloads);
        try {
            network.command("ip", "address", "add", "10.9.0.1/24", "dev", tap.name());
            network.command("ip", "neighbour", "add", "10.9.0.2", "lladdr", TARGET_MAC, "dev", tap.name());
            network.command("ip", "link", "add", "vxlan0", "type", "vxlan", "id", "42", "local", "10.9.0.1",
                "remote", "10.9.0.2", "dstport", "4789", "dev", tap.name(), "udpcsum", "nolearning");
            network.command("ip", "link", "set", "vxlan0", "up");
        } catch (IllegalStateException e) {
            Assumptions.abort("no VXLAN device can be made: " + e.getMessage());
        }
        socket = new PacketSocket(network, "vxlan0");
    }

    private static byte[] payload(Random random) {
        byte[] payload = new byte[random.nextInt(1_400)];
        random.nextBytes(payload);
        return payload;
    }

    private VnetFrame encapsulated(byte[] payload) {
        byte[] inner = Frame.ethernet(SOURCE_MAC, TARGET_MAC).ipv4("192.0.2.1", "192.0.2.2")
            .tcp(1000, 2000).ack().partialChecksum().payload(payload).bytes();
        socket.send(VnetFrame.partial(inner, 14 + 20, TCP_FIELD));
        for (VnetFrame frame = tap.next(TIMEOUT_MS); frame != null; frame = tap.next(TIMEOUT_MS)) {
            if (frame.frame().length == inner.length + UDP + 16) return frame;   // not one of the kernel's own (IGMP)
        }
        throw new AssertionError("the kernel sent no VXLAN packet");
    }

    /// The kernel's frame with both checksums undone and done again here.
    private static byte[] encapsulatedByUs(byte[] theirs, boolean isHelped, Random random) {
        byte[] frame = theirs.clone();
        Octets.u16(frame, UDP + 6, 0xdead);
        if (isHelped) Octets.u16(frame, INNER_TCP + TCP_FIELD, innerSeed(frame));
        try (PacketFixture fixture = new PacketFixture()) {
            int packet = fixture.packet(frame, INNER_TCP + 20, random);
            ChecksumRecord record = new ChecksumRecord(fixture.packets);
            record.partial(packet, INNER_TCP, TCP_FIELD);
            new LocalChecksum(fixture.packets).fillUdp(packet, L3, UDP, true);
            assertThat(record.state(packet)).isEqualTo(ChecksumState.PARTIAL);
            if (isHelped) new ChecksumHelp(fixture.packets).checksumHelp(packet);
            return fixture.bytes(packet);
        }
    }

    private static int innerSeed(byte[] frame) {
        int innerL3 = INNER_TCP - 20;
        byte[] pseudo = NaiveChecksum.pseudoHeader(Octets.range(frame, innerL3 + 12, 4),
            Octets.range(frame, innerL3 + 16, 4), 6, frame.length - INNER_TCP);
        return NaiveChecksum.sum(pseudo, 0, pseudo.length);
    }
}
