package io.millrace.simulation.model;

import io.millrace.packet.address.IpPrefix;
import io.millrace.simulation.frame.SeenFrame;

/// A `tc flower` filter at ingress of a port, as the oracle has it: what it matches, what it does, and how many frames
/// it should have counted.
public final class ModelFilter {

    /// What frames it matches. Numbers that are 0 and prefixes that are null are not looked at.
    ///
    /// @param etherType  that the frame begins with, or behind the tag where `vlan` is given
    /// @param targetPort of frames that are no fragments
    public record Key(int etherType, int vlan, int ipProtocol, IpPrefix target, int targetPort) {

        boolean matches(SeenFrame frame) {
            boolean isHere = frame.etherType() == etherType && frame.vlan() == vlan && frame.isIp();
            return isHere && (ipProtocol == 0 || frame.protocol() == ipProtocol)
                && (target == null || target.contains(frame.target()))
                && (targetPort == 0 || !frame.isFragment() && frame.targetPort() == targetPort);
        }

        /// What it looks at, without what it wants to find there.
        String shape() {
            return (ipProtocol != 0) + " " + (target == null ? "-" : target.length()) + " " + (targetPort != 0);
        }
    }

    /// What happens to a frame that matches, after it was mirrored or not.
    public enum Action { DROP, PASS, CONTINUE, GOTO, REDIRECT }

    public static final int NOWHERE = -1;

    private final int port;
    private final int chain;
    private final int priority;
    private final int handle;
    private final Key key;
    private final Action action;
    private final int argument;
    private final int mirror;
    private final boolean skipsSoftware;
    private long softwareCount;
    private long hardwareCount;

    /// @param argument chain to go to, or port to redirect to
    /// @param mirror   port that gets a copy before, or [#NOWHERE]
    public ModelFilter(int port, int chain, int priority, int handle, Key key, Action action, int argument, int mirror,
                       boolean skipsSoftware) {
        this.port = port;
        this.chain = chain;
        this.priority = priority;
        this.handle = handle;
        this.key = key;
        this.action = action;
        this.argument = argument;
        this.mirror = mirror;
        this.skipsSoftware = skipsSoftware;
    }

    public int port()               { return port; }
    public int chain()              { return chain; }
    public int priority()           { return priority; }
    public int handle()             { return handle; }
    public Key key()                { return key; }
    public Action action()          { return action; }
    public int argument()           { return argument; }
    public int mirror()             { return mirror; }
    public boolean skipsSoftware()  { return skipsSoftware; }
    public long softwareCount()     { return softwareCount; }
    public long hardwareCount()     { return hardwareCount; }

    /// It has matched a frame.
    void count(boolean isInHardware) {
        if (isInHardware) hardwareCount++;
        else softwareCount++;
    }

    /// It is not in hardware any more, which has forgotten what it counted.
    public void forgetHardwareCount() {
        hardwareCount = 0;
    }

    @Override
    public String toString() {
        return "filter of port " + port + ", chain " + chain + " pref " + priority + " handle " + handle + ": " + key
            + " " + action + " " + argument + (mirror == NOWHERE ? "" : ", mirrored to " + mirror)
            + (skipsSoftware ? ", skip_sw" : "");
    }
}
