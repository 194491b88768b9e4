package io.millrace.flow.flower.engine;

/// Where copies of packets go that an action `mirred egress mirror` makes.
public interface FlowerCopies {

    /// Makes a copy of the packet as it is now and sends it by a port. False if there was no room for it.
    boolean mirror(int packet, int port);
}
