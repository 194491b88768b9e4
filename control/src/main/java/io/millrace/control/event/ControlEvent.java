package io.millrace.control.event;

import java.util.stream.Collectors;

import tools.jackson.databind.node.ObjectNode;

/// Something that the control thread changed. One record for the subscribers of the control socket and for the Flight
/// Recorder, which knows it as `millrace.NAME`.
public sealed interface ControlEvent {

    /// A neighbour was added, changed or removed by an operator.
    ///
    /// @param action `add`, `replace`, `del`
    /// @param mac    empty where it was removed
    /// @param state  by Linux's name; empty where it was removed
    record NeighbourChange(String action, String address, String port, String mac, String state)
            implements ControlEvent {

        @Override
        public ObjectNode describe(ObjectNode target) {
            return target.put("action", action).put("address", address).put("port", port).put("mac", mac)
                .put("state", state);
        }
    }

    /// A route was added, replaced or removed by an operator.
    ///
    /// @param route as `ip route` shows it
    record RouteChange(String action, String route) implements ControlEvent {

        @Override
        public ObjectNode describe(ObjectNode target) {
            return target.put("action", action).put("route", route);
        }
    }

    /// Addresses or MTU of an interface changed.
    ///
    /// @param what as the operator said it: `address 10.0.0.1/24`, `mtu 1400`
    record InterfaceChange(String action, String port, String what) implements ControlEvent {

        @Override
        public ObjectNode describe(ObjectNode target) {
            return target.put("action", action).put("port", port).put("what", what);
        }
    }

    /// A sysctl was written.
    record SysctlChange(String sysctl, String value) implements ControlEvent {

        @Override
        public ObjectNode describe(ObjectNode target) {
            return target.put("sysctl", sysctl).put("value", value);
        }
    }

    /// Other rules count from now on.
    ///
    /// @param generation of the ruleset
    /// @param command    as it was given, of a file its name
    record RulesetCommit(String command, long generation, int tables, int chains, int rules)
            implements ControlEvent {

        @Override
        public ObjectNode describe(ObjectNode target) {
            return target.put("command", command).put("generation", generation).put("tables", tables)
                .put("chains", chains).put("rules", rules);
        }
    }

    /// Something happened to a flow in a NIC, or the NIC did something wrong.
    ///
    /// @param action     `add`, `confirm`, `refuse`, `remove`, `fault`; `lost` where there were too many events
    /// @param flow       `udp 10.0.0.7:4000 > 10.9.0.1:53`; empty where it is not of a flow
    /// @param why        cause of the removal, obstacles, name of the fault; empty where there is none
    /// @param by         who asked: `worker`, `control`, `device`
    /// @param thread     that led it
    /// @param slot       of the flow in its table
    /// @param generation of that slot
    record FlowOffload(String action, String flow, String nic, String why, String by, String thread, int slot,
                       int generation) implements ControlEvent {

        @Override
        public ObjectNode describe(ObjectNode target) {
            return target.put("action", action).put("flow", flow).put("nic", nic).put("why", why).put("by", by)
                .put("thread", thread).put("slot", slot).put("generation", generation);
        }
    }

    /// The mode of a NIC's switch was changed, or was to be.
    ///
    /// @param by         user who asked
    /// @param thread     that led the change
    /// @param generation of the mode afterwards
    /// @param ending     `done`, `busy`, `no answer`
    /// @param drainNs    from the begin of draining until the new mode
    /// @param blockedNs  for which traffic was blocked: as many packets as were lost came in it
    record EswitchMode(String nic, String by, String thread, String from, String to, long generation, String ending,
                       long drainNs, long offered, long lost, long blockedNs) implements ControlEvent {

        @Override
        public ObjectNode describe(ObjectNode target) {
            return target.put("nic", nic).put("by", by).put("thread", thread).put("from", from).put("to", to)
                .put("generation", generation).put("ending", ending).put("drain_ns", drainNs).put("offered", offered)
                .put("lost", lost).put("blocked_ns", blockedNs);
        }
    }

    /// A filter got into a NIC, left it, was refused by it, or was dropped there with the mode that it was for.
    ///
    /// @param action     `add`, `remove`, `refuse`, `lost`
    /// @param filter     as its owner names it: `tc chain 0 pref 1 handle 0x1`, `nft netdev t c rule 3`
    /// @param by         user who asked, `config` at the start, `millrace` where nobody did
    /// @param thread     that led the device
    /// @param mode       of the NIC's switch, and which generation of it
    /// @param reason     why it was refused; else empty
    record HardwareFilter(String action, String nic, String port, String filter, String by, String thread, String mode,
                          long generation, String reason) implements ControlEvent {

        @Override
        public ObjectNode describe(ObjectNode target) {
            return target.put("action", action).put("nic", nic).put("port", port).put("filter", filter).put("by", by)
                .put("thread", thread).put("mode", mode).put("generation", generation).put("reason", reason);
        }
    }

    /// The config file was read anew and taken over.
    record ConfigReload(String file, int changeCount) implements ControlEvent {

        @Override
        public ObjectNode describe(ObjectNode target) {
            return target.put("file", file).put("changes", changeCount);
        }
    }

    /// Puts every member into `target` and returns it.
    ObjectNode describe(ObjectNode target);

    default String name() {
        return getClass().getSimpleName();
    }

    /// `RouteChange action=add route="10.9.0.0/16 via 10.1.0.2 dev wan"`, from what [#describe] wrote.
    static String line(String name, ObjectNode described) {
        return name + described.properties().stream()
            .map(member -> " " + member.getKey() + "=" + quoted(member.getValue().asString()))
            .collect(Collectors.joining());
    }

    private static String quoted(String value) {
        boolean isPlain = !value.isEmpty() && value.indexOf(' ') < 0 && value.indexOf('"') < 0;
        return isPlain ? value : '"' + value.replace("\"", "\\\"") + '"';
    }
}
