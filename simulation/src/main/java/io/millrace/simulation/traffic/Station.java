package io.millrace.simulation.traffic;

import io.millrace.packet.address.IpAddress;
import io.millrace.simulation.model.ModelLink;

import java.util.List;

/// What has a MAC address on a link of the router: a host, or a gateway to hosts beyond.
public final class Station {

    private final ModelLink link;
    private final List<IpAddress> addresses;
    private final boolean isGateway;
    private long mac;
    private boolean isMute;

    Station(ModelLink link, List<IpAddress> addresses, boolean isGateway, long mac) {
        this.link = link;
        this.addresses = addresses;
        this.isGateway = isGateway;
        this.mac = mac;
    }

    public ModelLink link()            { return link; }
    /// On the link: one of each family that it speaks.
    public List<IpAddress> addresses() { return addresses; }
    public boolean isGateway()         { return isGateway; }
    public long mac()                  { return mac; }
    /// It answers no question about its MAC address.
    public boolean isMute()            { return isMute; }

    public void mac(long value) {
        mac = value;
    }

    public void isMute(boolean yes) {
        isMute = yes;
    }

    @Override
    public String toString() {
        return addresses.getFirst() + " on " + link;
    }
}
