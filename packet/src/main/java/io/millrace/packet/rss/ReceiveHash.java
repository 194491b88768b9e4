package io.millrace.packet.rss;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.memory.Wire;
import io.millrace.packet.parse.ParseRecords;

import java.util.EnumSet;
import java.util.Set;

/// Hashes packets that have been parsed, by a [HashConfig].
///
/// A packet that is not IP has hash 0. Fragments, and packets whose transport header was not found, are hashed by their
/// addresses alone, so that all of a packet's fragments come together. Allocates nothing. Belongs to the owner of the
/// records.
public final class ReceiveHash {

    /// The packet is to be discarded; no hash is negative.
    public static final long DISCARDED = -1;

    private static final Set<HashField> ADDRESSES = EnumSet.of(HashField.SOURCE, HashField.TARGET);
    private static final int PROTO_COUNT = 256;

    private final PacketMemory packets;
    private final PacketMeta meta;
    private final ParseRecords records;
    private final boolean isInner;
    private final HashPlan[] plans4 = new HashPlan[PROTO_COUNT];
    private final HashPlan[] plans6 = new HashPlan[PROTO_COUNT];
    private final HashPlan addresses4;
    private final HashPlan addresses6;

    public ReceiveHash(HashConfig config, PacketMemory packets, ParseRecords records) {
        this.packets = packets;
        this.meta = new PacketMeta(packets);
        this.records = records;
        this.isInner = config.isInner();
        this.addresses4 = new HashPlan(config.toeplitz(), config.transform(), 4, ADDRESSES);
        this.addresses6 = new HashPlan(config.toeplitz(), config.transform(), 16, ADDRESSES);
        for (FlowType type : FlowType.values()) {
            HashPlan[] plans = type.family() == 4 ? plans4 : plans6;
            plans[type.proto()] = new HashPlan(config.toeplitz(), config.transform(), type.addressBytes(),
                config.fields().get(type));
        }
    }

    /// The hash of a packet whose records lie at `index`, as an unsigned number, or [#DISCARDED].
    public long hash(int packet, int index) {
        int record = isInner ? records.lastAt(index) : ParseRecords.recordAt(index, 0);
        HashPlan plan = plan(record);
        if (plan == null) return 0;
        if (plan.isDiscarding()) return DISCARDED;
        long l2Target = plan.readsL2Target()
            ? Wire.u48(packets.segment(), meta.frameAt(packet) + records.l2(record)) : 0;
        return Integer.toUnsignedLong(plan.hash(records, record, l2Target));
    }

    private HashPlan plan(int record) {
        int family = records.family(record);
        if (family == 0) return null;
        boolean isFragment = (records.flags(record) & ParseFlags.FRAGMENT) != 0;
        HashPlan plan = (family == 4 ? plans4 : plans6)[records.proto(record)];
        boolean hasTransport = plan != null && !isFragment && (records.flags(record) & ParseFlags.NOT_UNDERSTOOD) == 0;
        if (hasTransport) return plan;
        return family == 4 ? addresses4 : addresses6;
    }
}
