package io.millrace.dataplane.worker;

/// Something that the control thread wants done by a worker's thread, between two bursts.
public interface WorkerCommand {

    void apply(long nowNs);
}
