package io.millrace.control.metrics;

/// What a counter counts. The numbers stand in counter files and never change; the names are Prometheus's.
public enum CounterKind {

    PORT_RX_PACKETS(1, "millrace_port_receive_packets_total", "port", "Packets taken from the wire."),
    PORT_RX_BYTES(2, "millrace_port_receive_bytes_total", "port", "Bytes of packets taken from the wire."),
    PORT_RX_DROPPED(3, "millrace_port_receive_dropped_packets_total", "port",
        "Packets taken from the wire, but not handed on."),
    PORT_TX_PACKETS(4, "millrace_port_transmit_packets_total", "port", "Packets given to the wire."),
    PORT_TX_BYTES(5, "millrace_port_transmit_bytes_total", "port", "Bytes of packets given to the wire."),
    PORT_TX_DROPPED(6, "millrace_port_transmit_dropped_packets_total", "port",
        "Packets that the port took and could not send."),
    WORKER_TURNS(7, "millrace_worker_turns_total", "worker", "Turns of the worker's loop."),
    WORKER_BURSTS(8, "millrace_worker_bursts_total", "worker", "Bursts received that held a packet."),
    WORKER_PACKETS(9, "millrace_worker_packets_total", "worker", "Packets received by the worker."),
    WORKER_BUSY_NS(10, "millrace_worker_busy_seconds_total", "worker", "Time of turns that received a packet."),
    WORKER_ELAPSED_NS(11, "millrace_worker_elapsed_seconds_total", "worker", "Time of all turns."),
    WORKER_HELD(12, "millrace_worker_held_packets", "worker", "Packets that wait in a queue."),
    VERDICT_PACKETS(13, "millrace_packets_total", "verdict", "Packets by what became of them."),
    SAMPLED_NS(14, "millrace_sampled_timestamp_seconds", "", "When the counters were looked at last."),
    FLOW_BYTES(15, "millrace_flow_bytes_per_second", "flow", "Bytes a second of the heaviest flows.");

    private static final double NS_PER_SECOND = 1e9;

    private final int number;
    private final String metric;
    private final String label;
    private final String help;

    CounterKind(int number, String metric, String label, String help) {
        this.number = number;
        this.metric = metric;
        this.label = label;
        this.help = help;
    }

    /// Null for a number of another version.
    static CounterKind of(int number) {
        for (CounterKind kind : values()) {
            if (kind.number == number) return kind;
        }
        return null;
    }

    public int number()    { return number; }
    public String metric() { return metric; }
    /// Name of the label whose value tells counters of one kind apart; empty where there is one.
    public String label()  { return label; }
    public String help()   { return help; }

    /// As Prometheus calls it: what only grows is a counter.
    public String type() {
        return metric.endsWith("_total") ? "counter" : "gauge";
    }

    /// In the unit of the metric: seconds where nanoseconds are counted.
    public String inMetricUnit(long value) {
        return name().endsWith("_NS") ? Double.toString(value / NS_PER_SECOND) : Long.toString(value);
    }
}
