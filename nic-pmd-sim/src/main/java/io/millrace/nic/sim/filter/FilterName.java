package io.millrace.nic.sim.filter;

/// What the host calls a filter in the device: slots of an owner at a port are used again, generations are not.
public record FilterName(FilterOwner owner, int port, int slot, int generation) {}
