package io.millrace.control.device;

/// Is told when the offloads of a port may have changed, for the workers to do what the device does not.
@FunctionalInterface
public interface OffloadListener {

    /// @param port          its index
    /// @param isMergingLeft the device is asked to merge what the port receives, and does not
    void changed(int port, boolean isMergingLeft);
}
