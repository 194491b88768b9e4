package io.millrace.control.command.devlink;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Words;
import io.millrace.control.device.NicControl;
import io.millrace.control.device.Nics;
import io.millrace.control.device.PortControl;
import io.millrace.control.live.Refusal;
import io.millrace.nic.sim.SimPort;
import io.millrace.packet.address.Addresses;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `devlink port show`: the ports of devices with their flavours. Representors are there in `switchdev` only.
final class Ports {

    private record Listed(String handle, SimPort port, int number) {

        boolean isPhysical() { return port.vf() < 0; }
    }

    static Answer show(Nics nics, Words words) {
        List<Listed> all = new ArrayList<>();
        for (NicControl nic : nics.all()) all.addAll(ports(nic));
        if (words.hasNext()) {
            String wanted = words.next();
            DevlinkVerb.end(words);
            all.removeIf(each -> !each.handle.equals(wanted));
            if (all.isEmpty()) throw new Refusal(1, "kernel answers: No such device");
        }
        ObjectNode ports = JsonNodeFactory.instance.objectNode();
        var text = new StringBuilder();
        for (Listed each : all) {
            append(each, text);
            describe(each, ports.putObject(each.handle));
        }
        return words.isJson() ? Answer.json(DevlinkVerb.object("port", ports)) : Answer.text(text);
    }

    /// Virtual functions are numbered behind the physical ports.
    private static List<Listed> ports(NicControl nic) {
        List<Listed> listed = new ArrayList<>();
        int physicalCount = 0;
        for (PortControl each : nic.ports()) {
            if (each.port().vf() >= 0) continue;
            listed.add(new Listed(nic.handle() + "/" + physicalCount, each.port(), physicalCount));
            physicalCount++;
        }
        for (PortControl each : nic.ports()) {
            if (each.port().vf() < 0 || !each.port().hasCarrier()) continue;
            listed.add(new Listed(nic.handle() + "/" + (physicalCount + each.port().vf()), each.port(),
                each.port().vf()));
        }
        return listed;
    }

    private static void append(Listed each, StringBuilder text) {
        text.append(each.handle).append(": type eth netdev ").append(each.port.name());
        if (each.isPhysical()) {
            text.append(" flavour physical port ").append(each.number).append(" splittable false\n");
            return;
        }
        text.append(" flavour pcivf controller 0 pfnum 0 vfnum ").append(each.number)
            .append(" external false splittable false\n  function:\n    hw_addr ")
            .append(Addresses.mac(each.port.vfMac())).append('\n');
    }

    private static void describe(Listed each, ObjectNode node) {
        node.put("type", "eth").put("netdev", each.port.name());
        if (each.isPhysical()) {
            node.put("flavour", "physical").put("port", each.number).put("splittable", false);
            return;
        }
        node.put("flavour", "pcivf").put("controller", 0).put("pfnum", 0).put("vfnum", each.number)
            .put("external", false).put("splittable", false);
        node.putObject("function").put("hw_addr", Addresses.mac(each.port.vfMac()));
    }

    private Ports() {}
}
