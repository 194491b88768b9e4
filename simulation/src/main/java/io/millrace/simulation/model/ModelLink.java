package io.millrace.simulation.model;

import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;

import java.util.ArrayList;
import java.util.List;

/// An interface of the router, with what is configured at present.
public final class ModelLink {

    private final int index;
    private final String name;
    private final int port;
    private final int vlan;
    private final long mac;
    private final List<IpPrefix> addresses;
    private int mtuBytes = 1500;
    private boolean forwards4 = true;
    private boolean forwards6 = true;

    /// @param vlan 0 for untagged frames
    public ModelLink(int index, String name, int port, int vlan, long mac, List<IpPrefix> addresses) {
        this.index = index;
        this.name = name;
        this.port = port;
        this.vlan = vlan;
        this.mac = mac;
        this.addresses = new ArrayList<>(addresses);
    }

    public int index()                 { return index; }
    public String name()               { return name; }
    public int port()                  { return port; }
    public int vlan()                  { return vlan; }
    public long mac()                  { return mac; }
    public List<IpPrefix> addresses()  { return addresses; }
    public int mtuBytes()              { return mtuBytes; }

    public boolean forwards(int family) {
        return family == 4 ? forwards4 : forwards6;
    }

    public void mtuBytes(int value) {
        mtuBytes = value;
    }

    public void forwards(int family, boolean yes) {
        if (family == 4) forwards4 = yes;
        else forwards6 = yes;
    }

    public boolean owns(IpAddress address) {
        for (IpPrefix each : addresses) {
            if (each.address().equals(address)) return true;
        }
        return false;
    }

    /// The first address of the family.
    public IpAddress address(int family) {
        for (IpPrefix each : addresses) {
            if (each.address().family() == family) return each.address();
        }
        throw new IllegalStateException(name + " has no address of family " + family);
    }

    @Override
    public String toString() {
        return name;
    }
}
