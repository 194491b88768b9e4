package io.millrace.simulation.router;

import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.CorpusFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// A router that forwards a capture of the corpus to one port, and what left it by connection.
final class CorpusRouter {

    static final String ROUTER = """
        ports:
          lan: { wire: pcap, rx: %s, tx: %s, mac: "02:00:00:00:00:01", addresses: [192.0.2.1/24, "2001:db8:1::1/64"] }
          wan: { wire: pcap, tx: %s, mac: "02:00:00:00:00:02", mtu: 65535,
                 addresses: [203.0.113.1/24, "2001:db8:2::1/64"] }
        routes:
          - { to: 0.0.0.0/0, via: 203.0.113.254 }
          - { to: "::/0", via: "2001:db8:2::fe" }
        neighbours:
          - { address: 203.0.113.254, mac: "02:00:00:00:00:fe" }
          - { address: "2001:db8:2::fe", mac: "02:00:00:00:00:fe" }
        """;
    private static final byte[] ROUTER_MAC = {2, 0, 0, 0, 0, 1};
    private static final int FRAME_BYTES_MAX = 65_535;
    private static final Set<String> OWN_ADDRESSES = Set.of("c0000201", "cb007101",
        "20010db8000100000000000000000001", "20010db8000200000000000000000001");

    /// One connection's frames come from two MAC addresses: two flows to merging, as in Linux, which may overtake.
    static final Predicate<CorpusFile> FROM_TWO_STATIONS = file -> file.name().contains("multi_mac");

    /// The same with a NIC of a model at both ports.
    ///
    /// @param more members of the ports
    static String withNic(String model, int queues, String more) {
        return "nics: { nic0: { model: " + model + " } }\n"
            + ROUTER.replace("wire:", "nic: nic0, queues: " + queues + ", " + more + "wire:");
    }

    /// Routes the capture into files of the folder `out`.
    static OfflineRouter.Outcome route(CorpusFile file, Path folder, Path out, String router) throws IOException {
        Files.createDirectories(out);
        Path in = folder.resolve("in.pcap");
        CaptureFile.write(in, addressed(file));
        return OfflineRouter.outcome(folder,
            router.formatted(in, out.resolve("lan.pcap"), out.resolve("wan.pcap")));
    }

    static void sortFrames(Map<String, List<String>> connections) {
        connections.values().forEach(frames -> frames.sort(null));
    }

    /// The frames of a capture, in hexadecimal, by addresses, protocol, ports and flow label: packets of two labels may
    /// overtake each other in merging, as in Linux. Without what the router answers: to a super-packet it does so once.
    static Map<String, List<String>> connections(Path capture) throws IOException {
        var connections = new HashMap<String, List<String>>();
        for (CapturedFrame frame : CaptureFile.read(capture).frames()) {
            byte[] bytes = frame.bytes();
            boolean is6 = bytes.length > 54 && bytes[12] == (byte) 0x86;
            int ports = is6 ? 54 : 34;
            String key = HexFormat.of().formatHex(bytes, is6 ? 20 : 23, is6 ? 21 : 24)
                + (is6 ? HexFormat.of().formatHex(bytes, 15, 18) : "")
                + HexFormat.of().formatHex(bytes, is6 ? 22 : 26, Math.min(bytes.length, ports + 4));
            String source = HexFormat.of().formatHex(bytes, is6 ? 22 : 26, is6 ? 38 : 30);
            if (OWN_ADDRESSES.contains(source)) continue;
            connections.computeIfAbsent(key, _ -> new ArrayList<>()).add(HexFormat.of().formatHex(bytes));
        }
        return connections;
    }

    private static List<CapturedFrame> addressed(CorpusFile file) {
        var frames = new ArrayList<CapturedFrame>();
        for (CapturedFrame frame : file.frames()) {
            if (frame.linkType() != 1 || frame.bytes().length > FRAME_BYTES_MAX) continue;
            byte[] bytes = frame.bytes().clone();
            if (bytes.length >= 6 && (bytes[0] & 1) == 0) System.arraycopy(ROUTER_MAC, 0, bytes, 0, 6);
            frames.add(new CapturedFrame(frame.timeNs(), bytes, frame.originalBytes(), 1));
        }
        return frames;
    }

    private CorpusRouter() {}
}
