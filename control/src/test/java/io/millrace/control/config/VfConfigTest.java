package io.millrace.control.config;

import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.NicPortConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.VfConfig;
import io.millrace.dataplane.config.WireConfig;
import io.millrace.nic.sim.eswitch.EswitchMode;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

import static org.assertj.core.api.Assertions.assertThat;

/// Virtual functions in a config file: what is plugged in, the representor, and what is refused where.
class VfConfigTest extends RefusedConfigs {

    @Test
    void aPlugAndARepresentorAreOnePort() throws IOException {
        DataplaneConfig config = read("""
            nics: { nic0: { mode: legacy, vfs: 2 } }
            ports:
              nic0vf1: { addresses: [10.9.0.1/24], mtu: 1400, queues: 2 }
              vm1: { wire: tap, device: mr-vm1, nic: nic0, vf: 1, mac: "02:00:00:00:0a:01" }
              lan: { wire: tap, device: mr-lan, nic: nic0 }
              vm0: { wire: "null", nic: nic0, vf: 0 }
            """);
        assertThat(config.nics().getFirst().mode()).isEqualTo(EswitchMode.LEGACY);
        assertThat(config.nics().getFirst().vfs()).isEqualTo(2);
        assertThat(config.ports()).extracting(PortConfig::name).containsExactly("nic0vf1", "lan", "nic0vf0");
        PortConfig first = config.ports().getFirst();
        assertThat(first.wire()).isEqualTo(new WireConfig.Tap("mr-vm1", 1, true, false));
        assertThat(first.mtuBytes()).isEqualTo(1_400);
        assertThat(first.addresses()).hasSize(1);
        assertThat(first.nic()).isEqualTo(Optional.of(new NicPortConfig("nic0", 2, false,
            Optional.of(new VfConfig(1, "vm1", OptionalLong.of(0x0200_0000_0a01L))))));
        assertThat(first.wireEntry()).isEqualTo("vm1");
        assertThat(config.ports().getLast().addresses()).isEmpty();
    }

    @Test
    void whatIsWrittenReadsBackAsTheSame() throws IOException {
        DataplaneConfig config = read("""
            nics: { nic0: { mode: legacy, vfs: 2 } }
            ports:
              lan: { wire: tap, device: mr-lan, nic: nic0 }
              vm1: { wire: tap, device: mr-vm1, nic: nic0, vf: 1, mac: "02:00:00:00:0a:01" }
              nic0vf1: { addresses: [10.9.0.1/24], mtu: 1400, rx-gro-hw: on }
            """);
        assertThat(read(ConfigWriter.write(config, ControlConfig.NONE))).isEqualTo(config);
    }

    @Test
    void theModeIsSwitchdevIfNoneIsGiven() throws IOException {
        DataplaneConfig config = read("""
            nics: { nic0: {} }
            ports: { lan: { wire: tap, device: mr-lan, nic: nic0 } }
            """);
        assertThat(config.nics().getFirst().mode()).isEqualTo(EswitchMode.SWITCHDEV);
    }

    @Test
    void modesAndNumbersThatCannotBe() {
        assertRefused("""
            nics: { nic0: { mode: switchdef, vfs: 65 } }
            ports: { lan: { wire: "null", nic: nic0 } }
            """, """
            g.yaml:1:23: nics.nic0.mode: "switchdef" is not known, did you mean "switchdev"?
              1 | nics: { nic0: { mode: switchdef, vfs: 65 } }
                |                       ^
              allowed: legacy, switchdev
            g.yaml:1:39: nics.nic0.vfs: 65 is out of range
              1 | nics: { nic0: { mode: switchdef, vfs: 65 } }
                |                                       ^
              allowed: a whole number from 0 to 64
            """);
    }

    @Test
    void aVirtualFunctionThatTheNicDoesNotHave() {
        assertRefused("""
            nics: { nic0: { vfs: 2 } }
            ports:
              lan: { wire: "null", nic: nic0 }
              vm2: { wire: "null", nic: nic0, vf: 2 }
            """, """
            g.yaml:4:39: ports.vm2.vf: nic0 has no VF 2
              4 |   vm2: { wire: "null", nic: nic0, vf: 2 }
                |                                       ^
              allowed: 0 to 1
            """);
    }

    @Test
    void aVirtualFunctionWithTwoPlugs() {
        assertRefused("""
            nics: { nic0: { vfs: 2 } }
            ports:
              lan: { wire: "null", nic: nic0 }
              vm0: { wire: "null", nic: nic0, vf: 0 }
              vm1: { wire: "null", nic: nic0, vf: 0 }
            """, """
            g.yaml:5:39: ports.vm1.vf: port vm0 is plugged into VF 0 of nic0 already
              5 |   vm1: { wire: "null", nic: nic0, vf: 0 }
                |                                       ^
            """);
    }

    @Test
    void aRepresentorWithNothingPluggedIn() {
        assertRefused("""
            nics: { nic0: { vfs: 2 } }
            ports:
              lan: { wire: "null", nic: nic0 }
              nic0vf1: { mtu: 1400 }
            """, """
            g.yaml:4:3: ports: nothing is plugged into VF 1 of nic0
              4 |   nic0vf1: { mtu: 1400 }
                |   ^
              allowed: another entry with wire: …, nic: nic0, vf: 1
            """);
    }

    @Test
    void whatBelongsToTheRepresentorAndWhatDoesNot() {
        assertRefused("""
            nics: { nic0: { vfs: 1 } }
            ports:
              lan: { wire: "null", nic: nic0 }
              vm0: { wire: "null", nic: nic0, vf: 0, addresses: [10.0.0.1/24] }
            """, """
            g.yaml:4:42: ports.vm0: "addresses" is the representor's
              4 |   vm0: { wire: "null", nic: nic0, vf: 0, addresses: [10.0.0.1/24] }
                |                                          ^
              allowed: an entry "nic0vf0" that has it
            """);
        assertRefused("""
            nics: { nic0: { vfs: 1 } }
            ports:
              lan: { wire: "null", nic: nic0 }
              vm0: { wire: "null", nic: nic0, vf: 0 }
              nic0vf0: { wire: "null" }
            """, """
            g.yaml:5:14: ports.nic0vf0: "nic0vf0" is the representor of the virtual function that vm0 is \
            plugged into
              5 |   nic0vf0: { wire: "null" }
                |              ^
              allowed: no wire and no link
            """);
    }

    @Test
    void aVirtualFunctionNeedsANicAndTheNicAnUplink() {
        assertRefused("""
            ports:
              vm0: { wire: "null", vf: 0 }
            """, """
            g.yaml:2:8: ports.vm0: "nic" is missing
              2 |   vm0: { wire: "null", vf: 0 }
                |        ^
            """);
        assertRefused("""
            nics: { nic0: { vfs: 1 } }
            ports:
              vm0: { wire: "null", nic: nic0, vf: 0 }
            """, """
            g.yaml:1:15: nics.nic0: only virtual functions of this NIC have ports: there is no uplink
              1 | nics: { nic0: { vfs: 1 } }
                |               ^
              allowed: nic: nic0 at a port without vf
            """);
    }

    @Test
    void mistakesOfTheWireAreShownWhereItIs() {
        assertRefused("""
            nics: { nic0: { vfs: 1 } }
            ports:
              lan: { wire: "null", nic: nic0 }
              nic0vf0: { mtu: 1400 }
              vm0: { wire: pcap, rx: @/gone.pcap, nic: nic0, vf: 0 }
            """, """
            g.yaml:5:26: ports.vm0.rx: no such file: @/gone.pcap
              5 |   vm0: { wire: pcap, rx: @/gone.pcap, nic: nic0, vf: 0 }
                |                          ^
              allowed: a capture file
            """);
    }

    private DataplaneConfig read(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("vf.yaml"), yaml);
        return ConfigFile.read(file).config();
    }
}
