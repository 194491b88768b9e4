package io.millrace.control.device;

import io.millrace.control.live.RunningDataplane;
import io.millrace.control.live.TrafficControl;

/// Moves filters of `tc` and of rules out of the NICs and into them again, as these lose them or can hold them.
///
/// Control thread alone.
public final class FilterMoves implements FilterListener {

    private final RunningDataplane running;
    private final Nics nics;
    private final TrafficControl traffic;
    private final RuleFilters rules;

    private FilterMoves(RunningDataplane running, Nics nics, TrafficControl traffic, RuleFilters rules) {
        this.running = running;
        this.nics = nics;
        this.traffic = traffic;
        this.rules = rules;
    }

    /// The filters of the ports. Those at ingress of a NIC's port can be in the NIC.
    public static TrafficControl traffic(RunningDataplane running, Nics nics, RuleFilters rules) {
        var traffic = new TrafficControl(running, (port, isIngress) -> {
            PortControl control = nics.port(running.ports().get(port));
            return control == null || !isIngress ? null : control.filters();
        });
        nics.onFilters(new FilterMoves(running, nics, traffic, rules));
        return traffic;
    }

    @Override
    public void leave(int port) {
        traffic.leaveHardware(port);
        rules.leave(port);
    }

    @Override
    public void lost(int port) {
        nics.port(running.ports().get(port)).filters().forget();
        traffic.hardwareLost(port);
        rules.lost(port);
    }

    @Override
    public boolean enter(int port, int max) {
        if (!traffic.enterHardware(port, max)) return false;
        rules.enter(port);
        return true;
    }
}
