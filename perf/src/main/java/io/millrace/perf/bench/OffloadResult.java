package io.millrace.perf.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the benchmark of flow offload found: medians over its rounds.
///
/// @param shares   one for each share of packets that hardware is to forward
/// @param installs one for each way of installing
/// @param firstHit from `flow add` until hardware forwards
/// @param swap     another ruleset under load
record OffloadResult(List<Share> shares, List<Installs> installs, FirstHit firstHit, Swap swap, int rounds) {

    /// Times are of one packet of the wire, whoever forwards it.
    ///
    /// @param wanted share of the packets that are of connections in hardware
    /// @param hit    share that hardware forwarded
    record Share(double wanted, double hit, double deviceNs, double workerNs, double controlNs) {

        /// What the wires carry until the worker has no time left, as if the device took none.
        double workerMpps() {
            return 1000 / workerNs;
        }
    }

    /// @param perSecond     connections, all agents on one thread
    /// @param controlNs     of control's own time for one
    record Installs(String name, int connections, double perSecond, double controlNs) {}

    record FirstHit(double medianUs, double p99Us) {}

    /// Both rulesets accept every packet. Medians, since a machine that stands still loses packets of its own.
    ///
    /// @param mpps        offered; the wire's buffer holds what a ring does
    /// @param blockedUs   lost ÷ offered, of a swap
    /// @param stillUs     the change between two bursts
    /// @param mostStillUs the longest of them
    /// @param lost        packets of the wire that found no room around a swap
    /// @param lostWithout and in a like time without one
    /// @param dropped     by device or worker, in all of it
    record Swap(int swaps, double mpps, double blockedUs, double stillUs, double mostStillUs, long lost,
                long lostWithout, long dropped) {}

    OffloadResult {
        shares = List.copyOf(shares);
        installs = List.copyOf(installs);
    }

    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        members.put("bench", "offload");
        members.put("rounds", rounds);
        var all = new ArrayList<Map<String, Object>>();
        for (Share each : shares) {
            var one = new LinkedHashMap<String, Object>();
            one.put("wanted", each.wanted());
            one.put("hit", rounded(each.hit()));
            one.put("workerMpps", rounded(each.workerMpps()));
            one.put("workerNsPerPacket", rounded(each.workerNs()));
            one.put("deviceNsPerPacket", rounded(each.deviceNs()));
            one.put("controlNsPerPacket", rounded(each.controlNs()));
            all.add(one);
        }
        members.put("shares", all);
        var ways = new ArrayList<Map<String, Object>>();
        for (Installs each : installs) {
            var one = new LinkedHashMap<String, Object>();
            one.put("how", each.name());
            one.put("connections", each.connections());
            one.put("perSecond", Math.round(each.perSecond()));
            one.put("controlNs", rounded(each.controlNs()));
            ways.add(one);
        }
        members.put("installs", ways);
        members.put("firstHit", Map.of("medianUs", rounded(firstHit.medianUs()), "p99Us", rounded(firstHit.p99Us())));
        var swapped = new LinkedHashMap<String, Object>();
        swapped.put("swaps", swap.swaps());
        swapped.put("offeredMpps", rounded(swap.mpps()));
        swapped.put("blockedUs", rounded(swap.blockedUs()));
        swapped.put("stillUs", rounded(swap.stillUs()));
        swapped.put("mostStillUs", rounded(swap.mostStillUs()));
        swapped.put("lost", swap.lost());
        swapped.put("lostWithoutSwaps", swap.lostWithout());
        swapped.put("dropped", swap.dropped());
        members.put("rulesetSwap", swapped);
        return members;
    }

    /// Tables for people.
    String text() {
        var text = new StringBuilder(String.format("%8s %8s %10s %10s %10s %11s%n", "wanted", "hit", "worker ns",
            "Mpps", "device ns", "control ns"));
        for (Share each : shares) {
            text.append(String.format(Locale.ROOT, "%7.0f%% %7.1f%% %10.1f %10.2f %10.1f %11.1f%n",
                100 * each.wanted(), 100 * each.hit(), each.workerNs(), each.workerMpps(), each.deviceNs(),
                each.controlNs()));
        }
        text.append("Each agent's own time for a packet of the wire of 64 bytes; all shared one thread.\n\n");
        for (Installs each : installs) {
            text.append(String.format(Locale.ROOT, "%-34s %,11.0f connections/s, control %.0f ns each%n",
                "installs, " + each.name(), each.perSecond(), each.controlNs()));
        }
        text.append(String.format(Locale.ROOT, "%-34s %.1f us, p99 %.1f us%n", "flow add to first hit",
            firstHit.medianUs(), firstHit.p99Us()));
        text.append(String.format(Locale.ROOT, "%-34s blocked %.1f us at %.2f Mpps; %d of them stood still for "
            + "%.1f us, at most %.1f us%n", "ruleset swap", swap.blockedUs(), swap.mpps(), swap.swaps(),
            swap.stillUs(), swap.mostStillUs()));
        return text.append(String.format("%-34s %,d; in a like time without a swap %,d; dropped %,d%n",
            "packets lost by a swap", swap.lost(), swap.lostWithout(), swap.dropped())).toString();
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
