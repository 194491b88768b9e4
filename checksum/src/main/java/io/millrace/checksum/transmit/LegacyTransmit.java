package io.millrace.checksum.transmit;

import io.millrace.checksum.ChecksumField;
import io.millrace.checksum.cover.NetworkHeader;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.EthernetView;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.VlanView;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// For drivers: decides whether the device can be left to fill in a packet's checksum, and lets software do it where it
/// cannot.
///
/// A protocol-specific device finds the transport, the addresses and the length by itself. It is left alone only where
/// what it will find is known to be what the packet asks for. Behind a routing header it would take the wrong target
/// address: the next segment instead of the last. The software never looks at addresses; they lie in the seed.
public final class LegacyTransmit {

    private static final int TAGS_MAX = 4;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final ChecksumRecord record;
    private final ChecksumHelp help;
    private final NetworkHeader ip;

    public LegacyTransmit(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.record = new ChecksumRecord(packets);
        this.help = new ChecksumHelp(packets);
        this.ip = new NetworkHeader(packets);
    }

    /// Leaves the packet's checksum to the device if it can fill it in, and fills it in if not.
    public ChecksumHelp.Outcome helpUnlessAble(int packet, DeviceChecksums device) {
        return canChecksum(packet, device) ? ChecksumHelp.Outcome.DONE : help.checksumHelp(packet);
    }

    /// True if the device will do right by this Ethernet packet, also because there is nothing to do.
    public boolean canChecksum(int packet, DeviceChecksums device) {
        if (record.state(packet) != ChecksumState.PARTIAL) return true;
        if (record.isCrc32c(packet)) return device.sctpCrc();
        if (device.anyAtOffset()) return true;
        int l3 = networkAt(packet, device);
        if (l3 < 0) return false;
        int packetBytes = meta.packetBytes(packet);
        if (ip.read(packet, l3, packetBytes) != NetworkHeader.Found.TRANSPORT) return false;
        if (record.start(packet) == ip.l4()) return isUnderstood(packet, device);
        int innerL3 = meta.innerL3(packet);
        if (!device.encapsulated() || ip.isFragment() || innerL3 < ip.l4()) return false;
        if (ip.read(packet, innerL3, ip.end()) != NetworkHeader.Found.TRANSPORT) return false;
        return record.start(packet) == ip.l4() && isUnderstood(packet, device);
    }

    /// Where the outermost IP header begins, or -1 if the device does not find it.
    private int networkAt(int packet, DeviceChecksums device) {
        long frameAt = meta.frameAt(packet);
        int slotBytes = meta.slotBytes(packet);
        int at = EthernetView.HEADER_BYTES;
        if (slotBytes < at) return -1;
        int type = Wire.u16(memory, frameAt + at - 2);
        for (int tags = 0; EtherType.isVlan(type); tags++) {
            at += VlanView.HEADER_BYTES;
            if (!device.vlan() || tags == TAGS_MAX || slotBytes < at) return -1;
            type = Wire.u16(memory, frameAt + at - 2);
        }
        return type == EtherType.IPV4 || type == EtherType.IPV6 ? at : -1;
    }

    /// True if the device, walking this header, arrives at the checksum that is asked for.
    private boolean isUnderstood(int packet, DeviceChecksums device) {
        int protocol = ip.protocol();
        if (protocol != IpProtocol.TCP && protocol != IpProtocol.UDP) return false;
        if (record.fieldAt(packet) != ip.l4() + ChecksumField.offset(protocol)) return false;
        if (ip.isFragment() || ip.hasRouting() || ip.hasHomeAddress()) return false;
        // What the length in the header leaves out the device leaves out too; the packet asks for all of it.
        if (ip.end() != meta.packetBytes(packet)) return false;
        return ip.family() == 4
            ? device.ipv4() && !ip.hasExtensions() && (device.ipv4Options() || !ip.hasOptions())
            : device.ipv6() && (device.ipv6Extensions() || !ip.hasExtensions());
    }
}
