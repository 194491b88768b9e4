package io.millrace.dataplane.hook;

import io.millrace.flow.rules.RuleOutcome;
import io.millrace.flow.rules.RulePacket;
import io.millrace.flow.track.Tracked;
import io.millrace.packet.memory.PacketMemory;

/// What the hooks know of one packet while it is under way: its connection, and how rules see it. Used again; packets
/// that this host makes because of another have one of their own, so there are as many as packets can be inside each
/// other.
final class Passage {

    final Tracked tracked = new Tracked();
    final RulePacket seen;
    final RuleOutcome outcome = new RuleOutcome();

    Passage(PacketMemory packets) {
        this.seen = new RulePacket(packets);
    }
}
