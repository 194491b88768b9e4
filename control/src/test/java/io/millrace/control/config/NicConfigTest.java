package io.millrace.control.config;

import io.millrace.dataplane.config.FaultConfig;
import io.millrace.dataplane.config.NicConfig;
import io.millrace.dataplane.config.NicPortConfig;
import io.millrace.nic.sim.fault.FaultKind;
import io.millrace.nic.sim.fault.FaultShares;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.nic.sim.model.ReceiveChecksum;
import io.millrace.packet.document.DocumentException;
import io.millrace.packet.memory.GsoType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NicConfigTest {

    @TempDir
    private Path folder;

    @Test
    void readsNicsAndWritesWhatReadsBackAsTheSame() throws IOException {
        ConfigFile file = read("nics: { nic0: { model: full, ring: 256, pause: off, latency: 5us, flow-table: 64 } }",
            "nic: nic0, queues: 4, rx-gro-hw: on,");
        NicConfig nic = file.config().nics().getFirst();
        assertThat(nic.model()).isEqualTo(
            NicModel.FULL.with(NicModel.FULL.limits().withLatency(5_000).withFlowEntries(64)));
        assertThat(nic.ringSlots()).isEqualTo(256);
        assertThat(nic.isPausing()).isFalse();
        assertThat(file.config().ports().getFirst().nic()).isEqualTo(Optional.of(new NicPortConfig("nic0", 4, true)));
        Path again = Files.writeString(folder.resolve("again.yaml"),
            ConfigWriter.write(file.config(), file.control()));
        assertThat(ConfigFile.read(again).config()).isEqualTo(file.config());
    }

    @Test
    void readsAModelFileOfAnyMix() throws IOException {
        Path model = Files.writeString(folder.resolve("mix.yaml"), """
            receive-checksum: unnecessary
            transmit-checksum: [ipv4, sctp]
            segmentation: [tcp4]
            receive-hash: true
            limits: { queues: 3, ring: 128, ntuple-rules: 0, max-nodes: 300, latency: 1ms }
            """);
        NicModel mix = read("nics: { nic0: { model: \"" + model + "\" } }", "nic: nic0,").config().nics().getFirst()
            .model();
        assertThat(mix.receiveChecksum()).isEqualTo(ReceiveChecksum.UNNECESSARY);
        assertThat(mix.transmitChecksums().ipv4()).isTrue();
        assertThat(mix.transmitChecksums().ipv6()).isFalse();
        assertThat(mix.segmentationTypes()).isEqualTo(GsoType.TCPV4);
        assertThat(mix.limits().queuesMax()).isEqualTo(3);
        assertThat(mix.limits().latencyNs()).isEqualTo(1_000_000);
        assertThat(mix.isCapable(NicFeature.RULES)).isFalse();
        assertThat(mix.isCapable(NicFeature.MERGING)).isFalse();
    }

    @Test
    void saysWhatIsWrongAndWhere() throws IOException {
        fails("nics: { nic0: { model: fulll } }", "nic: nic0,", "is no model", "full, classic, bare, or a file");
        fails("nics: { nic0: { ring: 100 } }", "nic: nic0,", "100 is no power of two");
        fails("nics: { nic0: { model: bare } }", "nic: nic0, queues: 2,", "more queues than nic0 has for a port: 2 > 1");
        fails("nics: { nic0: { model: classic } }", "nic: nic0, rx-gro-hw: on,", "cannot merge");
        fails("nics: { nic0: {} }", "", "no port has this NIC");
        fails("nics: { nic0: {} }", "nic: nic1,", "no NIC is named \"nic1\"", "nic0");
        fails("nics: { nic0: { flow-tabel: 3 } }", "nic: nic0,", "flow-tabel", "flow-table");
        fails("", "rx-gro-hw: on,", "has no meaning without a NIC");
        Path model = Files.writeString(folder.resolve("bad.yaml"), "segmentation: [tcp4]\nlimits: { queues: 0 }\n");
        fails("nics: { nic0: { model: \"" + model + "\" } }", "nic: nic0,", "bad.yaml:2:");
        Path idle = Files.writeString(folder.resolve("idle.yaml"), "segmentation: [tcp4]\n");
        fails("nics: { nic0: { model: \"" + idle + "\" } }", "nic: nic0,",
            "a device that fills in no checksums cuts nothing");
    }

    @Test
    void readsFaultsAndSaysWhatIsWrongWithThem() throws IOException {
        ConfigFile file = read("nics: { nic0: { faults: { lost-completions: 0.01, stuck-every: 1s, stuck-for: 20ms, "
            + "seed: 7 } } }", "nic: nic0,");
        FaultConfig faults = file.config().nics().getFirst().faults();
        assertThat(faults.shares()).isEqualTo(FaultShares.NONE.with(FaultKind.LOST_COMPLETIONS, 0.01)
            .withNs(FaultKind.STUCK_EVERY, 1_000_000_000).withNs(FaultKind.STUCK_FOR, 20_000_000));
        assertThat(faults.seed()).hasValue(7);
        Path again = Files.writeString(folder.resolve("again.yaml"),
            ConfigWriter.write(file.config(), file.control()));
        assertThat(ConfigFile.read(again).config()).isEqualTo(file.config());

        fails("nics: { nic0: { faults: { lost-completion: 0.01 } } }", "nic: nic0,", "config.yaml:1:27",
            "did you mean \"lost-completions\"");
        fails("nics: { nic0: { faults: { lies: 2 } } }", "nic: nic0,", "config.yaml:1:33", "\"2\" is no share",
            "0 to 1, as 0.01");
        fails("nics: { nic0: { faults: { late: 5 } } }", "nic: nic0,", "\"5\" is no duration", "0 s to 1 h");
        fails("nics: { nic0: { faults: { down-every: 1s, down-for: 2s } } }", "nic: nic0,",
            "down-for must be shorter than down-every");
    }

    private void fails(String nics, String members, String... parts) {
        assertThatThrownBy(() -> read(nics, members)).isInstanceOf(DocumentException.class)
            .hasMessageContainingAll(parts);
    }

    private ConfigFile read(String nics, String members) throws IOException {
        return ConfigFile.read(Files.writeString(folder.resolve("config.yaml"), nics + "\nports:\n  lan: { " + members
            + " wire: \"null\", addresses: [192.0.2.1/24] }\n"));
    }
}
