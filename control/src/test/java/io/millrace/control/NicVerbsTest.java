package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import io.millrace.testkit.ChangedInstruction;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import static org.assertj.core.api.Assertions.assertThat;

/// `ethtool` and `devlink` on a running router whose ports are at a simulated NIC.
class NicVerbsTest {

    private static final int PACKET_COUNT = 4_000;
    private static final String NO_RULE = "Cannot insert classification rule";

    @TempDir
    private Path folder;

    private LiveRouter router(String model) throws IOException {
        return new LiveRouter(folder, LiveRouter.withNic(model));
    }

    private static void refused(LiveRouter router, int status, String message, String command) {
        Result result = router.ctl(command.split(" "));
        assertThat(result.err()).as(command).isEqualTo(message + "\n");
        assertThat(result.status()).as(command).isEqualTo(status);
    }

    /// The words of a line of `ethtool -k`, of one offload and of what is indented below it.
    private static String feature(LiveRouter router, String label) {
        String text = router.fine("ethtool -k lan");
        int at = text.indexOf("\n" + label + ": ") + 1;
        assertThat(at).as(label + " in " + text).isPositive();
        String rest = text.substring(at);
        return rest.split("\n(?!\t)")[0];
    }

    @Test
    void tellsWhatAFullDeviceDoes() throws IOException {
        try (LiveRouter router = router("full")) {
            assertThat(router.fine("ethtool -k lan").lines()).startsWith("Features for lan:").contains(
                "rx-checksumming: on", "tx-checksumming: on", "segmentation-offload: on", "receive-hashing: on",
                "ntuple-filters: on", "rx-gro-hw: off", "\twanted: no");
            JsonNode json = new ObjectMapper().readTree(router.fine("ethtool --json -k lan")).get(0);
            assertThat(json.get("receive-hashing").get("active").asBoolean()).isTrue();
            assertThat(json.get("receive-hashing").get("programs")).hasSize(2);
            assertThat(router.fine("ethtool -i lan")).contains("driver: sim\n", "firmware-version: 0.test\n",
                "bus-info: sim/nic0\n");
        }
    }

    @Test
    void tellsWhatAClassicAndABareDeviceLack() throws IOException {
        try (LiveRouter router = router("classic")) {
            assertThat(feature(router, "receive-hashing")).isEqualTo("receive-hashing: on");
            assertThat(feature(router, "rx-gro-hw"))
                .contains("rx-gro-hw: off [fixed]", "capable: no: the device has no rx-gro-hw");
        }
        try (LiveRouter router = router("bare")) {
            assertThat(feature(router, "tx-checksumming")).contains("off [fixed]", "the device has no tx-checksumming");
            refused(router, 1, "Cannot get RX ring count: Operation not supported", "ethtool -x lan");
            assertThat(router.ctl("ethtool", "-K", "lan", "rxhash", "on").status()).isEqualTo(1);
        }
    }

    @Test
    void switchesOffloadsAndWhatHangsOnThem() throws IOException {
        try (LiveRouter router = router("full")) {
            assertThat(router.fine("ethtool -K lan rxhash off")).isEmpty();
            assertThat(feature(router, "receive-hashing")).isEqualTo("receive-hashing: off\n\twanted: no");
            assertThat(router.fine("ethtool -K lan rxhash on gro on")).isEmpty();
            assertThat(feature(router, "rx-gro-hw")).isEqualTo("rx-gro-hw: on");
            assertThat(router.fine("ethtool -K lan tx off"))
                .isEqualTo("Actual changes:\nsegmentation-offload: off [not requested]\n");
            assertThat(feature(router, "segmentation-offload")).isEqualTo(
                "segmentation-offload: off [requested on]\n\tcapable: no: needs tx-checksumming");
            router.fine("ethtool -K lan tx-checksumming on");
            assertThat(feature(router, "segmentation-offload")).isEqualTo("segmentation-offload: on");
            refused(router, 92, "netlink error: bit name not found (offset 52)\n"
                + "netlink error: Operation not supported", "ethtool -K lan tx-tcp6-segmentation on");
            Result result = router.ctl("ethtool", "-K", "lan", "parse", "on");
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.out()).startsWith("Could not change any device features\nActual changes:\n"
                + "rx-parsing: off [fixed]\n");
            assertThat(feature(router, "tx-vlan-offload")).isEqualTo("tx-vlan-offload: on");
            router.fine("ethtool -K lan txvlan off");
            assertThat(feature(router, "tx-vlan-offload")).isEqualTo("tx-vlan-offload: off\n\twanted: no");
        }
    }

    @Test
    void showsAndChangesTheHashTable() throws IOException {
        try (LiveRouter router = router("full")) {
            router.fine("ethtool -L lan combined 4");
            assertThat(router.fine("ethtool -x lan").lines()).startsWith(
                "RX flow hash indirection table for lan with 4 RX ring(s):",
                "    0:      0     1     2     3     0     1     2     3",
                "    8:      0     1     2     3     0     1     2     3").endsWith("RSS hash key:",
                "6d:5a:56:da:25:5b:0e:c2:41:67:25:3d:43:a3:8f:b0:d0:ca:2b:cb:ae:7b:30:b4:77:cb:2d:a3:80:30:f2:0c:"
                    + "6a:42:b7:3b:be:ac:01:fa", "RSS hash function:", "    toeplitz: on", "    xor: off",
                "    crc32: off", "RSS input transformation:", "    symmetric-xor: on", "    symmetric-or-xor: off");
            router.fine("ethtool -X lan equal 2 start 1");
            assertThat(router.fine("ethtool -x lan"))
                .contains("    0:      1     2     1     2     1     2     1     2\n");
            router.fine("ethtool -X lan weight 1 0 0 3");
            assertThat(router.fine("ethtool -x lan")).contains(
                "   24:      0     0     0     0     0     0     0     0\n"
                + "   32:      3     3     3     3     3     3     3     3\n");
            String key = "00".repeat(39).replaceAll("..", "$0:") + "01";
            router.fine("ethtool -X lan hkey " + key + " xfrm none");
            assertThat(router.fine("ethtool -x lan")).contains("\n" + key + "\n", "    symmetric-xor: off\n",
                "   32:      3     3");
            refused(router, 1, "Cannot set RX flow hash configuration: Invalid argument", "ethtool -X lan equal 5");
            refused(router, 2, "Key is too short for device (2 < 40)", "ethtool -X lan hkey 00:01");
            refused(router, 2, "At least one weight must be non-zero", "ethtool -X lan weight 0 0");
            refused(router, 1, "Cannot set RX flow hash configuration: Operation not supported",
                "ethtool -X lan hfunc crc32");
            assertThat(router.ctl("ethtool", "-X", "lan").status()).isEqualTo(1);
        }
    }

    @Test
    void keepsContextsAndFieldsApart() throws IOException {
        try (LiveRouter router = router("full")) {
            router.fine("ethtool -L lan combined 4");
            assertThat(router.fine("ethtool -X lan context new equal 1 start 3")).isEqualTo("New RSS context is 1\n");
            assertThat(router.fine("ethtool -x lan context 1")).contains("    0:      3     3");
            assertThat(router.fine("ethtool -x lan")).contains("    0:      0     1");
            assertThat(router.fine("ethtool -N lan flow-type tcp4 dst-port 80 context 1"))
                .isEqualTo("Added rule with ID 1023\n");
            assertThat(router.fine("ethtool -n lan rule 1023")).contains("\tRSS Context ID: 1\n");
            refused(router, 1, "Cannot set RX flow hash configuration: Device or resource busy",
                "ethtool -X lan context 1 delete");
            router.fine("ethtool -N lan delete 1023");
            router.fine("ethtool -X lan context 1 delete");
            refused(router, 1, "Cannot get RX flow hash configuration: No such file or directory",
                "ethtool -x lan context 1");

            assertThat(router.fine("ethtool -n lan rx-flow-hash tcp4")).isEqualTo("""
                TCP over IPV4 flows use these fields for computing Hash flow key:
                IP SA
                IP DA
                L4 bytes 0 & 1 [TCP/UDP src port]
                L4 bytes 2 & 3 [TCP/UDP dst port]

                """);
            router.fine("ethtool -N lan rx-flow-hash udp4 sdfn");
            assertThat(router.fine("ethtool -n lan rx-flow-hash udp4")).contains("L4 bytes 2 & 3");
            Result odd = router.ctl("ethtool", "-N", "lan", "rx-flow-hash", "tcp4", "s");
            assertThat(odd.err()).startsWith("Cannot change RX network flow hashing options: Invalid argument\n"
                + "tcp4: with xfrm symmetric-xor s goes with d");
        }
    }

    @Test
    void listsAndRefusesRules() throws IOException {
        try (LiveRouter router = router("full")) {
            router.fine("ethtool -L lan combined 2");
            assertThat(router.fine("ethtool -U lan flow-type tcp4 dst-ip 192.168.1.2 dst-port 80 action 1"))
                .isEqualTo("Added rule with ID 1023\n");
            assertThat(router.fine("ethtool -U lan flow-type udp6 src-ip fd00:: m ::ffff:ffff vlan 5 action -1 loc 7"))
                .isEmpty();
            assertThat(router.fine("ethtool -n lan")).isEqualTo("""
                2 RX rings available
                Total 2 rules

                Filter: 7
                \tRule Type: UDP over IPv6
                \tSrc IP addr: fd00:: mask: ::255.255.255.255
                \tDest IP addr: :: mask: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
                \tTraffic Class: 0x0 mask: 0xff
                \tSrc port: 0 mask: 0xffff
                \tDest port: 0 mask: 0xffff
                \tVLAN EtherType: 0x0 mask: 0xffff
                \tVLAN: 0x5 mask: 0x0
                \tAction: Drop

                Filter: 1023
                \tRule Type: TCP over IPv4
                \tSrc IP addr: 0.0.0.0 mask: 255.255.255.255
                \tDest IP addr: 192.168.1.2 mask: 0.0.0.0
                \tTOS: 0x0 mask: 0xff
                \tSrc port: 0 mask: 0xffff
                \tDest port: 80 mask: 0x0
                \tAction: Direct to queue 1

                """);
            JsonNode rules = new ObjectMapper().readTree(router.fine("ethtool --json -n lan")).get(0).get("rules");
            assertThat(rules.get(1).get("match").get("dport").get("value").asInt()).isEqualTo(80);
            String insert = "rmgr: Cannot insert RX class rule: ";
            refused(router, 1, insert + "Invalid argument\n" + NO_RULE, "ethtool -U lan flow-type tcp4 action 2");
            refused(router, 1, insert + "Invalid argument\n" + NO_RULE,
                "ethtool -U lan flow-type tcp4 action 1 loc 1024");
            refused(router, 1, insert + "File exists\n" + NO_RULE,
                "ethtool -U lan flow-type tcp4 dst-ip 192.168.1.2 dst-port 80 action 0 loc 3");
            refused(router, 1, insert + "Operation not supported\n" + NO_RULE
                + ": the device's records say nothing of tos", "ethtool -U lan flow-type tcp4 tos 4 action 0");
            String bad = "ethtool: bad command line argument(s)\nFor more information run ethtool -h";
            for (String words : new String[] {"tcp5", "tcp4 dst-port 65536", "tcp4 src-ip ::1", "ip4 dst-port 1",
                "tcp4 dst-port", "tcp4 spi 1", "tcp4 dst-port -1"}) {
                refused(router, 1, bad, "ethtool -U lan flow-type " + words);
            }
            refused(router, 1, "rmgr: Cannot delete RX class rule: No such file or directory\n"
                + "Cannot delete classification rule", "ethtool -U lan delete 9");
            router.fine("ethtool -K lan ntuple off");
            assertThat(router.fine("ethtool -n lan")).contains("Total 0 rules");
            refused(router, 1, insert + "Operation not supported\n" + NO_RULE + ": ntuple-filters are off: not wanted",
                "ethtool -U lan flow-type tcp4 action 1");
        }
    }

    @Test
    void rulesOfRawTablesDecideBeforeThePacketReachesAWorker() throws IOException, InterruptedException {
        try (LiveRouter router = router("full")) {
            Path graph = Files.writeString(folder.resolve("raw.cpr.json"), defaultGraphWith("""
                { "name": "sources", "target": "raw", "entries": 2, "keys": ["src", "sport"] }"""));
            router.fine("devlink dev reload sim/nic0 action parser-fetch " + graph);
            refused(router, 1, "rmgr: Cannot insert RX class rule: Operation not supported\n" + NO_RULE
                + ": ntuple-filters are off: no table for ntuple", "ethtool -U lan flow-type tcp4 action 0");
            refused(router, 1, "no raw table \"x\"; the graph has sources",
                "ethtool -U lan flow-type raw table x action 0");
            refused(router, 1, "table sources has no key \"dport\"; it has src, sport",
                "ethtool -U lan flow-type raw table sources dport 1 action 0");
            assertThat(router.fine("ethtool -U lan flow-type raw table sources src 10.0.0.7 sport 4000 action -1"))
                .isEqualTo("Added rule with ID 65537\n");
            assertThat(router.fine("ethtool -n lan")).contains("Filter: 65537\n\tRule Type: Raw table sources\n"
                + "\tsrc: ::10.0.0.7 mask: ::\n\tsport: 4000 mask: 0x0\n\tAction: Drop\n");
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            Thread.sleep(100);
            assertThat(router.wan.sent).isEmpty();
            router.fine("ethtool -U lan delete 65537");
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            assertThat(router.nextSent(router.wan)).isNotNull();
            router.fine("ethtool -U lan flow-type raw table sources sport 1 action 0");
            router.fine("ethtool -U lan flow-type raw table sources sport 2 action 0");
            refused(router, 1, "rmgr: Cannot insert RX class rule: No space left on device\n" + NO_RULE,
                "ethtool -U lan flow-type raw table sources sport 3 action 0");
        }
    }

    private String defaultGraphWith(String table) throws IOException {
        Path image = folder.resolve("default.image");
        LiveRouter.execute(InputStream.nullInputStream(), "parser", "compile", "default", "-o", image.toString());
        String printed = LiveRouter.execute(InputStream.nullInputStream(), "parser", "print", image.toString()).out();
        return printed.substring(0, printed.lastIndexOf('}')).stripTrailing() + ",\n  \"match-tables\": [" + table
            + "]\n}\n";
    }

    @Test
    void changesChannelsAndRings() throws IOException {
        try (LiveRouter router = router("full")) {
            assertThat(router.fine("ethtool -l lan"))
                .contains("RX:\t\tn/a\n", "Combined:\t16\nCurrent", "Combined:\t1\n");
            router.fine("ethtool -L lan combined 8");
            router.fine("ethtool -X lan equal 8");
            refused(router, 1, "netlink error: requested channel counts are too low for existing indirection table (7)"
                + " (offset 32)\nnetlink error: Invalid argument", "ethtool -L lan combined 4");
            router.fine("ethtool -X lan default");
            router.fine("ethtool -L lan combined 4");
            assertThat(router.fine("ethtool -x lan")).contains("with 4 RX ring(s)",
                "    0:      0     1     2     3     0     1     2     3\n");
            router.fine("ethtool -U lan flow-type tcp4 action 3 loc 0");
            refused(router, 1, "netlink error: requested channel counts are too low for existing ntuple filter settings"
                + " (offset 32)\nnetlink error: Invalid argument", "ethtool -L lan combined 3");
            refused(router, 1, "netlink error: requested channel count exceeds maximum (offset 32)\n"
                + "netlink error: Invalid argument", "ethtool -L lan combined 17");

            assertThat(router.fine("ethtool -g lan")).contains("RX:\t\t4096\n", "RX:\t\t512\n", "TX:\t\t512\n");
            router.fine("ethtool -G lan rx 1000 tx 64");
            assertThat(router.fine("ethtool -g lan")).contains("RX:\t\t1024\n", "TX:\t\t64\n");
            refused(router, 1, "netlink error: requested ring size exceeds maximum (offset 36)\n"
                + "netlink error: Invalid argument", "ethtool -G lan rx 4097");
        }
    }

    @Test
    void anImageWithMergingChangedIsRefusedForMergingAlone() throws IOException {
        Path image = changedMerging();
        try (LiveRouter router = router("full")) {
            router.fine("ethtool -K lan gro on");
            String before = router.fine("ethtool -k lan");
            assertThat(router.fine("devlink dev flash sim/nic0 file " + image))
                .isEqualTo("Preparing to flash\nFlashing 100%\n");
            assertThat(router.fine("ethtool -k lan")).as("stored is not run").isEqualTo(before);
            assertThat(router.fine("devlink dev reload sim/nic0 action fw_activate"))
                .isEqualTo("reload_actions_performed:\n  fw_activate\n");
            String after = router.fine("ethtool -k lan");
            assertThat(after.lines().filter(line -> !before.lines().toList().contains(line))).satisfiesExactly(
                line -> assertThat(line).isEqualTo("rx-gro-hw: off [requested on]"),
                line -> assertThat(line)
                    .matches("\thash equal: no: gro: host [0-9a-f]{12}, device [0-9a-f]{12}"),
                line -> assertThat(line).matches("\t\thost   [0-9a-f]{64}"),
                line -> assertThat(line).matches("\t\tdevice [0-9a-f]{64}"));
            assertThat(router.fine("devlink dev info sim/nic0")).contains("        fw changed\n");
        }
    }

    private Path changedMerging() throws IOException {
        Path file = folder.resolve("classes/io/millrace/gro/Merging.class");
        Files.createDirectories(file.getParent());
        try (InputStream merging = getClass().getResourceAsStream("/io/millrace/gro/Merging.class")) {
            Files.write(file, ChangedInstruction.in(merging.readAllBytes()));
        }
        Path image = folder.resolve("changed.fw");
        Result built = LiveRouter.execute(InputStream.nullInputStream(), "firmware", "build", "--graph", "default",
            "--label", "changed", "--classes", folder.resolve("classes").toString(), "-o", image.toString());
        assertThat(built.status()).as(built.err()).isZero();
        return image;
    }

    @Test
    void refusesWrongCutAndForeignImagesAndKeepsWhatItRan() throws IOException {
        byte[] image = Files.readAllBytes(changedMerging());
        Path cut = Files.write(folder.resolve("cut.fw"), Arrays.copyOf(image, 500));
        byte[] flipped = image.clone();
        flipped[300] ^= 1;
        Path wrong = Files.write(folder.resolve("wrong.fw"), flipped);
        Path foreign = Files.writeString(folder.resolve("foreign.fw"), "not an image at all, ".repeat(20));
        try (LiveRouter router = router("full")) {
            String before = router.fine("devlink dev info sim/nic0");
            for (Path each : new Path[] {cut, wrong, foreign}) {
                Result result = router.ctl("devlink", "dev", "flash", "sim/nic0", "file", each.toString());
                assertThat(result.status()).isEqualTo(1);
                assertThat(result.err()).matches("Error: " + each
                    + ": firmware image, offset \\d+: .*; expected .*\nkernel answers: Invalid argument\n");
                assertThat(router.fine("devlink dev info sim/nic0")).isEqualTo(before);
            }
            refused(router, 1, "Error: failed to locate the requested firmware file\n"
                + "kernel answers: No such file or directory", "devlink dev flash sim/nic0 file " + folder + "/none");
            router.fine("devlink dev reload sim/nic0");
            assertThat(router.fine("devlink dev info sim/nic0")).isEqualTo(before);
        }
    }

    @Test
    void showsTheGraphThatItRunsWithItsHash() throws IOException {
        try (LiveRouter router = router("full")) {
            for (String graph : new String[] {"default", "l3"}) {
                router.fine("devlink dev reload sim/nic0 action parser-fetch " + graph);
                String expected = LiveRouter.execute(InputStream.nullInputStream(), "parser", "hash", graph).out();
                for (String command : new String[] {"devlink dev parser show sim/nic0",
                    "devlink -j dev parser show sim/nic0", "devlink dev parser show sim/nic0 -j"}) {
                    Path shown = Files.writeString(folder.resolve("shown.cpr.json"), router.fine(command));
                    Result hash = LiveRouter.execute(InputStream.nullInputStream(), "parser", "hash",
                        shown.toString());
                    assertThat(hash.out()).as(command).isEqualTo(expected);
                }
            }
            assertThat(feature(router, "receive-hashing")).contains("hash equal: no: parser: host ");
            router.fine("devlink dev reload sim/nic0");
            assertThat(feature(router, "receive-hashing")).isEqualTo("receive-hashing: on");
        }
    }

    /// The device goes over between two packets.
    @Test
    void fetchesParsersUnderTrafficWithoutLosingOrReorderingAPacket() throws Exception {
        try (LiveRouter router = router("full")) {
            List<Integer> sent = underTraffic(router, "devlink dev reload sim/nic0 action parser-fetch l3",
                "devlink dev reload sim/nic0 action parser-fetch default");
            assertThat(sent).hasSize(PACKET_COUNT).isSorted().doesNotHaveDuplicates();
        }
    }

    /// A packet may overtake another of its flow that waits in a queue which the flow has left, as on any card.
    @Test
    void changesChannelsUnderTrafficWithoutLosingAPacket() throws Exception {
        try (LiveRouter router = router("full")) {
            List<Integer> sent = underTraffic(router, "ethtool -L lan combined 4", "ethtool -L lan combined 1",
                "ethtool -X lan equal 1", "ethtool -X lan default");
            assertThat(sent).hasSize(PACKET_COUNT).doesNotHaveDuplicates();
        }
    }

    /// The numbers of the packets that left while the commands were given in turn.
    private static List<Integer> underTraffic(LiveRouter router, String... commands) throws InterruptedException {
        var sender = new Thread(() -> {
            for (int i = 0; i < PACKET_COUNT; i++) {
                router.lan.toReceive.add(Frame.ethernet(LiveRouter.HOST_MAC, LiveRouter.LAN_MAC)
                    .ipv4("10.0.0.7", "10.9.0.1").udp(4000, 53).payload((byte) (i >> 8), (byte) i).bytes());
                if (i % 20 == 0) LockSupport.parkNanos(500_000);
            }
        });
        sender.start();
        for (int i = 0; sender.isAlive(); i++) router.fine(commands[i % commands.length]);
        sender.join();
        List<Integer> sent = new ArrayList<>();
        for (int i = 0; i < PACKET_COUNT; i++) {
            byte[] frame = router.nextSent(router.wan);
            assertThat(frame).as("packet " + i + " of " + PACKET_COUNT).isNotNull();
            sent.add((frame[42] & 0xff) << 8 | frame[43] & 0xff);
        }
        return sent;
    }

    @Test
    void showsResourcesHealthAndDevices() throws IOException {
        try (LiveRouter router = router("full")) {
            assertThat(router.fine("devlink dev")).isEqualTo("sim/nic0\n");
            router.fine("ethtool -U lan flow-type tcp4 action 0");
            assertThat(router.fine("devlink resource show sim/nic0").lines()).contains("sim/nic0:",
                "  name lan/ntuple-rules size 1024 occ 1 unit entry size_min 1024 size_max 1024 size_gran 1 "
                    + "dpipe_tables none");
            assertThat(router.fine("devlink health")).isEqualTo("sim/nic0:\n  reporter audit\n"
                + "    state healthy error 0 recover 0 auto_recover false auto_dump true\n  reporter driver\n"
                + "    state healthy error 0 recover 0 auto_recover true auto_dump true\n  reporter eswitch\n"
                + "    state healthy error 0 recover 0 auto_recover false auto_dump true\n  reporter filters\n"
                + "    state healthy error 0 recover 0 auto_recover false auto_dump true\n");
            router.fine("devlink health recover sim/nic0 reporter audit");
            refused(router, 1, "kernel answers: No such device\nthe devices are sim/nic0", "devlink dev info sim/nic1");
            refused(router, 1, "Error: Requested limit is invalid for this action\nkernel answers: Invalid argument",
                "devlink dev reload sim/nic0 limit no_reset");
            refused(router, 1, "Error: Requested reload action is not supported by the driver\n"
                + "kernel answers: Operation not supported", "devlink dev reload sim/nic0 action boil");
            JsonNode info = new ObjectMapper().readTree(router.fine("devlink -j dev info")).get("info").get("sim/nic0");
            assertThat(info.get("versions").get("running").get("fw.gro").asString()).hasSize(64);
            assertThat(info.get("limits").get("max-nodes").asInt()).isEqualTo(255);
        }
    }
}
