package io.millrace.testkit.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// An `AF_PACKET` socket on one interface of a [KernelNetwork]; every frame sent by it has a virtio-net header.
public final class PacketSocket implements AutoCloseable {

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_VNET_HDR = 15;
    private static final int ADDRESS_BYTES = 20;
    private static final int ADDRESS_INDEX = 4;

    private final KernelNetwork network;
    private final int socket;

    /// Sends only: with protocol 0 it receives nothing.
    public PacketSocket(KernelNetwork network, String interfaceName) {
        this.network = network;
        this.socket = network.run(() -> {
            int opened = SystemCalls.socket(AF_PACKET, SOCK_RAW, 0);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment address = arena.allocate(ADDRESS_BYTES, 4);
                address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
                address.set(ValueLayout.JAVA_INT, ADDRESS_INDEX, SystemCalls.interfaceIndex(interfaceName));
                SystemCalls.bind(opened, address);
            }
            SystemCalls.setOption(opened, SOL_PACKET, PACKET_VNET_HDR, 1);
            return opened;
        });
    }

    public void send(VnetFrame frame) {
        network.run(() -> {
            SystemCalls.write(socket, frame.message());
            return null;
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
