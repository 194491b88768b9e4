package io.millrace.perf.profile;

import io.millrace.nic.driver.gen.TrafficProfile;
import io.millrace.nic.driver.gen.replay.CaptureSpec;
import io.millrace.nic.driver.gen.session.SessionSpec;
import io.millrace.nic.driver.gen.stream.FieldValues;
import io.millrace.nic.driver.gen.stream.Rate;
import io.millrace.nic.driver.gen.stream.StreamSpec;
import io.millrace.packet.document.Document;
import io.millrace.packet.document.DocumentException;
import io.millrace.testkit.Project;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ProfileFileTest {

    private static final String GOOD = """
        line: 10Gbit/s
        seed: 7
        streams:
          dns:
            layers:
              - ethernet: { target: 02:00:00:00:00:01 }
              - vlan: { id: 10 }
              - ipv4: { source: { random: 10.0.0.0/8, per: flow }, target: 198.51.100.1 }
              - udp: { source-port: { from: 1024, to: 2047, step: 2 }, target-port: 53 }
            flows: { count: 1000, order: zipf, exponent: 1.1 }
            sizes: { imix: trex }
            rate: 50%
            burst: 4
            start: 10ms
            duration: 2s
            stamp: false
          syn:
            layers:
              - ethernet
              - ipv6: { source: { random: ["2001:db8::1", "2001:db8::ffff"] }, target: "2001:db8:1::1" }
              - tcp: { flags: "syn,ece", source-port: { zipf: [1, 100] }, target-port: { list: [80, 443] } }
            sizes: [80, 90]
            rate: { bits: 1Mbit/s, layer: 2 }
            count: 5
        """;

    private static TrafficProfile read(String text) {
        return ProfileFile.read(Document.yaml("p.yaml", text));
    }

    private static String complaint(String from, String to) {
        String text = GOOD.replace(from, to);
        assertThat(text).isNotEqualTo(GOOD);
        try {
            read(text);
        } catch (DocumentException e) {
            return e.getMessage();
        }
        throw new AssertionError("nothing was wrong with " + to);
    }

    @Test
    void readsWhatIsWritten() {
        TrafficProfile profile = read(GOOD);
        StreamSpec dns = profile.streams().getFirst();
        assertThat(dns.rate()).isEqualTo(new Rate.Bits(5e9, 1));
        assertThat(dns.sizes().frameBytes()).containsExactly(60, 590, 1514);
        assertThat(dns.fields()).hasSize(2);
        assertThat(dns.fields().get(0).values()).isEqualTo(new FieldValues.Uniform(0x0a000000, 0x0affffff));
        assertThat(dns.fields().get(0).isPerFlow()).isTrue();
        assertThat(dns.fields().get(1).values()).isEqualTo(new FieldValues.Steps(1024, 2047, 2));
        assertThat(dns.burst()).isEqualTo(4);
        assertThat(dns.startNs()).isEqualTo(10_000_000);
        StreamSpec syn = profile.streams().get(1);
        assertThat(syn.rate()).isEqualTo(new Rate.Bits(1e6, 2));
        assertThat(syn.layers().layers().get(2).values().get("flags").low()).isEqualTo(0x42);
        assertThat(syn.layers().layers().get(1).values().get("source").high()).isEqualTo(0x2001_0db8_0000_0000L);
    }

    @Test
    void showsEveryMistakeInItsPlace() {
        assertThat(complaint("target-port: 53", "target-prot: 53")).contains("p.yaml:9:64",
            "unknown key \"target-prot\", did you mean \"target-port\"?", "^", "allowed: source-port, target-port");
        assertThat(complaint("target-port: 53", "target-port: 70000")).contains("70000 is out of range",
            "from 0 to 65535");
        assertThat(complaint("- vlan: { id: 10 }", "- vlam: { id: 10 }"))
            .contains("p.yaml:7:9", "did you mean \"vlan\"?");
        assertThat(complaint("- vlan: { id: 10 }", "- tcp")).contains("p.yaml:7:9", "tcp cannot lie on ethernet");
        assertThat(complaint("line: 10Gbit/s\n", "")).contains("a share of what?", "line: 10Gbit/s");
        assertThat(complaint("rate: 50%", "rate: fast")).contains("\"fast\" is no rate", "1Mpps");
        assertThat(complaint("imix: trex", "imix: trexx")).contains("did you mean \"trex\"?");
        assertThat(complaint("random: 10.0.0.0/8", "random: 10.0.0.1/8")).contains("p.yaml:8:");
        assertThat(complaint("from: 1024, to: 2047", "from: 3000, to: 2047"))
            .contains("the range ends before it begins");
        assertThat(complaint("syn,ece", "syn,eze")).contains("\"eze\" is no TCP flag");
        assertThat(complaint("stamp: false", "stamp: true")).contains("frames of stream dns need 62 bytes at least",
            "46 of headers and 16 of stamp, got 60");
        assertThat(complaint("    flows: { count: 1000, order: zipf, exponent: 1.1 }\n", ""))
            .contains("fields vary per flow, but \"flows\" is missing");
        assertThat(complaint(", per: flow", "")).contains("no field varies per flow");
        assertThat(complaint("\"2001:db8::ffff\"", "\"2001:db8:9::\"")).contains("first 64 bits");
        assertThat(complaint("sizes: [80, 90]", "sizes: [80, 9]")).contains("9 is out of range");
        assertThat(complaint("streams:", "flows:")).contains("nothing to generate", "unknown key \"flows\"");
        assertThat(complaint("step: 2", "random: [1, 2]")).contains("it varies in one way");
    }

    @Test
    void collectsMistakesOfSeveralStreams() {
        assertThatThrownBy(() -> read(GOOD.replace("id: 10", "id: 5000").replace("count: 5", "count: 0")))
            .hasMessageContaining("5000 is out of range").hasMessageContaining("0 is out of range");
    }

    private static final String TALKING = """
        sessions:
          web:
            protocol: tcp
            clients: { port: lan, mac: 02:00:00:00:00:99, gateway: 02:00:00:00:00:01, addresses: 10.0.0.0/16 }
            servers: { port: wan, mac: 02:00:00:00:00:fe, gateway: 02:00:00:00:00:02, addresses: 203.0.113.9,
                       service: 80 }
            rate: 10k/s
            concurrency: 1000
            hold: 10ms
            request: { from: 100, to: 500 }
            response: { zipf: [1000, 50000], exponent: 1.2 }
            end: reset
            loss: 1%
            reordering: 0.5%
            timeout: 50ms
            segment: 1000
        captures:
          office:
            file: FILE
            speed: 2.5
            loops: endless
            gap: 1ms
            rewrite: { source: 02:00:00:00:00:99, addresses: { 10.0.0.0/8: 172.0.0.0/8 } }
        """.replace("FILE", Project.root().resolve("examples/captures/lan.pcap").toString());

    private static String talkComplaint(String from, String to) {
        String text = TALKING.replace(from, to);
        assertThat(text).isNotEqualTo(TALKING);
        try {
            read(text);
        } catch (DocumentException e) {
            return e.getMessage();
        }
        throw new AssertionError("nothing was wrong with " + to);
    }

    @Test
    void readsSessionsAndCaptures() {
        TrafficProfile profile = read(TALKING);
        SessionSpec web = profile.sessions().getFirst();
        assertThat(web.clients().addressCount()).isEqualTo(65_536);
        assertThat(web.clients().firstPort()).isEqualTo(1024);
        assertThat(web.servers().lastPort()).isEqualTo(80);
        assertThat(web.load().perSecond()).isEqualTo(10_000);
        assertThat(web.load().holdNs()).isEqualTo(10_000_000);
        assertThat(web.talk().request()).isEqualTo(new FieldValues.Uniform(100, 500));
        assertThat(web.talk().response()).isEqualTo(new FieldValues.Zipf(1000, 50_000, 1.2));
        assertThat(web.talk().resets()).isTrue();
        assertThat(web.faults().reordering()).isEqualTo(0.005);
        CaptureSpec office = profile.captures().getFirst();
        assertThat(office.speed()).isEqualTo(2.5);
        assertThat(office.loops()).isEqualTo(CaptureSpec.ENDLESS);
        assertThat(office.rewriting().prefixes()).hasSize(1);
    }

    @Test
    void showsEveryMistakeOfSessionsInItsPlace() {
        assertThat(talkComplaint("protocol: tcp", "protocol: sctp")).contains("p.yaml:3:15", "allowed: tcp, udp", "^");
        assertThat(talkComplaint("rate: 10k/s", "rate: 10kpps")).contains("p.yaml:7:11", "no rate of sessions",
            "10k/s");
        assertThat(talkComplaint("    rate: 10k/s\n", "")).contains("\"rate\" is missing");
        assertThat(talkComplaint("concurrency: 1000", "concurrency: 0")).contains("p.yaml:8:", "0 is out of range");
        assertThat(talkComplaint("hold: 10ms", "hold: 10")).contains("p.yaml:9:", "no duration");
        assertThat(talkComplaint("{ from: 100, to: 500 }", "7")).contains("p.yaml:10:", "7 is out of range", "from 8");
        assertThat(talkComplaint("{ from: 100, to: 500 }", "{ from: 100, to: 50 }")).contains("50 is out of range");
        assertThat(talkComplaint("[1000, 50000]", "[1000]")).contains("a range has two ends");
        assertThat(talkComplaint("end: reset", "end: abort")).contains("allowed: close, reset");
        assertThat(talkComplaint("loss: 1%", "loss: 100%")).contains("loss must be below 1");
        assertThat(talkComplaint("reordering: 0.5%", "reordering: x")).contains("\"x\" is no share");
        assertThat(talkComplaint("segment: 1000", "segment: 9000")).contains("9000 is out of range");
        assertThat(talkComplaint("service: 80", "servce: 80")).contains("did you mean \"service\"?",
            "\"service\" is missing");
        assertThat(talkComplaint("10.0.0.0/16", "\"2001:db8::/64\"")).contains("sessions have IPv4 addresses");
        assertThat(talkComplaint("10.0.0.0/16", "[10.0.0.9, 10.0.0.1]")).contains("the range ends before it begins");
        assertThat(talkComplaint("end: reset", "dialogues: nowhere.pcap")).contains("no meaning with dialogues");
        assertThat(talkComplaint("protocol: tcp", "protocol: udp")).contains("\"end: reset\" has no meaning");
    }

    @Test
    void showsEveryMistakeOfCapturesInItsPlace() {
        assertThat(talkComplaint("speed: 2.5", "speed: fast")).contains("p.yaml:20:12", "no speed", "or max");
        assertThat(talkComplaint("loops: endless", "loops: 0")).contains("p.yaml:21:", "0 is out of range");
        assertThat(talkComplaint("gap: 1ms", "gap: soon")).contains("p.yaml:22:", "no duration");
        assertThat(talkComplaint("172.0.0.0/8", "172.16.0.0/16")).contains("both prefixes have one length");
        assertThat(talkComplaint("10.0.0.0/8:", "10.0.0.1/8:")).contains("p.yaml:23:");
        assertThat(talkComplaint("source: 02", "sauce: 02")).contains("did you mean \"source\"?");
        assertThat(talkComplaint("lan.pcap", "missing.pcap")).contains("p.yaml:19:11", "missing.pcap");
        assertThatThrownBy(() -> read("seed: 1\n")).hasMessageContaining("nothing to generate")
            .hasMessageContaining("streams, sessions, captures");
    }

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Project.root().resolve("examples/load"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")
                && !file.getFileName().toString().startsWith("gateway")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsRight(Path file) throws IOException {
        // Captures are named from the project's root.
        TrafficProfile profile = ProfileFile.parse(file.toString(), Files.readString(file)
            .replace("examples/captures", Project.root().resolve("examples/captures").toString()));
        assertThat(profile.streams().size() + profile.sessions().size() + profile.captures().size()).isPositive();
    }
}
