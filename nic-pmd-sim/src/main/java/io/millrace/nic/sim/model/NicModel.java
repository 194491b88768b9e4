package io.millrace.nic.sim.model;

import io.millrace.checksum.transmit.DeviceChecksums;
import io.millrace.gso.DeviceSegmentation;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.parse.device.DeviceLimits;

/// What a kind of device can do. Whatever it cannot, software does.
///
/// @param name              of the model
/// @param receiveChecksum   what it says of checksums it receives
/// @param transmitChecksums what it fills in
/// @param segmentationTypes what it cuts: bits of [GsoType]; 0 is nothing
/// @param cutsTunnels       whether it cuts super-packets inside tunnels
/// @param hashes            Toeplitz hash of what its parser found, and by it the choice of a queue
/// @param merges            runs the host's merging on what it receives (HW-GRO)
/// @param insertsTags       puts a VLAN tag that the descriptor names into the frames that it sends
/// @param offsetsZeroCopy   zero-copy queues have numbers of their own, behind the others: `channel + channels`
public record NicModel(String name, ReceiveChecksum receiveChecksum, DeviceChecksums transmitChecksums,
                       int segmentationTypes, boolean cutsTunnels, boolean hashes, boolean merges,
                       boolean insertsTags, boolean offsetsZeroCopy, NicLimits limits) {

    private static final int TCP4_ONLY = GsoType.TCPV4;

    /// Everything.
    public static final NicModel FULL = new NicModel("full", ReceiveChecksum.COMPLETE, DeviceChecksums.ANYTHING,
        DeviceSegmentation.ALL_TYPES, true, true, true, true, false,
        new NicLimits(16, 4096, DeviceLimits.FULL, 8, 128, 1024, 4096, 8192,
            new FilterLimits(65_536, 64, 256), 65_536, 65_535, NicLimits.LATENCY_NS_USUAL));

    /// What most cards of the last decades do: TCP and UDP over IPv4 and IPv6, "it is right" on receive, TCP over IPv4
    /// cut.
    public static final NicModel CLASSIC = new NicModel("classic", ReceiveChecksum.UNNECESSARY,
        DeviceChecksums.CLASSIC, TCP4_ONLY, false, true, false, true, false,
        new NicLimits(8, 1024, DeviceLimits.FULL, 0, 128, 64, 0, 0, new FilterLimits(64, 4, 1), 65_536, 65_535,
            NicLimits.LATENCY_NS_USUAL));

    /// A wire with one queue each way.
    public static final NicModel BARE = new NicModel("bare", ReceiveChecksum.NONE, DeviceChecksums.NOTHING, 0, false,
        false, false, false, false, new NicLimits(1, 512, DeviceLimits.FULL, 0, 1, 0, 0, 0, FilterLimits.NONE, 0, 0,
            NicLimits.LATENCY_NS_USUAL));

    public NicModel {
        Check.that((segmentationTypes & ~DeviceSegmentation.ALL_TYPES) == 0, "segmentation of an unknown type",
            segmentationTypes);
        Check.that(hashes || limits.queuesMax() == 1, "a device that does not hash has one queue", limits.queuesMax());
        boolean sums = !transmitChecksums.equals(DeviceChecksums.NOTHING);
        Check.that(sums || segmentationTypes == 0, "a device that fills in no checksums cuts nothing");
        Check.that(segmentationTypes != 0 || !cutsTunnels, "a device that cuts nothing cuts no tunnels either");
    }

    /// Whether the device has what the feature needs.
    public boolean isCapable(NicFeature feature) {
        return switch (feature) {
            case RECEIVE_CHECKSUM -> receiveChecksum != ReceiveChecksum.NONE;
            case TRANSMIT_CHECKSUM -> !transmitChecksums.equals(DeviceChecksums.NOTHING);
            case SEGMENTATION -> segmentationTypes != 0;
            case RECEIVE_HASH -> hashes;
            case MERGING -> merges;
            case TAG_INSERTION -> insertsTags;
            case RULES -> limits.rulesMax() > 0;
            case FLOWS -> limits.flowEntriesMax() > 0;
            case FILTERS -> limits.filters().filtersMax() > 0;
        };
    }

    /// The super-packets and checksums that may be left to the device, inside tunnels or not.
    ///
    /// @param sums whether checksums may be left to it at all
    /// @param cuts whether super-packets may
    public DeviceSegmentation segmentation(boolean isTunnelled, boolean sums, boolean cuts) {
        DeviceChecksums checksums = sums ? transmitChecksums : DeviceChecksums.NOTHING;
        if (!sums || !cuts || segmentationTypes == 0 || isTunnelled && !cutsTunnels) {
            return DeviceSegmentation.cutsNothing(checksums);
        }
        return new DeviceSegmentation(DeviceSegmentation.Grade.EVERYTHING, limits.superPacketBytesMax(),
            limits.superPacketBytesMax(), limits.segmentsMax(), checksums, segmentationTypes);
    }

    public NicModel with(NicLimits other) {
        return new NicModel(name, receiveChecksum, transmitChecksums, segmentationTypes, cutsTunnels, hashes, merges,
            insertsTags, offsetsZeroCopy, other);
    }
}
