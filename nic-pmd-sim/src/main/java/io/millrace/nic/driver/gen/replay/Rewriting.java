package io.millrace.nic.driver.gen.replay;

import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.Check;

import java.util.List;

/// What is changed in the frames of a capture before they are sent again.
///
/// @param sourceMac of every Ethernet frame; [#AS_IT_IS]
/// @param targetMac likewise
/// @param prefixes  the first that holds an address, source or target, gives it new leading bits
public record Rewriting(long sourceMac, long targetMac, List<Change> prefixes) {

    public static final long AS_IT_IS = -1;
    public static final Rewriting NONE = new Rewriting(AS_IT_IS, AS_IT_IS, List.of());

    /// Both prefixes have one length; what is behind it stays.
    public record Change(IpPrefix from, IpPrefix to) {

        public Change {
            Check.that(from.address().isIpv4() == to.address().isIpv4(), "a prefix of the other IP version");
            Check.that(from.length() == to.length(), "both prefixes have one length", to.length());
        }

        boolean holds(IpAddress address) {
            return address.isIpv4() == from.address().isIpv4() && from.contains(address);
        }
    }

    public Rewriting {
        prefixes = List.copyOf(prefixes);
    }

    boolean isNothing() {
        return sourceMac == AS_IT_IS && targetMac == AS_IT_IS && prefixes.isEmpty();
    }
}
