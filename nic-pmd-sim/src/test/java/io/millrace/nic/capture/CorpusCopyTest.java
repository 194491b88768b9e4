package io.millrace.nic.capture;

import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.Seeds;
import io.millrace.testkit.Tshark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/// Every capture of the corpus is read and written back, as pcapng and, where it has one link type, as pcap: the same
/// packets, times, lengths and link types, by a naive reader and by Wireshark's programs.
class CorpusCopyTest {

    private static final int TSHARK_SAMPLE_COUNT = 8;   // tshark takes about 0.4 s a file
    private static final String[] FIELDS = {"frame.time_epoch", "frame.len", "frame.cap_len", "frame.encap_type",
        "frame.protocols"};

    /// More digits than microseconds or nanoseconds have, or fewer than none.
    private static final Pattern OVERLONG_FRACTION = Pattern.compile("\\.(-|\\d{7,8}\\b|\\d{10,})");

    @TempDir
    Path folder;

    @Test
    void copiesHoldTheSamePackets() throws IOException {
        int pcapCount = 0;
        for (CorpusFile file : Corpus.required().files()) {
            List<CapturedFrame> frames = file.frames();
            Path source = Unpacked.path(file, folder);
            if (frames.isEmpty()) continue;
            Path pcapng = folder.resolve("copy.pcapng");
            assertThat(CaptureCopy.toPcapng(source, pcapng)).as(file.name()).isEqualTo(frames.size());
            assertThat(CaptureFile.read(pcapng)).as(file.name()).isEqualTo(new CaptureFile(frames, null));
            if (CaptureTraits.of(source).linkTypes().size() > 1 || !frames.stream().allMatch(this::fitsPcap)) continue;
            pcapCount++;
            Path pcap = folder.resolve("copy.pcap");
            assertThat(CaptureCopy.toPcap(source, pcap)).as(file.name()).isEqualTo(frames.size());
            assertThat(CaptureFile.read(pcap)).as(file.name()).isEqualTo(new CaptureFile(frames, null));
        }
        assertThat(pcapCount).isGreaterThan(1_000);
    }

    /// Count, bytes, encapsulation, first and last time.
    @Test
    void capinfosSaysTheSameOfACopy() throws IOException {
        Tshark.required();
        List<String> sources = new ArrayList<>();
        List<String> copies = new ArrayList<>();
        for (CorpusFile file : Corpus.required().where(file -> !file.isDamaged() && file.packetCount() > 0)) {
            if (hasPacketsWithoutTime(file)) continue;
            Path source = Unpacked.path(file, Files.createDirectories(folder.resolve("" + sources.size())));
            Path copy = folder.resolve(sources.size() + ".pcapng");
            CaptureCopy.toPcapng(source, copy);
            sources.add(source.toString());
            copies.add(copy.toString());
        }
        List<String> expected = Capinfos.rows(sources);
        List<String> actual = Capinfos.rows(copies);
        int comparedCount = 0;
        for (int i = 0; i < expected.size(); i++) {
            // Of some link types capinfos reads no pcap; and a fraction of more than a second it prints as it stands.
            if (expected.get(i).isEmpty() || OVERLONG_FRACTION.matcher(expected.get(i)).find()) continue;
            assertThat(actual.get(i)).as(sources.get(i)).isEqualTo(expected.get(i));
            comparedCount++;
        }
        assertThat(comparedCount).isGreaterThan(1_300);
    }

    @Test
    void tsharkSaysTheSameOfACopy() throws IOException {
        Tshark.required();
        List<CorpusFile> whole = Corpus.required().where(file -> !file.isDamaged() && file.packetCount() > 0
            && !file.isGzipped() && !hasPacketsWithoutTime(file));
        for (CorpusFile file : Corpus.sample(whole, TSHARK_SAMPLE_COUNT, Seeds.next())) {
            Path copy = folder.resolve("copy.pcapng");
            CaptureCopy.toPcapng(file.path(), copy);
            List<List<String>> expected = Tshark.fields(file.path(), FIELDS);
            if (expected.stream().anyMatch(row -> OVERLONG_FRACTION.matcher(row.getFirst()).find())) continue;
            assertThat(Tshark.fields(copy, FIELDS)).as(file.name()).isEqualTo(expected);
        }
    }

    /// One fuzzed file has a time one second after the last that 32 bits count.
    private boolean fitsPcap(CapturedFrame frame) {
        return frame.timeNs() < 1_000_000_000L << 32;
    }

    /// A simple packet block has no time, what is written back has.
    private static boolean hasPacketsWithoutTime(CorpusFile file) {
        return file.isPcapng() && file.frames().stream().anyMatch(frame -> frame.timeNs() == 0);
    }
}
