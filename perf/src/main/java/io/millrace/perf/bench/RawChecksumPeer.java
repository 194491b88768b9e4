package io.millrace.perf.bench;

import java.io.IOException;
import java.util.List;

/// DPDK's `rte_raw_cksum` as a peer: a C program over the installed header.
final class RawChecksumPeer implements AutoCloseable {

    static final String NAME = "rte_raw_cksum";

    private static final String NEEDS = "gcc pkg-config libdpdk-dev";

    private final CProgram program;

    private RawChecksumPeer(CProgram program) {
        this.program = program;
    }

    /// Compiles the program as DPDK itself is compiled. Fails with what the compiler said.
    static RawChecksumPeer compile() throws IOException, InterruptedException {
        String flags = CProgram.output(List.of("pkg-config", "--cflags", "--libs", "libdpdk"), NEEDS);
        return new RawChecksumPeer(CProgram.compile("raw-checksum.c", List.of(flags.strip().split("\\s+")), NEEDS));
    }

    /// Nanoseconds that one packet of this length takes: the median of as many windows of time.
    double nsPerPacket(int byteCount, ChecksumTraffic layout, int windows, int windowMicroseconds)
            throws IOException, InterruptedException {
        return Double.parseDouble(CProgram.output(List.of(program.path().toString(), String.valueOf(byteCount),
            String.valueOf(layout.packetCount()), String.valueOf(layout.strideBytes()), String.valueOf(windows),
            String.valueOf(windowMicroseconds)), NEEDS));
    }

    @Override
    public void close() throws IOException {
        program.close();
    }
}
