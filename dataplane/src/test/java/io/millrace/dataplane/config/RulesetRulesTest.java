package io.millrace.dataplane.config;

import io.millrace.flow.ruleset.ChainType;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Flowtable;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.HookedChain;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.RulesetDraft;
import io.millrace.flow.ruleset.RulesetRefusal;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.TableDraft;
import io.millrace.packet.address.IpPrefix;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/// What a configuration says of a ruleset that does not fit it.
class RulesetRulesTest {

    private RulesetDraft draft;
    private TableDraft table;

    @BeforeEach
    void makeTable() throws RulesetRefusal {
        draft = new RulesetDraft(Ruleset.EMPTY);
        draft.addTable(Family.INET, "t", false, "", false);
        table = draft.table(Family.INET, "t");
    }

    private static PortConfig port(String name, long mac, String address) {
        return new PortConfig(name, new WireConfig.Null(), mac, 1500, List.of(IpPrefix.parse(address)));
    }

    /// With ports `lan` and `wan`.
    private void configure(int workers) throws RulesetRefusal {
        Threading threading = workers == 1 ? Threading.SHARED : Threading.DEDICATED;
        new DataplaneConfig(workers, threading, Forwarding.ROUTER,
            List.of(port("lan", 0x02_00_00_00_00_01L, "10.0.0.1/24"), port("wan", 0x02_00_00_00_00_02L, "10.1.0.1/24")),
            List.of(), List.of(), List.of(), SysctlConfig.LINUX, RulesConfig.of(draft.commit()), List.of(), 1, 50_000,
            0);
    }

    private List<ConfigProblem> problems(int workers) {
        return catchThrowableOfType(ConfigException.class, () -> configure(workers)).problems();
    }

    private void addFlowtable(String... devices) throws RulesetRefusal {
        table.addFlowtable(new Flowtable("f", 0, 0, List.of(devices), false, false), true);
    }

    @Test
    void takesInterfacesThatThereAre() throws RulesetRefusal {
        addFlowtable("lan", "wan");
        configure(1);
    }

    @Test
    void namesEachInterfaceThatAFlowtableHasInVain() throws RulesetRefusal {
        addFlowtable("lan", "eth8", "eth9");
        assertThat(problems(1)).containsExactly(
            new ConfigProblem("ruleset", "inet t, flowtable f: no interface \"eth8\"", "lan, wan"),
            new ConfigProblem("ruleset", "inet t, flowtable f: no interface \"eth9\"", "lan, wan"));
    }

    @Test
    void namesTheChainWhoseDeviceIsMissing() throws RulesetRefusal {
        draft.addTable(Family.NETDEV, "n", false, "", false);
        var base = new HookedChain(ChainType.FILTER, Hook.INGRESS, 0, true, List.of("eth9"));
        draft.table(Family.NETDEV, "n").addChain("c", Optional.of(base), false, "", false);
        assertThat(problems(1)).first()
            .isEqualTo(new ConfigProblem("ruleset", "netdev n, chain c: no interface \"eth9\"", "lan, wan"));
    }

    @Test
    void refusesToTrackConnectionsWithMoreThanOneWorker() throws RulesetRefusal {
        var base = new HookedChain(ChainType.NAT, Hook.POSTROUTING, 100, true, List.of());
        table.addChain("post", Optional.of(base), false, "", false);
        configure(1);
        assertThat(problems(2)).anySatisfy(problem -> assertThat(problem.toString())
            .startsWith("workers: more than one worker together with a ruleset that tracks connections"));
    }

    @Test
    void saysWhatCannotBeExecuted() throws RulesetRefusal {
        var base = new HookedChain(ChainType.FILTER, Hook.FORWARD, 0, true, List.of());
        table.addChain("c", Optional.of(base), false, "", false);
        table.addRule("c", List.of(new Statement.Last()), "", 0, false);
        assertThat(problems(1)).singleElement().satisfies(problem -> assertThat(problem.toString())
            .contains("ruleset", "cannot be executed: ", "last"));
    }
}
