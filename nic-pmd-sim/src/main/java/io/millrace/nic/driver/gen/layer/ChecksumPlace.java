package io.millrace.nic.driver.gen.layer;

import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PseudoHeader;
import io.millrace.packet.header.IpProtocol;

import java.lang.foreign.MemorySegment;

/// Where a computed Internet checksum lies in a frame and what it covers. Offsets count from the frame's first byte.
///
/// @param layer       index of its layer
/// @param fieldAt     the field
/// @param from        the first byte covered
/// @param headerBytes bytes covered of an IPv4 header; 0 where everything to the frame's end is
/// @param ipLayer     index of the IP layer whose addresses it covers too; −1 for none
/// @param ipAt        where that layer begins
/// @param protocol    IP protocol number in the pseudo header
record ChecksumPlace(int layer, int fieldAt, int from, int headerBytes, int ipLayer, int ipAt, int protocol) {

    boolean coversToEnd() {
        return headerBytes == 0;
    }

    /// The sum of everything covered, with the field as it is.
    long sum(MemorySegment frame, long at, int frameBytes) {
        if (!coversToEnd()) return InternetChecksum.sum(frame, at + from, headerBytes);
        int coveredBytes = frameBytes - from;
        long sum = InternetChecksum.sum(frame, at + from, coveredBytes);
        return ipLayer < 0 ? sum : sum + PseudoHeader.ofHeader(frame, at + ipAt, protocol, coveredBytes);
    }

    /// The checksum that a sum asks for; UDP says "none" by 0.
    int finish(long sum) {
        return protocol == IpProtocol.UDP ? InternetChecksum.finishNotZero(sum) : InternetChecksum.finish(sum);
    }
}
