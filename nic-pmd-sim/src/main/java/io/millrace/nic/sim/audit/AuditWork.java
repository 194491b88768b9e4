package io.millrace.nic.sim.audit;

import io.millrace.nic.program.Engine;

/// A piece of a device's work that software can do again: a pure call, of what the device was given and went by.
enum AuditWork {

    /// Withdrawn: not to be looked at.
    NONE(null),
    /// Parser, sum and hash of a packet that goes on to a worker.
    RECEIVED(Engine.PARSER),
    /// Parser, and what the flow table did to a packet that no worker sees.
    FORWARDED(Engine.FLOW),
    /// What the filters of a port said of a packet, and made of it.
    FILTERED(Engine.FLOWER),
    /// A checksum filled in on transmit.
    FILLED_IN(Engine.CHECKSUM),
    /// A super-packet that was cut.
    CUT(Engine.GSO),
    /// All packets of one poll of a queue that began empty.
    MERGED(Engine.GRO);

    private final Engine engine;

    AuditWork(Engine engine) {
        this.engine = engine;
    }

    Engine engine() { return engine; }
}
