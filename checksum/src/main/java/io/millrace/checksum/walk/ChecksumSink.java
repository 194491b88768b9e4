package io.millrace.checksum.walk;

import io.millrace.checksum.cover.ChecksumStatus;

/// Hears of every checksum in a packet, outermost first.
@FunctionalInterface
public interface ChecksumSink {

    void onChecksum(ChecksumKind kind, ChecksumStatus status);
}
