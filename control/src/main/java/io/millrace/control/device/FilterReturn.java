package io.millrace.control.device;

import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.model.NicFeature;

import java.util.ArrayDeque;

/// What a change of mode means for filters: the device has dropped them with its old mode, and they come again where
/// the new one has filters. A few a turn of the control thread, and hardly any while packets wait for that thread: each
/// is a command that is waited for.
///
/// Control thread alone.
final class FilterReturn implements EswitchControl.Consequences {

    private static final int TOLD_PER_TURN = 64;
    private static final int TOLD_WHILE_BEHIND = 4;
    private static final int FILTERS_PER_TURN = 8;
    /// While packets wait, a filter comes in one of so many turns.
    private static final int TURNS_WHILE_BEHIND = 4;

    private final SimNic nic;
    private final NicControl control;
    private final ArrayDeque<PortControl> telling = new ArrayDeque<>();
    private final ArrayDeque<PortControl> entering = new ArrayDeque<>();
    private int turnsBehind;

    FilterReturn(SimNic nic, NicControl control) {
        this.nic = nic;
        this.control = control;
    }

    @Override
    public void begin() {
        telling.clear();
        entering.clear();
        if (nic.filters() == null) return;
        telling.addAll(control.ports());
        entering.addAll(control.ports());
        for (PortControl port : entering) control.filterListener().lost(port.port().index());
    }

    @Override
    public boolean turn() {
        boolean isBehind = nic.isInline() && nic.isBehind();
        if (isBehind && !entering.isEmpty() && ++turnsBehind % TURNS_WHILE_BEHIND != 0) return false;
        while (!telling.isEmpty()) {
            if (!telling.getFirst().filters().tellLost(isBehind ? TOLD_WHILE_BEHIND : TOLD_PER_TURN)) return false;
            telling.remove();
        }
        while (!entering.isEmpty()) {
            PortControl port = entering.getFirst();
            boolean canHold = nic.eswitch().mode() == EswitchMode.SWITCHDEV && port.port().isOn(NicFeature.FILTERS);
            int max = isBehind ? 1 : FILTERS_PER_TURN;
            if (canHold && !control.filterListener().enter(port.port().index(), max)) return false;
            entering.remove();
        }
        return true;
    }
}
