package io.millrace.nic.sim.steer;

import io.millrace.packet.rss.HashConfig;
import io.millrace.packet.rss.IndirectionTable;
import io.millrace.packet.rss.ReceiveHash;

/// How packets are spread over queues: what is hashed, and the table from hash to queue. A port has one, and one more
/// for each RSS context.
///
/// @param config  what is hashed and by which key
/// @param hash    the same, made ready for the device
/// @param table   from hash to queue
/// @param isChosen true if the table was chosen by somebody; else it follows the number of channels
public record HashContext(HashConfig config, ReceiveHash hash, IndirectionTable table, boolean isChosen) {

    HashContext with(IndirectionTable other, boolean chosen) {
        return new HashContext(config, hash, other, chosen);
    }
}
