package io.millrace.control.device;

/// Is told when a port's flower filters have to leave its NIC, or may be there again.
@FunctionalInterface
public interface FilterListener {

    /// @param port    its index
    /// @param canHold whether the device can hold filters of the port now
    void changed(int port, boolean canHold);
}
