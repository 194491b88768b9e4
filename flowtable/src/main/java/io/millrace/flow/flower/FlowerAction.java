package io.millrace.flow.flower;

import java.util.List;
import java.util.Set;

/// One action of a filter. Actions run in order; each says what follows it.
public sealed interface FlowerAction {

    /// By `tc`'s name.
    String kind();

    ActionControl control();

    /// Nothing but its control: drop, pass, pipe, continue, reclassify, trap, goto chain.
    record Gact(ActionControl control) implements FlowerAction {
        @Override
        public String kind() { return "gact"; }
    }

    /// The packet, or a copy of it, leaves by a port as it is. A redirect ends classification.
    ///
    /// @param port the port's number
    record Mirred(boolean isRedirect, int port, ActionControl control) implements FlowerAction {
        @Override
        public String kind() { return "mirred"; }
    }

    /// Changes header fields, see [PeditKey]. Checksums stay as they were.
    ///
    /// @param isExtended given with `ex`, so that keys name their headers
    record Pedit(List<PeditKey> keys, boolean isExtended, ActionControl control) implements FlowerAction {

        public Pedit {
            keys = List.copyOf(keys);
        }

        @Override
        public String kind() { return "pedit"; }
    }

    /// Computes checksums anew, whatever they were.
    record Csum(Set<ChecksumTarget> targets, ActionControl control) implements FlowerAction {

        public Csum {
            targets = Set.copyOf(targets);
        }

        @Override
        public String kind() { return "csum"; }
    }

    /// Removes, adds or changes the outermost VLAN tag.
    ///
    /// @param tagProtocol EtherType of the tag; 0x8100 unless given. 0 with [VlanChange#POP]
    /// @param id          0 to 4095
    /// @param priority    0 to 7, or [#KEPT] where none was given
    record Vlan(VlanChange change, int tagProtocol, int id, int priority, ActionControl control)
            implements FlowerAction {

        /// A priority that was not given: 0 in a new tag, the present one in a changed tag.
        public static final int KEPT = -1;

        @Override
        public String kind() { return "vlan"; }
    }

    /// What is done to the tag.
    enum VlanChange { POP, PUSH, MODIFY }

    /// Lets `rateBytes` a second pass, with bursts of `burstBytes`; `control` is for what is over it.
    ///
    /// @param mtuBytes longer packets are over it
    /// @param conform  for what is not over
    record Police(long rateBytes, long burstBytes, int mtuBytes, ActionControl control, ActionControl conform)
            implements FlowerAction {
        @Override
        public String kind() { return "police"; }
    }

    /// Finds the packet's connection in a zone, see [CtAction].
    record Ct(CtAction what, ActionControl control) implements FlowerAction {
        @Override
        public String kind() { return "ct"; }
    }
}
