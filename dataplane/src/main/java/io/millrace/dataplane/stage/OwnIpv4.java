package io.millrace.dataplane.stage;

import io.millrace.dataplane.iface.Interface;
import io.millrace.packet.address.IpPrefix;

import org.agrona.collections.IntArrayList;

import java.util.List;

/// This host's IPv4 addresses, to ask per packet whether a source is one of them. Read and changed by one worker.
final class OwnIpv4 {

    private int[] addresses = {};
    private long filter;   // a bit for each of them

    void change(List<Interface> interfaces) {
        var own = new IntArrayList();
        for (Interface each : interfaces) {
            for (IpPrefix address : each.addresses()) {
                if (address.address().isIpv4()) own.addInt(address.address().ipv4());
            }
        }
        addresses = own.toIntArray();
        filter = 0;
        for (int address : addresses) filter |= filterBit(address);
    }

    boolean has(int address) {
        return (filter & filterBit(address)) != 0 && isListed(address);
    }

    private boolean isListed(int address) {
        for (int own : addresses) {
            if (own == address) return true;
        }
        return false;
    }

    /// One of 64 bits: where it is not set in the filter, the address is none of this host's.
    private static long filterBit(int address) {
        return 1L << (address * 0x9E3779B9 >>> 26);
    }
}
