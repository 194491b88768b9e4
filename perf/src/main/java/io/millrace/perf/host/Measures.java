package io.millrace.perf.host;

import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;

/// What is measured between the hosts of a [Crossing], each with programs of its own in both hosts.
public final class Measures {

    private static final String IPERF_PORT = "5300";
    private static final String IPERF_LISTENS = ":14B4 ";
    private static final int PEER_PORT = 7000;

    private final Crossing crossing;
    private final Path folder;
    private final String peer;

    /// @param peer  path of the compiled `tap-peer.c`
    public Measures(Crossing crossing, Path folder, Path peer) {
        this.crossing = crossing;
        this.folder = folder;
        this.peer = peer.toString();
    }

    /// Gigabits a second of one TCP connection.
    ///
    /// @param withSuperPackets whether the hosts leave segmentation to others
    public double tcpGbps(int seconds, boolean withSuperPackets) throws IOException, InterruptedException {
        segmentsMax(withSuperPackets ? 65_535 : 1);
        Process listening =
            crossing.server().start(folder.resolve("iperf-server.txt"), "iperf3", "-s", "-1", "-p", IPERF_PORT);
        try {
            for (int i = 0; i < 100 && !isListening(); i++) crossing.server().run("sleep", "0.05");
            String answer = crossing.client().run("iperf3", "-J", "-c", crossing.target(), "-p", IPERF_PORT,
                "-t", String.valueOf(seconds), "-O", "1");
            return new ObjectMapper().readTree(answer.substring(answer.indexOf('{')))
                .at("/end/sum_received/bits_per_second").asDouble() / 1e9;
        } finally {
            listening.destroyForcibly().waitFor();
            segmentsMax(65_535);
        }
    }

    private boolean isListening() throws IOException {
        return crossing.server().run("cat", "/proc/self/net/tcp6").contains(IPERF_LISTENS);
    }

    private void segmentsMax(int count) throws IOException {
        String max = String.valueOf(count);
        crossing.client().run("ip", "link", "set", Crossing.CLIENT_DEVICE, "gso_max_segs", max);
        crossing.server().run("ip", "link", "set", Crossing.SERVER_DEVICE, "gso_max_segs", max);
    }

    /// Million frames of 64 bytes a second that reach the server; nobody reads them there.
    public double udpMpps(int seconds) throws IOException, InterruptedException {
        try (DatagramChannel sink = crossing.server().call(() -> DatagramChannel.open(StandardProtocolFamily.INET)
                .setOption(StandardSocketOptions.SO_RCVBUF, 2_048).bind(new InetSocketAddress(PEER_PORT)))) {
            long beforeCount = receivedCount();
            crossing.client().run(peer, "flood", crossing.target(), String.valueOf(seconds));
            long count = receivedCount() - beforeCount;
            if (!sink.isOpen()) throw new IOException("the sink was closed");
            return count / 1e6 / seconds;
        }
    }

    private long receivedCount() throws IOException {
        String statistics = crossing.server().run("ip", "-s", "-j", "link", "show", Crossing.SERVER_DEVICE);
        return new ObjectMapper().readTree(statistics).at("/0/stats64/rx/packets").asLong();
    }

    /// Round trips of a datagram to the server and back, one at a time, in nanoseconds, sorted.
    public long[] echoNs(int count) throws IOException, InterruptedException {
        Process echo = crossing.server().start(folder.resolve("echo.txt"), peer, "echo");
        try {
            crossing.server().run("sleep", "0.2");
            return crossing.client().run(peer, "ping", crossing.target(), String.valueOf(count)).lines()
                .mapToLong(Long::parseLong).sorted().toArray();
        } finally {
            echo.destroyForcibly().waitFor();
        }
    }
}
