package io.millrace.packet.header;

import io.millrace.packet.memory.Fields;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class Ipv6RoutingViewTest {

    private static final String ADDRESS_A = "20010db800000000000000000000000a";
    private static final String ADDRESS_B = "20010db800000000000000000000000b";
    private static final long HIGH = 0x20010db800000000L;

    /// RFC 8754: the way leads to B, then to A; B is next.
    private static final String SEGMENT_ROUTING = "06 04 04 01 01 00 0007" + ADDRESS_A + ADDRESS_B;
    /// RFC 5095 (deprecated): A, then B.
    private static final String SOURCE_ROUTE = "06 04 00 02 00000000" + ADDRESS_A + ADDRESS_B;
    /// RFC 6275 §6.4.
    private static final String HOME_ADDRESS = "06 02 02 01 00000000" + ADDRESS_A;
    /// RFC 6554: two segments of one byte, one of two, four bytes of padding.
    private static final String RPL = "3a 01 03 03 fe 40 0000 aa bb ccdd 00000000";

    private HeaderBytes bytes;
    private Ipv6RoutingView view;

    private void given(String header) {
        bytes = HeaderBytes.of(header);
        view = new Ipv6RoutingView(bytes.packets()).at(bytes.at());
    }

    @Test
    void readsASegmentRoutingHeader() {
        given(SEGMENT_ROUTING);
        assertThat(view.nextHeader()).isEqualTo(IpProtocol.TCP);
        assertThat(view.headerBytes()).isEqualTo(40);
        assertThat(view.type()).isEqualTo(Ipv6RoutingView.SEGMENT_ROUTING);
        assertThat(view.segmentsLeft()).isEqualTo(1);
        assertThat(view.lastEntry()).isEqualTo(1);
        assertThat(view.flags()).isZero();
        assertThat(view.tag()).isEqualTo(7);
        assertThat(view.segmentCount()).isEqualTo(2);
        assertThat(view.finalSegment()).isZero();
        assertThat(view.segmentAt(1)).isEqualTo(24);
        assertThat(view.segmentBytes(1)).isEqualTo(16);
        assertThat(view.segmentHigh(0)).isEqualTo(HIGH);
        assertThat(view.segmentLow(0)).isEqualTo(0xa);
        assertThat(view.segmentHigh(1)).isEqualTo(HIGH);
        assertThat(view.segmentLow(1)).isEqualTo(0xb);
    }

    @Test
    void readsASourceRoute() {
        given(SOURCE_ROUTE);
        assertThat(view.segmentCount()).isEqualTo(2);
        assertThat(view.finalSegment()).isEqualTo(1);
        assertThat(view.segmentLow(0)).isEqualTo(0xa);
        assertThat(view.segmentLow(view.finalSegment())).isEqualTo(0xb);
    }

    @Test
    void readsAHomeAddress() {
        given(HOME_ADDRESS);
        assertThat(view.segmentCount()).isEqualTo(1);
        assertThat(view.finalSegment()).isZero();
        assertThat(view.segmentLow(0)).isEqualTo(0xa);
    }

    @Test
    void findsTheCompressedSegmentsOfRpl() {
        given(RPL);
        assertThat(view.innerSegmentBytes()).isEqualTo(1);
        assertThat(view.lastSegmentBytes()).isEqualTo(2);
        assertThat(view.padBytes()).isEqualTo(4);
        assertThat(view.segmentCount()).isEqualTo(3);
        assertThat(view.finalSegment()).isEqualTo(2);
        assertThat(view.segmentAt(0)).isEqualTo(8);
        assertThat(view.segmentAt(1)).isEqualTo(9);
        assertThat(view.segmentAt(2)).isEqualTo(10);
        assertThat(view.segmentBytes(1)).isEqualTo(1);
        assertThat(view.segmentBytes(2)).isEqualTo(2);
    }

    @Test
    void writesTheSameBytesBack() {
        HeaderBytes written = HeaderBytes.unwritten(SEGMENT_ROUTING);
        Ipv6RoutingView view = new Ipv6RoutingView(written.packets()).at(written.at());
        view.nextHeader(IpProtocol.TCP);
        view.headerBytes(40);
        view.type(Ipv6RoutingView.SEGMENT_ROUTING);
        view.segmentsLeft(1);
        view.lastEntry(1);
        view.flags(0);
        view.tag(7);
        view.segmentHigh(0, HIGH);
        view.segmentLow(0, 0xa);
        view.segmentHigh(1, HIGH);
        view.segmentLow(1, 0xb);
        written.isThe(SEGMENT_ROUTING);
    }

    @Test
    void rejectsHeaderCutAtEveryLength() {
        for (String header : new String[] {SEGMENT_ROUTING, SOURCE_ROUTE, HOME_ADDRESS, RPL}) {
            given(header);
            bytes.isRejectedWhenCut(at -> view.at(at)::isValid);
        }
    }

    @Test
    void rejectsMoreSegmentsLeftThanThereAre() {
        assertSegmentsLeftMax(SEGMENT_ROUTING, 2);
        assertSegmentsLeftMax(SOURCE_ROUTE, 2);
        assertSegmentsLeftMax(HOME_ADDRESS, 1);
        assertSegmentsLeftMax(RPL, 3);
    }

    private void assertSegmentsLeftMax(String header, int max) {
        given(header);
        for (int left = 0; left < 256; left++) {
            view.segmentsLeft(left);
            assertThat(view.isValid(bytes.count())).as("type %d, %d left", view.type(), left).isEqualTo(left <= max);
        }
    }

    @Test
    void rejectsALastEntryBeyondTheHeader() {
        given(SEGMENT_ROUTING);
        for (int lastEntry = 0; lastEntry < 256; lastEntry++) {
            view.lastEntry(lastEntry);
            assertThat(view.isValid(40)).as("last entry %d", lastEntry).isEqualTo(lastEntry <= 1);
        }
    }

    @Test
    void rejectsHalfAnAddress() {
        given(SOURCE_ROUTE);
        view.headerBytes(32);
        view.segmentsLeft(0);
        assertThat(view.isValid(40)).isFalse();
        given(HOME_ADDRESS);
        view.headerBytes(16);
        assertThat(view.isValid(24)).isFalse();
        view.headerBytes(8);
        assertThat(view.isValid(24)).isFalse();
    }

    @Test
    void rejectsRplLengthsThatDisagree() {
        given(RPL);
        bytes.with(4, 0xee);   // inner segments of two bytes: two bytes are left for them, and one would be half
        bytes.with(5, 0x30);
        view.segmentsLeft(0);
        assertThat(view.isValid(16)).isFalse();
        bytes.with(5, 0x40);
        assertThat(view.isValid(16)).isTrue();
        bytes.with(5, 0x70);
        assertThat(view.isValid(16)).isFalse();
        bytes.with(4, 0x00);   // sixteen bytes each
        assertThat(view.isValid(16)).isFalse();
    }

    @Test
    void anEmptyHeaderHasNoSegments() {
        for (int type : new int[] {0, 3}) {
            given("06 00 00 00 00000000");
            view.type(type);
            assertThat(view.isValid(8)).as("type %d", type).isTrue();
            assertThat(view.segmentCount()).isZero();
            assertThat(view.finalSegment()).isEqualTo(-1);
        }
    }

    @Test
    void knowsOnlyTheFrameOfAnUnknownType() {
        given("06 01 fd ff ffffffff ffffffffffffffff");
        assertThat(view.isValid(16)).isTrue();
        assertThat(view.segmentCount()).isZero();
        assertThat(view.finalSegment()).isEqualTo(-1);
    }

    @Test
    void noFieldDisturbsAnother() {
        given(SEGMENT_ROUTING);
        new Fields()
            .bits("nextHeader", 8, view::nextHeader, view::nextHeader)
            .units("headerBytes", 8, 1, 256, view::headerBytes, view::headerBytes)
            .bits("type", 8, view::type, view::type)
            .bits("segmentsLeft", 8, view::segmentsLeft, view::segmentsLeft)
            .bits("lastEntry", 8, view::lastEntry, view::lastEntry)
            .bits("flags", 8, view::flags, view::flags)
            .bits("tag", 16, view::tag, view::tag)
            .longBits("segment 1 high", 64, () -> view.segmentHigh(1), value -> view.segmentHigh(1, value))
            .longBits("segment 1 low", 64, () -> view.segmentLow(1), value -> view.segmentLow(1, value))
            .longBits("segment 0 low", 64, () -> view.segmentLow(0), value -> view.segmentLow(0, value))
            .areIndependent(Seeds.next(), 100);
    }
}
