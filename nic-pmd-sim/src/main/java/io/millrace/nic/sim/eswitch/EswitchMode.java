package io.millrace.nic.sim.eswitch;

/// What the switch inside a NIC does with the packets of virtual functions, by devlink's names.
public enum EswitchMode {

    /// Switches between the virtual functions, the wire and the host by MAC address. There are no representors, and no
    /// tables that rules or flows could be put into.
    LEGACY("legacy"),
    /// Every virtual function has a representor, a port of the host; what no rule and no flow matches goes there.
    SWITCHDEV("switchdev");

    private final String label;

    EswitchMode(String label) {
        this.label = label;
    }

    public String label() { return label; }

    /// The mode of this name, or null.
    public static EswitchMode labelled(String label) {
        for (EswitchMode each : values()) {
            if (each.label.equals(label)) return each;
        }
        return null;
    }
}
