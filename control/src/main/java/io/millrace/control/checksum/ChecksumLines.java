package io.millrace.control.checksum;

import io.millrace.checksum.cover.ChecksumStatus;
import io.millrace.checksum.walk.ChecksumKind;
import tools.jackson.databind.ObjectMapper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A packet's checksums as a line, for people or as a JSON object; and the line that sums all packets up.
///
/// ```
///      7  ip good, udp unverified (fragment)
/// {"frame":7,"ip":["good"],"udp":["unverified"],"unverified":["udp: fragment"]}
/// ```
public final class ChecksumLines {

    private static final List<String> WORDS = List.of("good", "bad", "absent", "illegal", "unverified");

    private final ObjectMapper mapper = new ObjectMapper();
    private final long[] countByWord = new long[WORDS.size()];
    private long packetCount;

    /// The line for people. Every packet given here or to [#json] counts in the [#summary].
    public String text(CaptureChecksums.Packet packet) {
        count(packet);
        var line = new StringBuilder(String.format("%7d  ", packet.number()));
        if (packet.findings().isEmpty()) return line.append("no checksum").toString();
        for (int i = 0; i < packet.findings().size(); i++) {
            ChecksumStatus status = packet.findings().get(i).status();
            if (i > 0) line.append(", ");
            line.append(packet.findings().get(i).kind().label()).append(' ').append(status.word());
            if (!status.reason().isEmpty()) line.append(" (").append(status.reason()).append(')');
        }
        return line.toString();
    }

    /// One object, in one line: for each kind of checksum the statuses, outermost first.
    public String json(CaptureChecksums.Packet packet) {
        count(packet);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("frame", packet.number());
        for (ChecksumKind kind : ChecksumKind.values()) {
            List<String> words = new ArrayList<>();
            for (CaptureChecksums.Finding finding : packet.findings()) {
                if (finding.kind() == kind) words.add(finding.status().word());
            }
            if (!words.isEmpty()) members.put(kind.label(), words);
        }
        List<String> reasons = new ArrayList<>();
        for (CaptureChecksums.Finding finding : packet.findings()) {
            String reason = finding.status().reason();
            if (!reason.isEmpty()) reasons.add(finding.kind().label() + ": " + reason);
        }
        if (!reasons.isEmpty()) members.put("unverified", reasons);
        return mapper.writeValueAsString(members);
    }

    public String summary() {
        long checksumCount = 0;
        var counts = new StringBuilder();
        for (int i = 0; i < WORDS.size(); i++) {
            checksumCount += countByWord[i];
            counts.append(i == 0 ? "" : ", ").append(countByWord[i]).append(' ').append(WORDS.get(i));
        }
        return counted(packetCount, "packet") + ", " + counted(checksumCount, "checksum") + ": " + counts;
    }

    private void count(CaptureChecksums.Packet packet) {
        packetCount++;
        for (CaptureChecksums.Finding finding : packet.findings()) {
            countByWord[WORDS.indexOf(finding.status().word())]++;
        }
    }

    private static String counted(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
