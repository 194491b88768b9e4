package io.millrace.control.report;

import java.io.PrintWriter;
import java.util.function.BooleanSupplier;

/// A line on a terminal that says how far a long run has come: `42 %  12.3 Mpacket/s  3.10 s`. A run that ends within
/// a second shows none.
public final class ProgressLine implements ProgressListener {

    private static final long FIRST_NS = 1_000_000_000;
    private static final long INTERVAL_NS = 250_000_000;
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintWriter terminal;
    private final BooleanSupplier isStopRequested;
    private long shownNs;
    private long shownCount;

    public ProgressLine(PrintWriter terminal, BooleanSupplier isStopRequested) {
        this.terminal = terminal;
        this.isStopRequested = isStopRequested;
    }

    @Override
    public void onProgress(long packetCount, double share, long elapsedNs) {
        if (elapsedNs < FIRST_NS || elapsedNs - shownNs < INTERVAL_NS) return;
        double perSecond = (packetCount - shownCount) * 1e9 / (elapsedNs - shownNs);
        terminal.print(ERASE_LINE);
        if (!Double.isNaN(share)) terminal.printf("%3d %%  ", (int) (share * 100));
        terminal.print(Quantity.rate(perSecond, "packet/s") + "  " + Quantity.duration(elapsedNs));
        terminal.flush();
        shownNs = elapsedNs;
        shownCount = packetCount;
    }

    @Override
    public boolean isStopRequested() {
        return isStopRequested.getAsBoolean();
    }

    /// Leaves the terminal as if nothing had been shown.
    @Override
    public void onEnd() {
        if (shownNs == 0) return;
        terminal.print(ERASE_LINE);
        terminal.flush();
    }
}
