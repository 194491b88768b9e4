package io.millrace.simulation.change;

import io.millrace.control.live.Refusal;
import io.millrace.packet.address.IpPrefix;
import io.millrace.simulation.frame.FrameWriter;
import io.millrace.simulation.journal.Violation;
import io.millrace.simulation.model.ModelFilter;
import io.millrace.simulation.model.ModelFilters;
import io.millrace.simulation.traffic.Host;

import java.util.List;
import java.util.SplittableRandom;

/// Draws commands of `tc filter`: filters come, are replaced and go, some for software or hardware alone. Each priority
/// has a protocol; one has filters of two shapes.
public final class FilterChanges {

    private static final int FILTERS_MAX = 8;
    private static final int CHAIN_MAX = 2;
    private static final int[] SERVICES = {53, 80, 443, 5000, 8080};
    private static final int VLAN = 20;

    private final SplittableRandom random;
    private final ModelFilters filters;
    private final List<String> ports;
    private final List<Host> hosts;
    private int lastHandle;

    /// @param ports by index
    public FilterChanges(SplittableRandom random, ModelFilters filters, List<String> ports, List<Host> hosts) {
        this.random = random;
        this.filters = filters;
        this.ports = ports;
        this.hosts = hosts;
    }

    /// Gives every port what filters need.
    public void begin(Operator operator) {
        for (String each : ports) operator.type("tc qdisc add dev " + each + " clsact");
    }

    /// Draws a change and has it carried out; returns the command.
    public String apply(Operator operator) {
        List<ModelFilter> all = filters.all();
        int draw = random.nextInt(8);
        if (all.isEmpty() || draw < 4 && all.size() < FILTERS_MAX) return add(operator);
        ModelFilter some = all.get(random.nextInt(all.size()));
        if (draw == 4) return operator.ask("tc -s filter show dev " + ports.get(some.port()) + " ingress");
        return draw == 5 ? replace(operator, some) : remove(operator, some);
    }

    private String add(Operator operator) {
        int priority = 1 + random.nextInt(5);
        var filter = filter(random.nextInt(ports.size()), random.nextInt(CHAIN_MAX + 1), priority, ++lastHandle,
            key(priority), random.nextInt(4) == 0);
        boolean isTaken = filters.all().stream().anyMatch(each -> each.port() == filter.port()
            && each.chain() == filter.chain() && each.priority() == priority && each.key().equals(filter.key()));
        if (isTaken) return "no two filters of one key";
        String command = command("add", filter) + (random.nextInt(8) == 0 && !filter.skipsSoftware() ? " skip_hw" : "")
            + actions(filter);
        if (isDone(operator, command, filter)) filters.add(filter);
        return command;
    }

    private ModelFilter filter(int port, int chain, int priority, int handle, ModelFilter.Key key,
                               boolean skipsSoftware) {
        boolean isWide = key.target() == null && key.targetPort() == 0;
        var action = ModelFilter.Action.values()[isWide ? 1 + random.nextInt(2) : random.nextInt(5)];
        if (action == ModelFilter.Action.GOTO && chain == CHAIN_MAX) action = ModelFilter.Action.CONTINUE;
        boolean isRedirect = action == ModelFilter.Action.REDIRECT;
        int argument = isRedirect ? other(port)
            : action == ModelFilter.Action.GOTO ? chain + 1 + random.nextInt(CHAIN_MAX - chain) : 0;
        int mirror = !isRedirect && random.nextInt(4) == 0 ? other(port) : ModelFilter.NOWHERE;
        return new ModelFilter(port, chain, priority, handle, key, action, argument, mirror, skipsSoftware);
    }

    private int other(int port) {
        return (port + 1 + random.nextInt(ports.size() - 1)) % ports.size();
    }

    private ModelFilter.Key key(int priority) {
        int protocol = random.nextBoolean() ? FrameWriter.TCP : FrameWriter.UDP;
        int service = SERVICES[random.nextInt(SERVICES.length)];
        String host = hosts.get(random.nextInt(hosts.size())).ipv4().toString();
        return switch (priority) {
            case 1 -> new ModelFilter.Key(FrameWriter.ETHER_IPV4, 0, protocol, null, service);
            case 2 -> new ModelFilter.Key(FrameWriter.ETHER_IPV4, 0, 0,
                IpPrefix.parse(host + (random.nextBoolean() ? "/32" : "/24")).network(), 0);
            case 3 -> new ModelFilter.Key(FrameWriter.ETHER_IPV6, 0, protocol, null, service);
            case 4 -> new ModelFilter.Key(FrameWriter.ETHER_IPV4, VLAN, protocol, null, service);
            default -> new ModelFilter.Key(FrameWriter.ETHER_IPV4, 0, protocol, null, 0);
        };
    }

    private String replace(Operator operator, ModelFilter old) {
        var filter = filter(old.port(), old.chain(), old.priority(), old.handle(), old.key(), old.skipsSoftware());
        String command = command("replace", filter) + actions(filter);
        if (isDone(operator, command, filter)) filters.replace(old, filter);
        return command;
    }

    private String remove(Operator operator, ModelFilter filter) {
        String command = "tc filter del dev " + ports.get(filter.port()) + " ingress protocol " + protocol(filter)
            + " pref " + filter.priority() + " chain " + filter.chain() + " handle " + filter.handle() + " flower";
        operator.type(command);
        filters.remove(filter);
        return command;
    }

    private static String protocol(ModelFilter filter) {
        return filter.key().vlan() != 0 ? "802.1q" : filter.key().etherType() == FrameWriter.ETHER_IPV4 ? "ip" : "ipv6";
    }

    /// A filter that is for hardware alone may be refused by it, others never.
    private static boolean isDone(Operator operator, String command, ModelFilter filter) {
        Refusal refusal = operator.refusal(command);
        if (refusal == null || filter.skipsSoftware()) return refusal == null;
        throw new Violation("right commands are carried out", command + ": " + refusal.getMessage());
    }

    private String command(String verb, ModelFilter filter) {
        ModelFilter.Key key = filter.key();
        return "tc filter " + verb + " dev " + ports.get(filter.port()) + " ingress protocol " + protocol(filter)
            + " pref " + filter.priority() + " chain " + filter.chain() + " handle " + filter.handle() + " flower"
            + (key.vlan() == 0 ? "" : " vlan_id " + key.vlan() + " vlan_ethtype ip")
            + (key.ipProtocol() == 0 ? "" : " ip_proto " + (key.ipProtocol() == FrameWriter.TCP ? "tcp" : "udp"))
            + (key.target() == null ? "" : " dst_ip " + key.target())
            + (key.targetPort() == 0 ? "" : " dst_port " + key.targetPort())
            + (filter.skipsSoftware() ? " skip_sw" : "");
    }

    private String actions(ModelFilter filter) {
        String mirror = filter.mirror() == ModelFilter.NOWHERE ? ""
            : " action mirred egress mirror dev " + ports.get(filter.mirror()) + " pipe";
        return mirror + switch (filter.action()) {
            case DROP -> " action drop";
            case PASS -> " action pass";
            case CONTINUE -> " action continue";
            case GOTO -> " action goto chain " + filter.argument();
            case REDIRECT -> " action mirred egress redirect dev " + ports.get(filter.argument());
        };
    }
}
