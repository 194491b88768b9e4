package io.millrace.nic.driver;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// The bytes of a packet, gathered slot by slot.
public final class PacketContent {

    public static byte[] of(PacketMemory packets, int packet) {
        var meta = new PacketMeta(packets);
        var content = new ByteArrayOutputStream();
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
            content.writeBytes(packets.segment().asSlice(meta.frameAt(slot), meta.slotBytes(slot))
                .toArray(ValueLayout.JAVA_BYTE));
        }
        if (content.size() != meta.packetBytes(packet)) {
            throw new AssertionError(content.size() + " bytes in the slots of a packet of " + meta.packetBytes(packet));
        }
        return content.toByteArray();
    }

    private PacketContent() {}
}
