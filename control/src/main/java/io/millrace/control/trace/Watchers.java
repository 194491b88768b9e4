package io.millrace.control.trace;

import io.millrace.dataplane.account.PacketWatch;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.Verdict;

import java.util.ArrayList;
import java.util.List;

/// Several who look at one worker's packets.
record Watchers(List<PacketWatch> all) implements PacketWatch {

    Watchers {
        all = List.copyOf(all);
    }

    /// The one that traces, or null.
    PacketTracer tracer() {
        for (PacketWatch each : all) {
            if (each instanceof PacketTracer tracer) return tracer;
        }
        return null;
    }

    Watchers with(PacketWatch added) {
        var more = new ArrayList<>(all);
        more.add(added);
        return new Watchers(more);
    }

    Watchers without(PacketWatch gone) {
        return new Watchers(all.stream().filter(each -> each != gone).toList());
    }

    @Override
    public void received(Burst burst, long nowNs) {
        for (int i = 0; i < all.size(); i++) all.get(i).received(burst, nowNs);
    }

    @Override
    public void entered(int stage, Burst burst, long nowNs) {
        for (int i = 0; i < all.size(); i++) all.get(i).entered(stage, burst, nowNs);
    }

    @Override
    public void left() {
        for (int i = 0; i < all.size(); i++) all.get(i).left();
    }

    @Override
    public void ended(int packet, Verdict verdict) {
        for (int i = 0; i < all.size(); i++) all.get(i).ended(packet, verdict);
    }

    @Override
    public void transmitting(int port, Burst burst, long nowNs) {
        for (int i = 0; i < all.size(); i++) all.get(i).transmitting(port, burst, nowNs);
    }
}
