package io.millrace.control.live;

import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.LinkConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.SysctlConfig;
import io.millrace.packet.address.IpPrefix;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Changes of what interfaces are configured with. The new configuration is checked as a config file's is; what is
/// wrong with it is a [Refusal] with the status of `ip`, and then nothing has changed.
public final class InterfaceEdit {

    private static final int KERNEL_REFUSED = 2;

    private final RunningDataplane running;

    public InterfaceEdit(RunningDataplane running) {
        this.running = running;
    }

    public void mtu(String name, int mtuBytes) {
        apply(ports(name, port -> new PortConfig(port.name(), port.wire(), port.mac(), mtuBytes, port.addresses(),
            port.offload(), port.nic())),
            links(name, link -> link.withMtu(mtuBytes)), running.config().sysctl());
    }

    public void addresses(String name, UnaryOperator<List<IpPrefix>> edit) {
        apply(ports(name, port -> new PortConfig(port.name(), port.wire(), port.mac(), port.mtuBytes(),
                edit.apply(port.addresses()), port.offload(), port.nic())),
            links(name, link -> link.withAddresses(edit.apply(link.addresses()))), running.config().sysctl());
    }

    public void sysctl(SysctlConfig sysctl) {
        apply(running.config().ports(), running.config().links(), sysctl);
    }

    private List<PortConfig> ports(String name, UnaryOperator<PortConfig> edit) {
        var ports = new ArrayList<>(running.config().ports());
        ports.replaceAll(each -> each.name().equals(name) ? edit.apply(each) : each);
        return ports;
    }

    private List<LinkConfig> links(String name, UnaryOperator<LinkConfig> edit) {
        var links = new ArrayList<>(running.config().links());
        links.replaceAll(each -> each.name().equals(name) ? edit.apply(each) : each);
        return links;
    }

    private void apply(List<PortConfig> ports, List<LinkConfig> links, SysctlConfig sysctl) {
        try {
            running.change(withoutRoutes(running.config(), ports, links, sysctl));
        } catch (ConfigException e) {
            throw new Refusal(KERNEL_REFUSED, "Error: " + e.getMessage());
        }
    }

    /// A configuration with these interfaces. The routes and neighbours of a running router stand in its tables, and
    /// outlive the networks they were added by, as in Linux: so they are not checked again.
    static DataplaneConfig withoutRoutes(DataplaneConfig config, List<PortConfig> ports, List<LinkConfig> links,
                                         SysctlConfig sysctl) {
        return new DataplaneConfig(config.workers(), config.threading(), config.forwarding(), ports, links, List.of(),
            List.of(), sysctl, config.rules(), config.nics(), config.seed(), config.pollIntervalNs(),
            config.drainNs());
    }
}
