package io.millrace.nic.sim.filter;

/// What the host calls a filter in the device: slots of a port are used again, generations are not.
public record FilterName(int port, int slot, int generation) {}
