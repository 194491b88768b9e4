package io.millrace.nic.driver.tap;

import io.millrace.checksum.transmit.DeviceChecksums;
import io.millrace.gso.DeviceSegmentation;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.nic.port.WaitablePort;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;

import java.io.UncheckedIOException;

/// A port whose wire is a TAP device: what the kernel sends by that interface is received here, what is sent here the
/// kernel receives by it.
///
/// With vnet headers, checksums and segmentation are left to whoever needs them, both ways: a packet received may be
/// `PARTIAL` and up to 64 KB long with a GSO size, and the kernel takes such packets. Without, both sides give finished
/// frames only. Packets that [#capabilities] does not name are refused by the kernel, or understood wrongly: whoever
/// transmits them helps first.
///
/// A frame that finds no slot waits in the kernel. Once somebody removes the device, the port [#isExhausted].
public final class TapPort implements WaitablePort {

    /// An IP packet as long as can be, an Ethernet header and two VLAN tags.
    private static final int FRAME_BYTES_MAX = 65_535 + 14 + 2 * 4;

    private final String name;
    private final int index;
    private final TapDevice device;
    private final TapReceiver[] receivers;
    private final TapTransmitter[] transmitters;
    private final PortCapabilities capabilities;
    private final PortCounters counters = new PortCounters();

    /// Makes the device, in the network namespace of the calling thread.
    ///
    /// @param deviceName at most 15 bytes; Linux gives it a meaning of its own where it has a `%`
    /// @param mtuBytes of the device, the kernel's side
    public TapPort(PacketMemory packets, String name, int index, String deviceName, int queueCount,
                   boolean hasVnetHeader, int mtuBytes) throws TapException {
        this.name = name;
        this.index = index;
        this.device = new TapDevice(deviceName, queueCount, hasVnetHeader, mtuBytes);
        this.receivers = new TapReceiver[queueCount];
        this.transmitters = new TapTransmitter[queueCount];
        for (int queue = 0; queue < queueCount; queue++) {
            int descriptor = device.descriptor(queue);
            receivers[queue] =
                new TapReceiver(packets, descriptor, index, queue, hasVnetHeader, FRAME_BYTES_MAX);
            transmitters[queue] = new TapTransmitter(packets, descriptor, hasVnetHeader);
        }
        this.capabilities = capabilities(queueCount, hasVnetHeader);
    }

    /// The header has no words for tunnels nor for a CRC32c.
    private static PortCapabilities capabilities(int queueCount, boolean hasVnetHeader) {
        var checksums = new DeviceChecksums(true, false, false, false, false, false, false, false);
        var plain = new DeviceSegmentation(DeviceSegmentation.Grade.EVERYTHING, FRAME_BYTES_MAX, FRAME_BYTES_MAX,
            DeviceSegmentation.SEGMENTS_MAX, checksums);
        return new PortCapabilities(queueCount, queueCount, FRAME_BYTES_MAX, PortCapabilities.LINK_TYPE_ETHERNET, false,
            hasVnetHeader, hasVnetHeader ? plain : DeviceSegmentation.NOTHING,
            hasVnetHeader ? DeviceSegmentation.cutsNothing(checksums) : DeviceSegmentation.NOTHING);
    }

    @Override public String name()                   { return name; }
    @Override public int index()                     { return index; }
    @Override public PortCapabilities capabilities() { return capabilities; }
    @Override public PortCounters counters()         { return counters; }

    /// Brings the device up: from now on somebody reads what the kernel sends by it.
    @Override
    public void start() {
        try {
            device.bringUp();
        } catch (TapException e) {
            throw new UncheckedIOException("port " + name, e);
        }
    }

    @Override
    public int pollDescriptor(int queue) {
        return device.descriptor(queue);
    }

    /// True once the device has been removed.
    @Override
    public boolean isExhausted() {
        for (TapReceiver receiver : receivers) {
            if (!receiver.isGone()) return false;
        }
        return true;
    }

    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        return receivers[queue].receive(burst, pool, counters, nowNs);
    }

    @Override
    public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
        return transmitters[queue].transmit(burst, pool, counters);
    }

    @Override
    public void close() {
        device.close();
    }
}
