package io.millrace.dataplane.offload;

import io.millrace.flow.table.FlowImage;
import io.millrace.flow.table.Attachments;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.SimPort;
import io.millrace.nic.sim.model.NicFeature;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// The ports of the dataplane, the NICs that they have, and what keeps flows of a port out of its NIC at the moment.
final class DevicePorts {

    private final SimPort[] ports;       // null where there is no NIC
    private final FlowDevice[] devices;  // by port
    private final boolean[] wasUp;
    private final boolean[] wasOn;
    private final int[] denied;          // by port: bits that whoever configures has set
    private final List<FlowDevice> distinct;

    DevicePorts(List<Port> all, OffloadTally tally, OffloadLog log) {
        this.ports = new SimPort[all.size()];
        this.devices = new FlowDevice[all.size()];
        this.wasUp = new boolean[all.size()];
        this.wasOn = new boolean[all.size()];
        this.denied = new int[all.size()];
        Map<SimNic, FlowDevice> made = new IdentityHashMap<>();
        List<FlowDevice> inOrder = new ArrayList<>();
        for (int i = 0; i < ports.length; i++) {
            if (!(all.get(i) instanceof SimPort port)) continue;
            ports[i] = port;
            wasUp[i] = true;
            wasOn[i] = port.isOn(NicFeature.FLOWS);
            FlowDevice known = made.get(port.nic());
            if (known == null) {
                known = new FlowDevice(port.nic(), tally, log);
                made.put(port.nic(), known);
                inOrder.add(known);
            }
            devices[i] = known;
        }
        this.distinct = List.copyOf(inOrder);
    }

    List<FlowDevice> distinct()    { return distinct; }
    FlowDevice device(int port)    { return port < devices.length ? devices[port] : null; }
    int count()                    { return ports.length; }

    /// True if packets may be waiting that a NIC takes only once this thread has its turn behind it.
    boolean isBehind() {
        for (FlowDevice device : distinct) {
            if (device.nic().isInline() && device.nic().isBehind()) return true;
        }
        return false;
    }

    void deny(int port, int bits) {
        denied[port] = bits;
    }

    /// True if the wire was connected when last looked at, and is not any more. To be asked once a turn.
    boolean hasGoneDown(int port, long nowNs) {
        if (ports[port] == null) return false;
        boolean isUp = ports[port].isLinkUp(nowNs);
        boolean hasGone = wasUp[port] && !isUp;
        wasUp[port] = isUp;
        return hasGone;
    }

    /// True if flows were left to the NIC when last looked at, and are not any more.
    boolean hasGoneOff(int port) {
        if (ports[port] == null) return false;
        boolean isOn = ports[port].isOn(NicFeature.FLOWS) && denied[port] == 0;
        boolean hasGone = wasOn[port] && !isOn;
        wasOn[port] = isOn;
        return hasGone;
    }

    /// What keeps the flow of an image out of hardware as far as its ports go; 0 if nothing does.
    int obstacles(FlowImage image, Attachments attachments) {
        int obstacles = 0;
        FlowDevice first = null;
        for (int direction = 0; direction < 2; direction++) {
            int attachment = image.attachment(direction);
            if (attachment >= Attachments.PORTS_MAX) obstacles |= HardwareObstacle.ENCAPSULATION.bit();
            int port = attachments.port(attachment);
            FlowDevice device = device(port);
            obstacles |= ofPort(port, device);
            if (direction == 1 && first != null && device != null && device != first) {
                obstacles |= HardwareObstacle.OTHER_DEVICE.bit();
            }
            first = device;
        }
        return obstacles;
    }

    private int ofPort(int port, FlowDevice device) {
        if (device == null) return HardwareObstacle.NO_NIC.bit();
        if (!device.hasTable()) return HardwareObstacle.NO_TABLE.bit();
        int obstacles = denied[port];
        if (!ports[port].isOn(NicFeature.FLOWS)) obstacles |= HardwareObstacle.SWITCHED_OFF.bit();
        if (!device.nic().eswitch().isAdmitting()) obstacles |= HardwareObstacle.MODE.bit();
        if (!wasUp[port]) obstacles |= HardwareObstacle.LINK_DOWN.bit();
        return obstacles;
    }
}
