package io.millrace.testkit.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// An `AF_PACKET` socket that sees what the kernel received by one interface of a [KernelNetwork], after GRO, and not
/// what it sent. Each message is a virtio-net header and the frame.
public final class PacketReceiver implements AutoCloseable {

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int ETH_P_ALL_IN_NETWORK_ORDER = 0x0300;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_VNET_HDR = 15;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final int ADDRESS_BYTES = 20;
    private static final int ADDRESS_PROTOCOL = 2;
    private static final int ADDRESS_INDEX = 4;
    private static final int BUFFER_BYTES = 16 << 20;
    private static final int MESSAGE_BYTES_MAX = 70_000;

    private final KernelNetwork network;
    private final int socket;

    public PacketReceiver(KernelNetwork network, String interfaceName) {
        this.network = network;
        this.socket = network.run(() -> {
            int opened = SystemCalls.socket(AF_PACKET, SOCK_RAW, 0);
            SystemCalls.setOption(opened, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES);
            SystemCalls.setOption(opened, SOL_PACKET, PACKET_VNET_HDR, 1);
            SystemCalls.setOption(opened, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment address = arena.allocate(ADDRESS_BYTES, 4);
                address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
                address.set(ValueLayout.JAVA_SHORT, ADDRESS_PROTOCOL, (short) ETH_P_ALL_IN_NETWORK_ORDER);
                address.set(ValueLayout.JAVA_INT, ADDRESS_INDEX, SystemCalls.interfaceIndex(interfaceName));
                SystemCalls.bind(opened, address);
            }
            return opened;
        });
    }

    /// The next packet, or null if none comes in time.
    public ReceivedPacket next(int timeoutMs) {
        return network.run(() -> {
            byte[] message = SystemCalls.read(socket, MESSAGE_BYTES_MAX, timeoutMs);
            return message == null ? null : ReceivedPacket.of(message);
        });
    }

    @Override
    public void close() {
        network.run(() -> {
            SystemCalls.close(socket);
            return null;
        });
    }
}
