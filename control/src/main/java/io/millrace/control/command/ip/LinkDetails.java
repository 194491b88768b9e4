package io.millrace.control.command.ip;

import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.config.InterfaceConfig;
import io.millrace.dataplane.iface.Interface;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.sim.SimPort;
import io.millrace.nic.sim.eswitch.EswitchMode;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

import tools.jackson.databind.node.ObjectNode;

/// What `ip -d link` says besides: limits and queues, and of a NIC in `switchdev` which port of which switch it is.
/// All ports of one NIC have the same `switchid`.
///
/// @param portName `p0` of a physical port, `pf0vf0` of a representor; empty without
/// @param switchId empty without
record LinkDetails(int txQueues, int rxQueues, String portName, String switchId) {

    static LinkDetails of(RunningDataplane running, Interface each) {
        if (each.tagCount() > 0 || each.isPointToPoint()) return new LinkDetails(1, 1, "", "");
        var port = running.ports().get(each.portIndex());
        PortCapabilities capabilities = port.capabilities();
        boolean isOfSwitch = port instanceof SimPort simulated
            && simulated.nic().eswitch().mode() == EswitchMode.SWITCHDEV;
        if (!isOfSwitch) return new LinkDetails(capabilities.txQueues(), capabilities.rxQueues(), "", "");
        SimPort own = (SimPort) port;
        String id = HexFormat.of().formatHex(own.nic().name().getBytes(StandardCharsets.UTF_8));
        return new LinkDetails(capabilities.txQueues(), capabilities.rxQueues(), portName(own), id);
    }

    private static String portName(SimPort port) {
        if (port.vf() >= 0) return "pf0vf" + port.vf();
        List<SimPort> physical = port.nic().ports().stream().filter(each -> each.vf() < 0).toList();
        return "p" + physical.indexOf(port);
    }

    /// At the end of the line with the address, which is the last.
    void appendTo(StringBuilder text) {
        text.setLength(text.length() - 1);
        text.append(" promiscuity 0 minmtu ").append(InterfaceConfig.MTU_BYTES_MIN).append(" maxmtu ")
            .append(InterfaceConfig.MTU_BYTES_MAX).append(" numtxqueues ").append(txQueues).append(" numrxqueues ")
            .append(rxQueues).append(' ');
        if (!portName.isEmpty()) text.append("portname ").append(portName).append(' ');
        if (!switchId.isEmpty()) text.append("switchid ").append(switchId).append(' ');
        text.append('\n');
    }

    void describe(ObjectNode node) {
        node.put("promiscuity", 0).put("min_mtu", InterfaceConfig.MTU_BYTES_MIN)
            .put("max_mtu", InterfaceConfig.MTU_BYTES_MAX).put("num_tx_queues", txQueues)
            .put("num_rx_queues", rxQueues);
        if (!portName.isEmpty()) node.put("phys_port_name", portName);
        if (!switchId.isEmpty()) node.put("phys_switch_id", switchId);
    }
}
