package io.millrace.gso;

import io.millrace.checksum.transmit.DeviceChecksums;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.GsoType;

/// What a device does with super-packets: one capability in three grades, up to its limits, and the checksums that it
/// fills in. A device that fills in nothing cuts nothing either: each segment needs a checksum of its own.
///
/// @param grade        what it cuts
/// @param bytesMax     it takes super-packets shorter than this, Ethernet header included (`gso_max_size`)
/// @param ipv4BytesMax the same for all but IPv6 (`gso_ipv4_max_size`)
/// @param segmentsMax  it takes at most so many segments (`gso_max_segs`)
/// @param checksums    what it fills in
/// @param types        of what it cuts, which it takes: those of [#ALL_TYPES]
public record DeviceSegmentation(Grade grade, int bytesMax, int ipv4BytesMax, int segmentsMax,
                                 DeviceChecksums checksums, int types) {

    /// The bits of [GsoType] that say what is cut, whatever is around it.
    public static final int ALL_TYPES = GsoType.ANY_TCP | GsoType.UDP_L4 | GsoType.UDP | GsoType.SCTP;

    /// Longer super-packets than Linux makes by default are the exception (BIG TCP), up to the second number.
    public static final int BYTES_MAX = 65_536;
    public static final int BIG_BYTES_MAX = 8 * 65_535;
    public static final int SEGMENTS_MAX = 65_535;

    /// How much of a super-packet the device understands.
    public enum Grade {
        /// It sends what it is given.
        NOTHING,
        /// It repeats all headers as they are but the innermost IP and TCP or UDP ones (`tx-gso-partial`).
        INNERMOST,
        /// It does what [Segmentation] does.
        EVERYTHING
    }

    /// Of every type.
    public DeviceSegmentation(Grade grade, int bytesMax, int ipv4BytesMax, int segmentsMax,
                              DeviceChecksums checksums) {
        this(grade, bytesMax, ipv4BytesMax, segmentsMax, checksums, ALL_TYPES);
    }

    /// Cuts nothing and fills in nothing.
    public static final DeviceSegmentation NOTHING = cutsNothing(DeviceChecksums.NOTHING);

    /// Cuts and fills in everything, up to Linux's default limits.
    public static final DeviceSegmentation EVERYTHING =
        new DeviceSegmentation(Grade.EVERYTHING, BYTES_MAX, BYTES_MAX, SEGMENTS_MAX, DeviceChecksums.ANYTHING);

    public DeviceSegmentation {
        Check.that(bytesMax >= 0 && bytesMax <= BIG_BYTES_MAX, "bytesMax must be 0 to 524,280", bytesMax);
        Check.that(ipv4BytesMax >= 0 && ipv4BytesMax <= BIG_BYTES_MAX, "ipv4BytesMax must be 0 to 524,280",
            ipv4BytesMax);
        Check.that(segmentsMax >= 0 && segmentsMax <= SEGMENTS_MAX, "segmentsMax must be 0 to 65,535", segmentsMax);
    }

    /// A device that cuts nothing and fills in these.
    public static DeviceSegmentation cutsNothing(DeviceChecksums checksums) {
        return new DeviceSegmentation(Grade.NOTHING, BYTES_MAX, BYTES_MAX, SEGMENTS_MAX, checksums);
    }
}
