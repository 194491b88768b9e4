package io.millrace.dataplane.config;

import io.millrace.packet.memory.Check;

import java.nio.file.Path;
import java.util.Optional;

/// What a port is connected to.
public sealed interface WireConfig {

    /// True if the wire's packets carry their own times, or there are none: usable in virtual time.
    boolean isOffline();

    /// Capture files, each of which may be absent: no `rx`, nothing is received; no `tx`, what is sent is counted only.
    record Pcap(Optional<Path> rx, Optional<Path> tx) implements WireConfig {

        public Pcap {
            Check.that(rx.isPresent() || tx.isPresent(), "a pcap wire needs rx, tx or both");
        }

        @Override
        public boolean isOffline() { return true; }
    }

    /// A capture held in memory and received again and again; what is sent is counted only.
    ///
    /// @param loops how often; [#ENDLESS] until told to stop
    record Replay(Path rx, long loops) implements WireConfig {

        public static final long ENDLESS = Long.MAX_VALUE;

        public Replay {
            Check.that(loops >= 1, "loops must be 1 or more", loops);
        }

        @Override
        public boolean isOffline() { return false; }
    }

    /// A TAP device: an interface of this machine's kernel.
    ///
    /// @param device        name of the interface
    /// @param queues        how many queues the device has
    /// @param hasVnetHeader whether checksums and segmentation may be left undone, both ways
    /// @param spins         whether the worker stays awake where it could sleep until a packet comes
    record Tap(String device, int queues, boolean hasVnetHeader, boolean spins) implements WireConfig {

        public static final int QUEUES_MAX = 256;   // MAX_TAP_QUEUES of Linux

        public Tap {
            Check.that(InterfaceRules.isName(device), "device must be " + InterfaceRules.NAME_RULE);
            Check.that(queues >= 1 && queues <= QUEUES_MAX, "queues must be 1 to 256", queues);
        }

        @Override
        public boolean isOffline() { return false; }
    }

    /// Receives nothing; what is sent is counted only.
    record Null() implements WireConfig {

        @Override
        public boolean isOffline() { return true; }
    }
}
