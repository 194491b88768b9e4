package io.millrace.control.device;

/// Is told when the flower filters of a port have to leave its NIC, are no more in it, or may be there again.
public interface FilterListener {

    FilterListener NONE = new FilterListener() {
        @Override public void leave(int port) {}
        @Override public void lost(int port) {}
        @Override public boolean enter(int port, int max) { return true; }
    };

    /// The device can soon no longer hold filters of the port: they are to be taken out.
    void leave(int port);

    /// The device has dropped all filters of the port.
    void lost(int port);

    /// The device can hold filters of the port: offers it up to `max` of them; true once all were offered.
    boolean enter(int port, int max);
}
