package io.millrace.flow.path;

import io.millrace.flow.table.FlowLine;
import io.millrace.flow.table.FlowTable;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.packet.header.IpProtocol;

/// Looks at every flow about once a second, some slots a turn: tears down those whose time has passed, frees those that
/// are torn down (Linux: `nf_flow_offload_work_gc`).
public final class FlowSweep {

    /// Linux's `NF_FLOW_TIMEOUT`, for protocols without a setting.
    private static final long OTHER_TIMEOUT_NS = 30_000_000_000L;
    private static final long PERIOD_NS = 1_000_000_000L;
    /// What hardware has counted is this old at most when it comes.
    private static final long HARDWARE_DELAY_NS = 1_000_000_000L;

    private final FlowTable flows;
    private final FlowTeardown teardown;
    private final FlowLife life;
    private final TrackSettings settings;
    private int nextSlot;
    private boolean isUnderWay;
    private long beganNs = Long.MIN_VALUE;

    public FlowSweep(FlowTable flows, FlowTeardown teardown, FlowLife life, TrackSettings settings) {
        this.flows = flows;
        this.teardown = teardown;
        this.life = life;
        this.settings = settings;
    }

    /// Looks at up to `slotsMax` slots, if a round is under way or due; returns how many flows were removed.
    public int sweep(long nowNs, int slotsMax) {
        if (!isUnderWay && beganNs != Long.MIN_VALUE && nowNs - beganNs < PERIOD_NS) return 0;
        if (!isUnderWay) {
            isUnderWay = true;
            beganNs = nowNs;
            nextSlot = 0;
        }
        int removedCount = 0;
        int until = (int) Math.min((long) nextSlot + slotsMax, flows.slotsUsed());
        for (; nextSlot < until; nextSlot++) {
            if (flows.isUsed(nextSlot) && hasEnded(nextSlot, nowNs)) {
                flows.remove(nextSlot);
                removedCount++;
            }
        }
        isUnderWay = nextSlot < flows.slotsUsed();
        return removedCount;
    }

    private boolean hasEnded(int slot, long nowNs) {
        long endNs = flows.lastUsedNs(slot) + timeoutNs(flows.protocol(slot));
        boolean isInHardware = (flows.state(slot) & FlowLine.HARDWARE) != 0;
        if (nowNs - endNs >= (isInHardware ? HARDWARE_DELAY_NS : 0)) teardown.expire(slot, endNs);
        if ((flows.state(slot) & FlowLine.TEARDOWN) != 0) return !isInHardware;
        life.onAlive(flows.connection(slot), nowNs);
        return false;
    }

    private long timeoutNs(int protocol) {
        return switch (protocol) {
            case IpProtocol.TCP -> settings.ns(TrackSysctl.FLOWTABLE_TCP);
            case IpProtocol.UDP -> settings.ns(TrackSysctl.FLOWTABLE_UDP);
            default -> OTHER_TIMEOUT_NS;
        };
    }
}
