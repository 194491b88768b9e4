package io.millrace.packet.parse;

import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.CprDocument;
import org.junit.jupiter.api.Test;

import java.util.HexFormat;

import static org.assertj.core.api.Assertions.assertThat;

/// What each part of a graph means, one rule a test, for both parsers at once.
class WalkRulesTest {

    private TwoParsers parsers;
    private int outcome;

    @Test
    void leafIsUnderstoodAndKeepsThePacketsEnd() {
        parse("{'name':'a','min-hdr-length':2,'metadata':[{'to':'l2','kind':'offset'},{'to':'payload','kind':'end'}]}", "0102ff");
        assertResult(ParseResult.OKAY);
        assertThat(records().payload(at(0))).isEqualTo(2);
        assertThat(records().end(at(0))).isEqualTo(3);
    }

    @Test
    void headerMustBePresent() {
        parse("{'name':'a','min-hdr-length':3}", "0102");
        assertResult(ParseResult.SHORT);
        assertThat(records().flags(at(0))).isEqualTo(128);
    }

    @Test
    void statedLengthIsFieldTimesMultiplierPlusAdd() {
        String node = "{'name':'a','min-hdr-length':2,'hdr-length':{'field-off':0,'field-len':1,'mask':'0x3c','right-shift':2,'multiplier':3,'add':-1},"
            + "'metadata':[{'to':'payload','kind':'end'},{'to':'l4','kind':'length'}]}";
        parse(node, "0c" + "00".repeat(20));   // (3) × 3 - 1
        assertResult(ParseResult.OKAY);
        assertThat(records().payload(at(0))).isEqualTo(8);
        assertThat(records().l4(at(0))).isEqualTo(8);
        parse(node, "0300");                   // the mask leaves 0: length -1
        assertResult(ParseResult.BAD_LENGTH);
        parse(node, "0c" + "00".repeat(6));    // 8 stated, 7 there
        assertResult(ParseResult.SHORT);
    }

    @Test
    void hugeStatedLengthMeetsTheHeaderLimitAndNotAnOverflow() {
        String node = "{'name':'a','min-hdr-length':8,'hdr-length':{'field-off':0,'field-len':8,'multiplier':2147483647,'add':-2147483648}}";
        parse(node, "ff".repeat(8));
        assertResult(ParseResult.MAX_HEADER_BYTES);
        parse(node, "00".repeat(8));
        assertResult(ParseResult.BAD_LENGTH);
    }

    @Test
    void headersEndWithinMaxHeaderBytes() {
        String node = "{'name':'a','min-hdr-length':4,'next-node':'a'}";
        parse("{'max-header-bytes':12}", node, "00".repeat(12));
        assertResult(ParseResult.SHORT);            // three headers fit, the fourth is not there
        parse("{'max-header-bytes':12}", node, "00".repeat(16));
        assertResult(ParseResult.MAX_HEADER_BYTES); // it is there, and beyond
    }

    @Test
    void checksHoldOrTheFieldIsBad() {
        String node = "{'name':'a','min-hdr-length':2,'checks':[{'field-off':0,'field-len':1,'mask':'0xf0','op':'eq','value':'0x40'},"
            + "{'field-off':1,'field-len':1,'op':'ule','value':5}],'metadata':[{'to':'proto','kind':'constant','value':1}]}";
        parse(node, "4f05");
        assertResult(ParseResult.OKAY);
        parse(node, "4f06");
        assertResult(ParseResult.BAD_FIELD);
        assertThat(records().proto(at(0))).as("checks come before metadata").isZero();
        parse(node, "5f05");
        assertResult(ParseResult.BAD_FIELD);
    }

    @Test
    void comparisonsAreUnsigned() {
        String node = "{'name':'a','min-hdr-length':8,'flag-if':[{'field-off':0,'field-len':8,'op':'ugt','value':'0x7fffffffffffffff','flags':1},"
            + "{'field-off':0,'field-len':8,'op':'ult','value':'0x8000000000000000','flags':2},"
            + "{'field-off':0,'field-len':1,'op':'uge','value':128,'flags':4}]}";
        parse(node, "8000000000000000");
        assertThat(records().flags(at(0))).isEqualTo(1 | 4);
        parse(node, "7fffffffffffffff");
        assertThat(records().flags(at(0))).isEqualTo(2);
    }

    @Test
    void packetLengthShortensWhatIsPresent() {
        String graph = "{'name':'a','min-hdr-length':2,'packet-length':{'field-off':0,'field-len':2},'next-node':'b'},{'name':'b','min-hdr-length':4}";
        parse(graph, "000600000000ffff");
        assertResult(ParseResult.OKAY);
        assertThat(records().end(at(0))).isEqualTo(6);
        parse(graph, "000500000000ffff");
        assertResult(ParseResult.SHORT);             // the packet ends within b, whatever is behind
        parse(graph, "000100000000ffff");
        assertResult(ParseResult.BAD_LENGTH);        // before the header's own end
        parse(graph, "000000000000ffff");
        assertResult(ParseResult.OKAY);              // 0 says nothing
        assertThat(records().end(at(0))).isEqualTo(8);
        parse(graph, "001000000000ffff");
        assertResult(ParseResult.OKAY);              // more than is there: cut
        assertThat(records().end(at(0))).isEqualTo(8);
        assertThat(records().flags(at(0))).isEqualTo(256);
    }

    @Test
    void packetLengthIsMeasuredAgainstTheWholeChain() {
        String graph = "{'name':'a','min-hdr-length':2,'packet-length':{'field-off':0,'field-len':2},'next-node':'b'},{'name':'b','min-hdr-length':4}";
        byte[] frame = new byte[5_000];
        frame[0] = 0x13;                             // 0x1300 = 4,864: beyond the first slot, within the chain
        parsers = parsers("{}", graph);
        outcome = parsers.parse(frame, 1);
        assertResult(ParseResult.OKAY);
        assertThat(records().flags(at(0))).isZero();
        assertThat(records().end(at(0))).isEqualTo(0x1300);
        frame[0] = 0x14;                             // 5,120: more than the chain holds
        outcome = parsers.parse(frame, 1);
        assertThat(records().flags(at(0))).isEqualTo(256);
        assertThat(records().end(at(0))).isEqualTo(5_000);
    }

    @Test
    void rawFieldThatIsMaskedToZeroSaysNothing() {
        parse("{'name':'a','min-hdr-length':2,'packet-length':{'field-off':0,'field-len':2,'mask':'0xff00','right-shift':8,'add':1}}", "00ff00");
        assertResult(ParseResult.OKAY);
        assertThat(records().end(at(0))).isEqualTo(3);
    }

    @Test
    void laterWritesWinAndValuesAreRightAligned() {
        parse("{'name':'a','min-hdr-length':16,'metadata':["
            + "{'to':'src','kind':'bytes','field-off':0,'field-len':16},"
            + "{'to':'src','kind':'bytes','field-off':1,'field-len':3},"
            + "{'to':'dst','kind':'bytes','field-off':0,'field-len':11},"
            + "{'to':'key-id','kind':'constant','value':'0xffffffff'},"
            + "{'to':'key-id','kind':'field','field-off':2,'field-len':2,'right-shift':4},"
            + "{'to':'session','kind':'or','value':'0x0f00'},{'to':'session','kind':'or','value':'0x00f0'}]}",
            "000102030405060708090a0b0c0d0e0f");
        assertThat(records().sourceHigh(at(0))).isZero();
        assertThat(records().sourceLow(at(0))).isEqualTo(0x010203);
        assertThat(records().targetHigh(at(0))).isEqualTo(0x000102);
        assertThat(records().targetLow(at(0))).isEqualTo(0x030405060708090aL);
        assertThat(records().keyId(at(0))).isEqualTo(0x020);
        assertThat(records().session(at(0))).isEqualTo(0x0ff0);
    }

    @Test
    void fieldsCountFromTheHeadersEnd() {
        parse("{'name':'a','min-hdr-length':2,'hdr-length':{'field-off':0,'field-len':1},'metadata':["
            + "{'to':'sport','kind':'field','field-off':2,'field-len':2,'from':'end'},"
            + "{'to':'proto','kind':'bytes','field-off':1,'field-len':1,'from':'end'}],"
            + "'next-proto':{'from':'end','field-off':1,'field-len':1,'ents':[{'key':9,'node':'b'}]}},{'name':'b','min-hdr-length':1}",
            "05000008" + "09" + "aa");
        assertResult(ParseResult.OKAY);
        assertThat(records().sourcePort(at(0))).isEqualTo(0x0809);
        assertThat(records().proto(at(0))).isEqualTo(9);
    }

    @Test
    void optionalFieldsFollowOneAnotherWhereTheirFlagsAreSet() {
        String node = "{'name':'a','min-hdr-length':1,'metadata':[{'to':'l4','kind':'end'}],'flag-fields':{'field-off':0,'field-len':1,'ents':["
            + "{'flag':'0x80','length':2},{'flag':'0x40','length':2,'metadata':[{'to':'sport','kind':'field','field-off':0,'field-len':2}]},"
            + "{'flag':'0x01','mask':'0x03','length':1,'metadata':[{'to':'proto','kind':'field','field-off':0,'field-len':1}]}]}}";
        parse(node, "c1" + "1111" + "2222" + "33");
        assertResult(ParseResult.OKAY);
        assertThat(records().sourcePort(at(0))).isEqualTo(0x2222);
        assertThat(records().proto(at(0))).isEqualTo(0x33);
        assertThat(records().l4(at(0))).isEqualTo(6);
        parse(node, "43" + "2222" + "33");            // 0x03 under the mask is not 0x01
        assertThat(records().sourcePort(at(0))).isEqualTo(0x2222);
        assertThat(records().proto(at(0))).isZero();
        assertThat(records().l4(at(0))).isEqualTo(3);
        parse(node, "c1" + "1111" + "2222");
        assertResult(ParseResult.SHORT);
    }

    @Test
    void optionalFieldsLieWithinAStatedLength() {
        String node = "{'name':'a','min-hdr-length':2,'hdr-length':{'field-off':1,'field-len':1},'flag-fields':{'field-off':0,'field-len':1,'ents':["
            + "{'flag':1,'length':4},{'flag':2,'length':4,'metadata':[{'to':'key-id','kind':'field','field-off':0,'field-len':4}]}]}}";
        parse(node, "030a" + "00".repeat(4) + "00000007");
        assertThat(records().keyId(at(0))).isEqualTo(7);
        parse(node, "0309" + "00".repeat(8));
        assertResult(ParseResult.BAD_LENGTH);
    }

    @Test
    void stopIfEndsUnderstoodBeforeTheNextProtocol() {
        String graph = "{'name':'a','min-hdr-length':2,'stop-if':[{'field-off':0,'field-len':1,'op':'eq','value':7,'flags':1},"
            + "{'field-off':0,'field-len':1,'op':'ne','value':0,'flags':2}],'next-node':'b'},{'name':'b','min-hdr-length':99}";
        parse(graph, "0700");
        assertResult(ParseResult.OKAY);
        assertThat(records().flags(at(0))).as("the first that holds").isEqualTo(1);
        parse(graph, "0000");
        assertResult(ParseResult.SHORT);
    }

    @Test
    void keyWithoutEntryAndDefaultIsUnknown() {
        String graph = "{'name':'a','min-hdr-length':1,'next-proto':{'field-off':0,'field-len':1,'mask':'0xf0','right-shift':4,'ents':["
            + "{'key':4,'node':'b'}]}},{'name':'b','min-hdr-length':1}";
        parse(graph, "4000");
        assertResult(ParseResult.OKAY);
        parse(graph, "5000");
        assertResult(ParseResult.UNKNOWN_PROTO);
        assertThat(records().flags(at(0))).as("not understood is for other results").isZero();
    }

    @Test
    void defaultOfTheNodeWinsOverItsTables() {
        String tables = ",'proto-tables':[{'name':'t','default':'b','ents':[]}]";
        String nodes = "{'name':'a','min-hdr-length':1,'next-proto':{'field-off':0,'field-len':1,'table':'t'DEFAULT}},"
            + "{'name':'b','min-hdr-length':1,'metadata':[{'to':'proto','kind':'constant','value':1}]},"
            + "{'name':'c','min-hdr-length':1,'metadata':[{'to':'proto','kind':'constant','value':2}]}";
        parse("{}", nodes.replace("DEFAULT", "") + "]" + tables + ",'name':'x','match-tables':[", "0000");
        assertThat(records().proto(at(0))).isEqualTo(1);
        parse("{}", nodes.replace("DEFAULT", ",'default':'c'") + "]" + tables + ",'name':'x','match-tables':[", "0000");
        assertThat(records().proto(at(0))).isEqualTo(2);
        parse("{}", nodes.replace("DEFAULT", ",'default':null") + "]" + tables + ",'name':'x','match-tables':[",
            "0000");
        assertResult(ParseResult.UNKNOWN_PROTO);
    }

    @Test
    void overlayLeavesTheNextNodeAtItsOwnByte() {
        parse("{'name':'a','min-hdr-length':2,'overlay':true,'next-node':'b'},{'name':'b','min-hdr-length':1,'metadata':[{'to':'l4','kind':'end'},"
            + "{'to':'proto','kind':'field','field-off':0,'field-len':1}]}", "0602");
        assertThat(records().proto(at(0))).isEqualTo(6);
        assertThat(records().l4(at(0))).isEqualTo(1);
    }

    @Test
    void encapOpensARecordUpToItsLimit() {
        String graph = "{'name':'a','min-hdr-length':1,'metadata':[{'to':'sport','kind':'field','field-off':0,'field-len':1},{'to':'flags','kind':'or','value':64}],'next-node':'b'},"
            + "{'name':'b','min-hdr-length':0,'overlay':true,'encap':true,'next-node':'a'}";
        parse("{'max-encaps':2}", graph, "010203");
        assertResult(ParseResult.MAX_ENCAPS);
        assertThat(ParseOutcome.recordCount(outcome)).isEqualTo(3);
        assertThat(records().sourcePort(at(0))).isEqualTo(1);
        assertThat(records().sourcePort(at(1))).isEqualTo(2);
        assertThat(records().sourcePort(at(2))).isEqualTo(3);
        assertThat(records().flags(at(0))).isEqualTo(64);
        assertThat(records().flags(at(2))).as("set in the record at hand").isEqualTo(64 | 128);
        assertThat(ParseOutcome.flags(outcome)).isEqualTo(64 | 128);
        assertThat(parsers.meta().innerFlags(parsers.packet())).isEqualTo(64 | 128);
    }

    @Test
    void nodesAreCountedBeforeAnythingElse() {
        String graph = "{'name':'a','min-hdr-length':1,'next-node':'b'},{'name':'b','min-hdr-length':9,'encap':true}";
        parse("{'max-nodes':1}", graph, "00");
        assertResult(ParseResult.MAX_NODES);
        assertThat(ParseOutcome.recordCount(outcome)).as("the record did not open").isEqualTo(1);
        parse("{'max-nodes':2}", graph, "00");
        assertResult(ParseResult.SHORT);
        assertThat(ParseOutcome.recordCount(outcome)).isEqualTo(2);
    }

    private static final String OPTIONS =
        "{'name':'a','min-hdr-length':1,'hdr-length':{'field-off':0,'field-len':1},'tlvs':{"
        + "'type':{'field-off':0,'field-len':1},'length':{'field-off':1,'field-len':1},'pad1':1,'eol':0,'ents':["
        + "{'type':5,'metadata':[{'to':'sport','kind':'field','field-off':2,'field-len':2}]},{'type':6,'min-length':3}]},"
        + "'metadata':[{'to':'l4','kind':'end'}]}";

    @Test
    void optionsAreWalkedToTheHeadersEnd() {
        parse(OPTIONS, "0b" + "0101" + "0703aa" + "05041234" + "01");
        assertResult(ParseResult.OKAY);
        assertThat(records().sourcePort(at(0))).isEqualTo(0x1234);
        parse(OPTIONS, "08" + "00" + "05041234" + "ffff");       // behind eol nothing is read
        assertResult(ParseResult.OKAY);
        assertThat(records().sourcePort(at(0))).isZero();
    }

    @Test
    void optionLengthsMustFit() {
        for (String options : new String[] {
            "03" + "0701",             // shorter than its own length field
            "03" + "0703",             // past the header's end
            "02" + "07",               // no room for the length field
            "04" + "050312",           // shorter than what its metadata reads
            "03" + "0602"}) {          // shorter than min-length
            parse(OPTIONS, options + "00".repeat(8));
            assertThat(ParseOutcome.result(outcome)).as(options).isEqualTo(ParseResult.BAD_LENGTH);
        }
    }

    @Test
    void optionsAreCountedButNotPadding() {
        parse("{'max-tlvs':2}", OPTIONS, "09" + "0101" + "0702" + "0101" + "0702");
        assertResult(ParseResult.OKAY);
        parse("{'max-tlvs':2}", OPTIONS, "07" + "0702" + "0702" + "07ff");
        assertResult(ParseResult.MAX_TLVS);   // before its length is looked at
    }

    @Test
    void linkTypesChooseTheRoot() {
        parsers = parsers("{}",
            "{'name':'a','min-hdr-length':1,'metadata':[{'to':'proto','kind':'constant','value':1}]},"
            + "{'name':'b','min-hdr-length':1,'metadata':[{'to':'proto','kind':'constant','value':2}]}],'link-types':{'1':'a','101':'b'},'match-tables':[");
        byte[] frame = {0};
        parsers.parse(frame, 1);
        assertThat(records().proto(at(0))).isEqualTo(1);
        parsers.parse(frame, 101);
        assertThat(records().proto(at(0))).isEqualTo(2);
        outcome = parsers.parse(frame, 113);
        assertResult(ParseResult.UNKNOWN_PROTO);
        assertThat(ParseOutcome.recordCount(outcome)).isZero();
        assertThat(ParseOutcome.flags(outcome)).isZero();
    }

    @Test
    void partOfAPacketIsParsedFromTheRootNodeWithOffsetsOfThePacket() {
        parsers = parsers("{'max-header-bytes':6}",
            "{'name':'a','min-hdr-length':2,'metadata':[{'to':'l3','kind':'offset'},{'to':'l4','kind':'end'},"
            + "{'to':'sport','kind':'field','field-off':0,'field-len':2}],'next-node':'b'},{'name':'b','min-hdr-length':4}");
        byte[] frame = HexFormat.of().parseHex("ffffff" + "0102" + "00000000" + "ffff");
        outcome = parsers.parse(frame, 3, 9);
        assertResult(ParseResult.OKAY);   // six bytes of headers, counted from where it starts
        assertThat(records().l3(at(0))).isEqualTo(3);
        assertThat(records().l4(at(0))).isEqualTo(5);
        assertThat(records().sourcePort(at(0))).isEqualTo(0x0102);
        assertThat(records().end(at(0))).isEqualTo(9);
        outcome = parsers.parse(frame, 3, 8);
        assertResult(ParseResult.SHORT);
        outcome = parsers.parse(frame, 12, 99);
        assertResult(ParseResult.SHORT);
    }

    @Test
    void whatWasParsedIsInTheMetadata() {
        parse("{'name':'a','min-hdr-length':8,'metadata':[{'to':'l3','kind':'constant','value':14},{'to':'l4','kind':'constant','value':34},"
            + "{'to':'payload','kind':'constant','value':42},{'to':'proto','kind':'constant','value':17},{'to':'family','kind':'constant','value':4},"
            + "{'to':'tcp-flags','kind':'constant','value':18},{'to':'flags','kind':'or','value':5},{'to':'vlan0','kind':'constant','value':'0x8100000a'},"
            + "{'to':'vlan1','kind':'constant','value':'0x88a80014'}]}", "00".repeat(60));
        var meta = parsers.meta();
        int packet = parsers.packet();
        assertThat(new int[] {meta.l3(packet), meta.l4(packet), meta.payload(packet), meta.end(packet),
            meta.proto(packet),
            meta.family(packet), meta.flags(packet), meta.tcpFlags(packet), meta.parseResult(packet),
                meta.recordCount(packet),
            meta.vlan0(packet), meta.vlan1(packet)})
            .containsExactly(14, 34, 42, 60, 17, 4, 5, 18, 0, 1, 0x8100000a, 0x88a80014);
    }

    private void parse(String nodes, String frame) {
        parse("{}", nodes, frame);
    }

    private void parse(String limits, String nodes, String frame) {
        parsers = parsers(limits, nodes);
        outcome = parsers.parse(HexFormat.of().parseHex(frame), 1);
    }

    /// The root is node `a`; quotes are single for reading.
    private static TwoParsers parsers(String limits, String nodes) {
        String document = ("{'cpr-version':1,'root-node':'a','limits':" + limits + ",'parse-nodes':[" + nodes + "]}")
            .replace('\'', '"');
        return new TwoParsers(ParseProgram.of(CprDocument.read("rules", document)));
    }

    private void assertResult(ParseResult expected) {
        assertThat(ParseOutcome.result(outcome)).isEqualTo(expected);
    }

    private ParseRecords records() {
        return parsers.records();
    }

    private int at(int record) {
        return parsers.recordAt(record);
    }
}
