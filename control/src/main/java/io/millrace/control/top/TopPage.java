package io.millrace.control.top;

import io.millrace.control.metrics.CounterKind;
import io.millrace.control.metrics.CounterReader.Sample;
import io.millrace.control.report.Quantity;
import io.millrace.control.report.TextTable;

import java.util.Locale;

/// One page of `millrace top`: what happened between two samples.
final class TopPage {

    private static final double NS_PER_SECOND = 1e9;
    private static final int BITS_PER_BYTE = 8;

    private final Sample before;
    private final Sample after;
    private final double seconds;

    TopPage(Sample before, Sample after) {
        this.before = before;
        this.after = after;
        this.seconds = (after.sampledNs() - before.sampledNs()) / NS_PER_SECOND;
    }

    String text(String heading) {
        var text = new StringBuilder(heading).append("\n\n");
        var ports = new TextTable("port", ">received", ">", ">dropped", ">sent", ">", ">dropped");
        for (String port : after.of(CounterKind.PORT_RX_PACKETS).keySet()) {
            ports.row(port, rate(CounterKind.PORT_RX_PACKETS, port, 1, "pps"),
                rate(CounterKind.PORT_RX_BYTES, port, BITS_PER_BYTE, "bit/s"),
                Quantity.count(after.value(CounterKind.PORT_RX_DROPPED, port)),
                rate(CounterKind.PORT_TX_PACKETS, port, 1, "pps"),
                rate(CounterKind.PORT_TX_BYTES, port, BITS_PER_BYTE, "bit/s"),
                Quantity.count(after.value(CounterKind.PORT_TX_DROPPED, port)));
        }
        ports.appendTo(text);
        text.append('\n');
        var workers = new TextTable("worker", ">busy", ">packets per burst", ">packets", ">held");
        for (String worker : after.of(CounterKind.WORKER_TURNS).keySet()) {
            workers.row(worker, share(worker), perBurst(worker), rate(CounterKind.WORKER_PACKETS, worker, 1, "pps"),
                Quantity.count(after.value(CounterKind.WORKER_HELD, worker)));
        }
        workers.appendTo(text);
        text.append('\n');
        appendFlows(text);
        var verdicts = new TextTable("verdict", ">packets", ">now");
        for (var verdict : after.of(CounterKind.VERDICT_PACKETS).entrySet()) {
            if (verdict.getValue() == 0) continue;
            verdicts.row(verdict.getKey(), Quantity.count(verdict.getValue()),
                rate(CounterKind.VERDICT_PACKETS, verdict.getKey(), 1, "pps"));
        }
        verdicts.appendTo(text);
        return text.toString();
    }

    /// As they were at the end: the page shows rates that the process has found.
    private void appendFlows(StringBuilder text) {
        var flows = new TextTable("heaviest flows", ">");
        boolean hasAny = false;
        for (var flow : after.of(CounterKind.FLOW_BYTES).entrySet()) {
            if (flow.getKey().isEmpty() || flow.getValue() == 0) continue;
            hasAny = true;
            flows.row(flow.getKey(), Quantity.rate((double) BITS_PER_BYTE * flow.getValue(), "bit/s"));
        }
        if (!hasAny) return;
        flows.appendTo(text);
        text.append('\n');
    }

    private long difference(CounterKind kind, String of) {
        return after.value(kind, of) - before.value(kind, of);
    }

    private String rate(CounterKind kind, String of, int factor, String unit) {
        return seconds <= 0 ? "-" : Quantity.rate(factor * difference(kind, of) / seconds, unit);
    }

    private String share(String worker) {
        long elapsedNs = difference(CounterKind.WORKER_ELAPSED_NS, worker);
        if (elapsedNs <= 0) return "-";
        return String.format(Locale.ROOT, "%.1f%%",
            100.0 * difference(CounterKind.WORKER_BUSY_NS, worker) / elapsedNs);
    }

    private String perBurst(String worker) {
        long bursts = difference(CounterKind.WORKER_BURSTS, worker);
        if (bursts <= 0) return "-";
        return String.format(Locale.ROOT, "%.1f", (double) difference(CounterKind.WORKER_PACKETS, worker) / bursts);
    }
}
