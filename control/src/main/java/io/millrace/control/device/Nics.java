package io.millrace.control.device;

import io.millrace.control.event.ControlEvent;
import io.millrace.control.live.Refusal;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.SimPort;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// The NICs of a run, by name.
public final class Nics {

    private final Map<SimNic, NicControl> controls = new LinkedHashMap<>();

    /// The NICs that these ports belong to.
    public Nics(List<Port> ports, Function<SimNic, NicControl> control) {
        for (Port port : ports) {
            if (port instanceof SimPort simulated) controls.computeIfAbsent(simulated.nic(), control);
        }
    }

    public List<NicControl> all() {
        controls.values().forEach(NicControl::begin);
        return List.copyOf(controls.values());
    }

    /// See [NicControl#onFilters], of all.
    public void onFilters(FilterListener listener) {
        controls.values().forEach(control -> control.onFilters(listener));
    }

    /// Who is told what happens to filters in the devices.
    public void onEvent(Consumer<ControlEvent> events) {
        controls.values().forEach(control -> control.filterWatch().events(events));
    }

    /// For whom the control thread works from now on, for events.
    public void askedBy(String who) {
        controls.values().forEach(control -> control.filterWatch().askedBy(who));
    }

    /// The control of a NIC that ports belong to.
    NicControl of(SimNic nic) {
        return controls.get(nic);
    }

    /// The NIC with this handle (`sim/nic0`), or a refusal in devlink's words.
    public NicControl handled(String handle) {
        for (NicControl control : all()) {
            if (control.handle().equals(handle)) return control;
        }
        List<String> handles = new ArrayList<>();
        controls.values().forEach(each -> handles.add(each.handle()));
        throw new Refusal(1, "kernel answers: No such device" + (handles.isEmpty() ? ""
            : "\nthe devices are " + String.join(", ", handles)));
    }

    /// The NIC's side of a port, or null where a port is a bare wire.
    public PortControl port(Port port) {
        if (!(port instanceof SimPort simulated)) return null;
        NicControl control = controls.get(simulated.nic());
        control.begin();
        return control.port(simulated);
    }
}
