package io.millrace.dataplane.worker;

/// What a worker does because time has passed, a bounded amount a turn.
public interface Timers {

    /// Nothing is ever due, nothing held.
    Timers NONE = new Timers() {
        @Override
        public int expire(long nowNs, int budget) {
            return 0;
        }

        @Override
        public void releaseHeld() {}
    };

    /// Does what is due, at most `budget` steps of it; returns how many steps.
    int expire(long nowNs, int budget);

    /// Ends every packet that is still held, as `INPUT_ENDED`: the run is over.
    void releaseHeld();
}
