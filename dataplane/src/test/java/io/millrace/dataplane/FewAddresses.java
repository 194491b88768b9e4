package io.millrace.dataplane;

import io.millrace.dataplane.iface.OwnAddresses;

/// 10.0.0.1 and fd00::1 are this host's, everything else is somewhere; answers without garbage.
public final class FewAddresses implements OwnAddresses {

    private static final int OWN4 = 0x0a000001;
    private static final long OWN6_HIGH = 0xfd00L << 48;

    @Override
    public boolean owns4(int address) {
        return address == OWN4;
    }

    @Override
    public boolean owns6(long high, long low, int interfaceIndex) {
        return high == OWN6_HIGH && low == 1;
    }

    @Override
    public int source4(int target) {
        return OWN4;
    }

    @Override
    public int mtuBytes4(int target) {
        return 1500;
    }

    @Override
    public boolean source6(long targetHigh, long targetLow, int interfaceIndex, long[] source) {
        source[0] = OWN6_HIGH;
        source[1] = 1;
        return true;
    }
}
