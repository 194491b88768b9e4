package io.millrace.nic.driver.gen.session;

import io.millrace.nic.driver.gen.random.SeededRandom;
import io.millrace.nic.driver.gen.stream.ValueSource;
import io.millrace.nic.port.TimedPort;

/// Decides when clients open sessions, from which addresses and ports, and what they want of them.
///
/// A session counts from the time it was meant to be opened. One that finds too many open is refused: counted, and
/// never made up for.
final class SessionOpener {

    private final SessionSpec spec;
    private final SeededRandom random;
    private final ValueSource requests;
    private final ValueSource responses;
    private final int dialogueCount;
    private double intervalNs;
    private double nextNs = Double.NaN;
    private double endNs;
    private long openedCount;
    private long nextTuple;

    SessionOpener(SessionSpec spec, SeededRandom random) {
        this.spec = spec;
        this.random = random;
        this.requests = new ValueSource(spec.talk().request(), random.next());
        this.responses = new ValueSource(spec.talk().response(), random.next());
        this.dialogueCount = spec.talk().dialogues().size();
    }

    void start(long atNs, double factor, long limitNs) {
        SessionLoad load = spec.load();
        intervalNs = load.isPaced() ? 1e9 / (load.perSecond() * factor) : 0;
        nextNs = (double) atNs + load.startNs();
        endNs = Math.min(nextNs + load.durationNs(), (double) atNs + limitNs);
        openedCount = 0;
    }

    void stop() {
        openedCount = spec.load().countMax();
        endNs = 0;
    }

    /// True once none will be opened any more.
    boolean isDone() {
        return openedCount >= spec.load().countMax() || nextNs >= endNs;
    }

    boolean isDue(long nowNs) {
        return nextNs <= nowNs && !isDone();
    }

    /// When the next is to be opened, or never.
    long nextNs() {
        return Double.isNaN(nextNs) || isDone() ? TimedPort.NEVER : (long) nextNs;
    }

    /// No place for those that are due: how many are left out.
    long skip(long nowNs) {
        if (intervalNs == 0) {
            nextNs = nowNs + 1.0;   // as fast as they find a place: none is left out
            return 0;
        }
        long skippedCount = 0;
        while (isDue(nowNs)) {
            nextNs += intervalNs;
            skippedCount++;
        }
        return skippedCount;
    }

    /// Adds the next session to the table, which must not be full: addresses, ports, sizes or dialogue.
    int add(SessionTable table) {
        long tuple = nextTuple;
        int ports;
        long addresses;
        do {
            int portCount = spec.clientPorts();
            int clientPort = spec.clients().firstPort() + (int) (tuple % portCount);
            long hosts = tuple / portCount;
            int client = spec.clients().firstAddress() + (int) (hosts % spec.clients().addressCount());
            int server = spec.servers().firstAddress()
                + (int) ((hosts / spec.clients().addressCount() + tuple) % spec.servers().addressCount());
            addresses = SessionTable.addresses(client, server);
            ports = clientPort << 16 | spec.servers().firstPort();
            tuple = tuple + 1 == spec.tupleCount() ? 0 : tuple + 1;
        } while (table.find(addresses, ports) != SessionTable.NONE && tuple != nextTuple);
        nextTuple = tuple;
        int entry = table.add(addresses, ports, (long) nextNs);
        if (dialogueCount > 0) {
            table.requestBytes(entry, (int) random.below(dialogueCount));
        } else {
            table.requestBytes(entry, (int) requests.next());
            table.responseBytes(entry, (int) responses.next());
        }
        nextNs += intervalNs;
        openedCount++;
        return entry;
    }
}
