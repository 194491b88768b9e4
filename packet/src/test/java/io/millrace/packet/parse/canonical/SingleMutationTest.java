package io.millrace.packet.parse.canonical;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static io.millrace.packet.parse.canonical.ParseProgramTest.program;
import static org.assertj.core.api.Assertions.assertThat;

/// Every member of the representation that says something about behaviour is in the hash; labels are not.
class SingleMutationTest {

    /// Every member once, each on a line that a mutation can name.
    private static final String BASE = """
        {"cpr-version":1,"name":"base","root-node":"a",
         "link-types":{"1":"a","101":"b"},
         "limits":{"max-nodes":20,"max-encaps":2,"max-tlvs":7,"max-header-bytes":300},
         "parse-nodes":[
          {"name":"a","min-hdr-length":16,
           "hdr-length":{"field-off":0,"field-len":1,"mask":"0x0f","right-shift":1,"multiplier":4,"add":-2},
           "packet-length":{"field-off":2,"field-len":2,"mask":"0x7fff","right-shift":3,"multiplier":2,"add":6},
           "checks":[{"field-off":1,"field-len":1,"mask":"0xf0","op":"eq","value":"0x40"}],
           "metadata":[{"to":"sport","kind":"field",
                        "field-off":4,"field-len":2,"mask":"0xff00","right-shift":8,"from":"start"},
                       {"to":"src","kind":"bytes","field-off":5,"field-len":3,"from":"end"},
                       {"to":"l3","kind":"offset"},{"to":"l4","kind":"end"},
                       {"to":"payload","kind":"length"},
                       {"to":"family","kind":"constant","value":4},
                       {"to":"key-id","kind":"or","value":256}],
           "flag-if":[{"field-off":6,"field-len":2,"mask":"0x00ff","op":"ugt","value":5,"flags":4}],
           "flag-fields":{"field-off":8,"field-len":2,"ents":[
             {"flag":"0x8000","mask":"0xc000","length":4,
              "metadata":[{"to":"session","kind":"field","field-off":1,"field-len":2}]},
             {"flag":"0x2000","length":6}]},
           "tlvs":{"start":10,"type":{"field-off":0,"field-len":1,"mask":"0x7e","right-shift":1},
             "length":{"field-off":1,"field-len":1,"mask":"0x3f","right-shift":2,"multiplier":3,"add":1},
             "pad1":1,"eol":0,"ents":[
             {"type":9,"min-length":4},
             {"type":8,"min-length":5,"metadata":[{"to":"dport","kind":"field","field-off":2,"field-len":2}]}]},
           "stop-if":[{"field-off":12,"field-len":4,"mask":"0x1fff0000","op":"ne","value":0,"flags":1}],
           "next-proto":{"field-off":14,"field-len":2,"mask":"0x0ff0","right-shift":4,"from":"start",
             "default":"b","ents":[
             {"key":6,"node":"b"},{"key":18,"node":"c"}]}},
          {"name":"b","min-hdr-length":4,"next-node":"c"},
          {"name":"c","min-hdr-length":2,"overlay":false,"encap":false}],
         "match-tables":[{"name":"t","target":"raw","keys":["src"],"entries":9}]}""";

    /// Two lines each: the member; what stands in the base, once, and what instead. Quotes are single for reading.
    private static final String MUTATIONS = """
        root-node
          'root-node':'a'  =>  'root-node':'b'
        link-types number
          '101':'b'  =>  '102':'b'
        link-types node
          '101':'b'  =>  '101':'c'
        link-types entry
          ,'101':'b'  =>
        max-nodes
          'max-nodes':20  =>  'max-nodes':21
        max-encaps
          'max-encaps':2  =>  'max-encaps':3
        max-tlvs
          'max-tlvs':7  =>  'max-tlvs':8
        max-header-bytes
          'max-header-bytes':300  =>  'max-header-bytes':301
        min-hdr-length
          'min-hdr-length':16  =>  'min-hdr-length':17
        hdr-length
          'hdr-length':{'field-off':0,'field-len':1,'mask':'0x0f','right-shift':1,'multiplier':4,'add':-2},  =>
        hdr-length field-off
          'hdr-length':{'field-off':0  =>  'hdr-length':{'field-off':1
        hdr-length field-len
          'field-off':0,'field-len':1,'mask':'0x0f'  =>  'field-off':0,'field-len':2,'mask':'0x0f'
        hdr-length mask
          'mask':'0x0f'  =>  'mask':'0x1f'
        hdr-length right-shift
          'right-shift':1,'multiplier':4  =>  'right-shift':2,'multiplier':4
        hdr-length multiplier
          'multiplier':4  =>  'multiplier':8
        hdr-length add
          'add':-2  =>  'add':-3
        packet-length
          'packet-length':{'field-off':2,'field-len':2,'mask':'0x7fff','right-shift':3,'multiplier':2,'add':6},  =>
        packet-length field-off
          'packet-length':{'field-off':2  =>  'packet-length':{'field-off':3
        packet-length mask
          '0x7fff'  =>  '0x3fff'
        packet-length right-shift
          'right-shift':3  =>  'right-shift':4
        packet-length multiplier
          'multiplier':2  =>  'multiplier':1
        packet-length add
          'add':6  =>  'add':7
        checks
          {'field-off':1,'field-len':1,'mask':'0xf0','op':'eq','value':'0x40'}  =>
        checks field-off
          {'field-off':1,'field-len':1,'mask':'0xf0'  =>  {'field-off':2,'field-len':1,'mask':'0xf0'
        checks mask
          'mask':'0xf0'  =>  'mask':'0x70'
        checks op
          'op':'eq'  =>  'op':'ule'
        checks value
          'value':'0x40'  =>  'value':'0x60'
        metadata element
          {'to':'l3','kind':'offset'},  =>
        metadata order
          {'to':'l3','kind':'offset'},{'to':'l4','kind':'end'}  =>  {'to':'l4','kind':'end'},{'to':'l3','kind':'offset'}
        metadata to
          'to':'sport'  =>  'to':'dport'
        metadata kind offset
          'kind':'offset'  =>  'kind':'length'
        metadata kind end
          'l4','kind':'end'  =>  'l4','kind':'offset'
        metadata field-off
          'field-off':4,'field-len':2  =>  'field-off':5,'field-len':2
        metadata field-len
          'field-off':4,'field-len':2  =>  'field-off':4,'field-len':4
        metadata mask
          '0xff00'  =>  '0xfe00'
        metadata right-shift
          'right-shift':8  =>  'right-shift':9
        metadata from
          'right-shift':8,'from':'start'  =>  'right-shift':8,'from':'end'
        metadata bytes field-off
          'field-off':5,'field-len':3  =>  'field-off':6,'field-len':3
        metadata bytes field-len
          'field-off':5,'field-len':3  =>  'field-off':5,'field-len':4
        metadata bytes from
          'field-len':3,'from':'end'  =>  'field-len':3,'from':'start'
        metadata constant value
          'kind':'constant','value':4  =>  'kind':'constant','value':6
        metadata constant becomes or
          'kind':'constant'  =>  'kind':'or'
        metadata or value
          'value':256  =>  'value':257
        flag-if
          {'field-off':6,'field-len':2,'mask':'0x00ff','op':'ugt','value':5,'flags':4}  =>
        flag-if op
          'op':'ugt'  =>  'op':'uge'
        flag-if value
          'value':5  =>  'value':6
        flag-if flags
          'flags':4  =>  'flags':5
        flag-if mask
          '0x00ff'  =>  '0x007f'
        flag-fields field-off
          'flag-fields':{'field-off':8  =>  'flag-fields':{'field-off':9
        flag-fields field-len
          'flag-fields':{'field-off':8,'field-len':2  =>  'flag-fields':{'field-off':8,'field-len':4
        flag-fields flag
          'flag':'0x8000'  =>  'flag':'0x4000'
        flag-fields mask
          'mask':'0xc000'  =>  'mask':'0xe000'
        flag-fields default mask
          'flag':'0x2000'  =>  'flag':'0x2000','mask':'0x6000'
        flag-fields length
          'length':6  =>  'length':7
        flag-fields metadata
          'field-off':1,'field-len':2  =>  'field-off':2,'field-len':2
        flag-fields order
          {'flag':'0x2000','length':6}]  =>  {'flag':'0x1000','length':6},{'flag':'0x2000','length':6}]
        tlvs start
          'start':10  =>  'start':11
        tlvs type field-off
          'type':{'field-off':0  =>  'type':{'field-off':1
        tlvs type field-len
          'type':{'field-off':0,'field-len':1  =>  'type':{'field-off':0,'field-len':2
        tlvs type mask
          'mask':'0x7e'  =>  'mask':'0xfe'
        tlvs type right-shift
          'mask':'0x7e','right-shift':1  =>  'mask':'0x7e','right-shift':2
        tlvs length field-off
          'length':{'field-off':1  =>  'length':{'field-off':2
        tlvs length mask
          'mask':'0x3f'  =>  'mask':'0x1f'
        tlvs length right-shift
          'right-shift':2,'multiplier':3  =>  'right-shift':1,'multiplier':3
        tlvs length multiplier
          'multiplier':3  =>  'multiplier':5
        tlvs length add
          'add':1  =>  'add':2
        tlvs pad1
          'pad1':1  =>  'pad1':2
        tlvs pad1 absent
          'pad1':1,  =>
        tlvs eol
          'eol':0  =>  'eol':3
        tlvs eol absent
          'eol':0,  =>
        tlvs ents type
          'type':8  =>  'type':10
        tlvs ents min-length
          'min-length':5  =>  'min-length':6
        tlvs ents metadata
          'to':'dport','kind':'field','field-off':2  =>  'to':'dport','kind':'field','field-off':3
        tlvs ents element
          {'type':9,'min-length':4},  =>
        stop-if field-off
          {'field-off':12,'field-len':4  =>  {'field-off':11,'field-len':4
        stop-if mask
          '0x1fff0000'  =>  '0x0fff0000'
        stop-if op
          'op':'ne'  =>  'op':'ult'
        stop-if value
          'op':'ne','value':0  =>  'op':'ne','value':'0x10000'
        stop-if flags
          'flags':1  =>  'flags':3
        next-proto field-off
          'next-proto':{'field-off':14  =>  'next-proto':{'field-off':13
        next-proto field-len
          'field-off':14,'field-len':2  =>  'field-off':12,'field-len':4
        next-proto mask
          '0x0ff0'  =>  '0x1ff0'
        next-proto right-shift
          'right-shift':4,'from'  =>  'right-shift':3,'from'
        next-proto from
          'right-shift':4,'from':'start'  =>  'right-shift':4,'from':'end'
        next-proto default
          'default':'b'  =>  'default':'c'
        next-proto default null
          'default':'b'  =>  'default':null
        next-proto key
          'key':6  =>  'key':7
        next-proto node
          'key':6,'node':'b'  =>  'key':6,'node':'c'
        next-proto entry
          {'key':6,'node':'b'},  =>
        next-node
          'next-node':'c'  =>  'next-node':'b'
        next-node absent
          ,'next-node':'c'  =>
        overlay
          'overlay':false  =>  'overlay':true
        encap
          'encap':false  =>  'encap':true
        """;

    private record Mutation(String member, String before, String after) {}

    private static List<Mutation> mutations() {
        List<String> lines = MUTATIONS.replace('\'', '"').lines().toList();
        return IntStream.range(0, lines.size() / 2).mapToObj(i -> {
            String[] change = lines.get(2 * i + 1).strip().split(" *=>(?:  )?", 2);
            return new Mutation(lines.get(2 * i), change[0], change[1]);
        }).toList();
    }

    @TestFactory
    Stream<DynamicTest> everyMemberIsInTheHash() {
        String hash = program(BASE).hashText();
        return mutations().stream().map(mutation -> DynamicTest.dynamicTest(mutation.member(), () ->
            assertThat(program(mutated(mutation)).hashText()).isNotEqualTo(hash)));
    }

    @Test
    void noTwoMutationsHaveOneHash() {
        List<String> hashes = new ArrayList<>(mutations().stream()
            .map(mutation -> program(mutated(mutation)).hashText()).toList());
        Set<String> different = new HashSet<>(hashes);
        assertThat(different).hasSameSizeAs(hashes);
    }

    @Test
    void labelsAndMatchTablesAreNotInTheHash() {
        String hash = program(BASE).hashText();
        assertThat(program(BASE.replace("\"name\":\"base\",", "")).hashText()).isEqualTo(hash);
        assertThat(program(BASE.replace("\"c\"", "\"renamed\"")).hashText()).isEqualTo(hash);
        assertThat(program(BASE.replace("\"entries\":9", "\"entries\":10")).hashText()).isEqualTo(hash);
    }

    private static String mutated(Mutation mutation) {
        assertThat(BASE.split(Pattern.quote(mutation.before()), -1)).as("stands once: %s", mutation.before())
            .hasSize(2);
        return BASE.replace(mutation.before(), mutation.after());
    }
}
