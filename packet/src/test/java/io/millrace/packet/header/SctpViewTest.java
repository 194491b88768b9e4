package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SctpViewTest {

    private static final String HEADER = "c350 0b59 11223344 deadbeef";
    /// INIT with its fixed part only: tag, window credit, streams out and in, first sequence number.
    private static final String INIT = "01 00 0014 80000001 0001a000 000a ffff 00000001";
    /// DATA of one byte, padded.
    private static final String DATA = "00 03 0011 00000001 0000 0000 00000000 61";

    private final HeaderBytes bytes = HeaderBytes.of(HEADER);
    private final SctpView view = new SctpView(bytes.packets()).at(bytes.at());
    private final HeaderBytes chunkBytes = HeaderBytes.of(INIT);
    private final SctpChunkView chunk = new SctpChunkView(chunkBytes.packets()).at(chunkBytes.at());

    @Test
    void readsEveryFieldOfAKnownHeader() {
        assertThat(view.sourcePort()).isEqualTo(50000);
        assertThat(view.targetPort()).isEqualTo(2905);
        assertThat(view.verificationTag()).isEqualTo(0x11223344);
        assertThat(view.checksum()).isEqualTo(0xdeadbeef);
    }

    @Test
    void readsEveryFieldOfAKnownChunk() {
        assertThat(chunk.type()).isEqualTo(SctpChunkView.INIT);
        assertThat(chunk.flags()).isZero();
        assertThat(chunk.chunkBytes()).isEqualTo(20);
        assertThat(chunk.paddedBytes()).isEqualTo(20);
        assertThat(chunk.initiateTag()).isEqualTo(0x80000001);
        HeaderBytes data = HeaderBytes.of(DATA);
        assertThat(chunk(data).type()).isEqualTo(SctpChunkView.DATA);
        assertThat(chunk(data).flags()).isEqualTo(3);
        assertThat(chunk(data).chunkBytes()).isEqualTo(17);
        assertThat(chunk(data).paddedBytes()).isEqualTo(20);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(HEADER);
        SctpView view = new SctpView(written.packets()).at(written.at());
        view.sourcePort(50000);
        view.targetPort(2905);
        view.verificationTag(0x11223344);
        view.checksum(0xdeadbeef);
        written.isThe(HEADER);
        HeaderBytes writtenChunk = HeaderBytes.unwritten(INIT);
        chunk(writtenChunk).type(SctpChunkView.INIT);
        chunk(writtenChunk).flags(0);
        chunk(writtenChunk).chunkBytes(20);
        chunk(writtenChunk).initiateTag(0x80000001);
        writtenChunk.write(8, "0001a000 000a ffff 00000001");
        writtenChunk.isThe(INIT);
    }

    @Test
    void rejectsHeaderAndChunkCutAtEveryLength() {
        bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
        chunkBytes.isRejectedWhenCut(at -> chunk.at(at)::isValid);
    }

    @Test
    void rejectsAChunkShorterThanItsHead() {
        for (int count = 0; count < 24; count++) {
            chunk.chunkBytes(count);
            assertThat(chunk.isValid(20)).as("%d bytes", count).isEqualTo(count >= 4 && count <= 20);
        }
    }

    @Test
    void noFieldDisturbsAnother() {
        new Fields()
            .bits("sourcePort", 16, view::sourcePort, view::sourcePort)
            .bits("targetPort", 16, view::targetPort, view::targetPort)
            .bits("verificationTag", 32, view::verificationTag, view::verificationTag)
            .bits("checksum", 32, view::checksum, view::checksum)
            .bits("chunk type", 8, chunk::type, chunk::type)
            .bits("chunk flags", 8, chunk::flags, chunk::flags)
            .bits("chunk bytes", 16, chunk::chunkBytes, chunk::chunkBytes)
            .bits("initiate tag", 32, chunk::initiateTag, chunk::initiateTag)
            .areIndependent(Seeds.next(), 100);
    }

    private static SctpChunkView chunk(HeaderBytes bytes) {
        return new SctpChunkView(bytes.packets()).at(bytes.at());
    }
}
