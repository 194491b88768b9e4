package io.millrace.control.trace;

import io.millrace.control.command.Caller;
import io.millrace.control.live.Refusal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The captures that go on, and who gets them: `packet` notifications, and `captureEnd` at the end with how many
/// packets were told, and how many were not because the caller or the control thread was too slow. On the control
/// thread.
public final class CaptureSessions {

    /// Each copies packets of its port once more.
    private static final int CAPTURES_MAX = 8;

    private static final class Running {
        private final Capture capture;
        private final Caller caller;
        private final long packetsMax;
        private long toldCount;
        private long lostCount;

        private Running(Capture capture, Caller caller, long packetsMax) {
            this.capture = capture;
            this.caller = caller;
            this.packetsMax = packetsMax;
        }

        private void tell(ObjectNode packet) {
            if (toldCount == packetsMax) return;
            if (caller.tell("packet", packet)) toldCount++;
            else lostCount++;
        }
    }

    private final Watching watching;
    private final List<Running> captures = new ArrayList<>();

    public CaptureSessions(Watching watching) {
        this.watching = watching;
    }

    /// What a port receives and sends.
    public void begin(int port, FrameFilter filter, long packetsMax, Caller caller) {
        add(() -> watching.capture(port, filter), packetsMax, caller);
    }

    /// What is dropped.
    public void beginDrops(FrameFilter filter, long packetsMax, Caller caller) {
        begin(CaptureTap.DROPS, filter, packetsMax, caller);
    }

    /// What NICs forward without a worker.
    public void beginHardware(FrameFilter filter, long packetsMax, Caller caller) {
        add(() -> watching.captureHardware(filter), packetsMax, caller);
    }

    private void add(Supplier<Capture> capture, long packetsMax, Caller caller) {
        if (captures.size() == CAPTURES_MAX) {
            throw new Refusal(1, "too many captures: at most " + CAPTURES_MAX + " at a time");
        }
        captures.add(new Running(capture.get(), caller, packetsMax));
    }

    /// Tells callers what has been captured, and ends captures whose callers are gone or have enough.
    public void turn() {
        for (int i = captures.size() - 1; i >= 0; i--) {
            Running each = captures.get(i);
            each.capture.drain(each::tell);
            boolean isDone = each.toldCount == each.packetsMax;
            if (!isDone && each.caller.isConnected()) continue;
            each.capture.end().run();
            captures.remove(i);
            each.caller.tell("captureEnd", JsonNodeFactory.instance.objectNode().put("packets", each.toldCount)
                .put("lost", each.lostCount + each.capture.missed()));
        }
    }
}
