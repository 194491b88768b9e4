package io.millrace.control.device;

import io.millrace.dataplane.offload.DeviceFault;
import io.millrace.nic.program.DeviceAbilities;
import io.millrace.nic.program.DeviceFirmware;
import io.millrace.nic.program.FirmwareImage;
import io.millrace.nic.program.Programs;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.SimPort;
import io.millrace.nic.sim.audit.AuditFinding;
import io.millrace.nic.sim.audit.AuditRing;
import io.millrace.nic.sim.audit.AuditSkip;
import io.millrace.nic.sim.filter.DeviceFilters;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.mailbox.DeviceCommand;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.device.DeviceLimitException;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.packet.parse.graph.ParseGraph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/// One simulated NIC: its firmware, what is wanted of it, and its commands.
///
/// Whatever changes the programs of the device has the ports decide anew which offloads are on. Control thread alone.
public final class NicControl {

    private final SimNic nic;
    private final DeviceMailbox mailbox;
    private final Offloads offloads;
    private final DeviceFirmware firmware;
    private final HealthReporter audit = new HealthReporter("audit", this::auditCounts, this::recover);
    private final EswitchControl eswitch;
    private final FilterWatch filterWatch;
    private final HealthReporter driver = HealthReporter.ofItself("driver");
    private final List<PortControl> ports = new ArrayList<>();
    private ToLongFunction<DeviceFault> faults = _ -> 0;
    private FilterListener filterListener = FilterListener.NONE;
    private boolean hasBegun;

    /// @param host       what the host runs instead of the device
    /// @param image      what the device has booted
    /// @param clock      the device's
    /// @param deviceTurn has the device look at its mailbox where it has no thread of its own, else does nothing
    /// @param merges     by index of a port: whether merging is wanted of it to begin with
    public NicControl(SimNic nic, Programs host, FirmwareImage image, LongSupplier clock, LongConsumer deviceTurn,
                      IntPredicate merges, OffloadListener listener) {
        this.nic = nic;
        this.filterWatch = new FilterWatch(nic);
        this.eswitch = new EswitchControl(nic, clock, new FilterReturn(nic, this));
        this.offloads = new Offloads(nic.model(), host);
        this.firmware = new DeviceFirmware(image);
        this.mailbox = new DeviceMailbox(nic.mailbox(), nic.model().limits().latencyNs(), clock, deviceTurn);
        for (SimPort port : nic.ports()) {
            ports.add(new PortControl(this, port, Offloads.wanted(merges.test(port.index())), listener));
        }
    }

    /// As devlink names it: `sim/nic0`.
    public String handle()             { return "sim/" + nic.name(); }
    public NicModel model()            { return nic.model(); }
    public DeviceFirmware firmware()   { return firmware; }
    public HealthReporter audit()      { return audit; }
    public EswitchControl eswitch()    { return eswitch; }

    /// Who knows how often the device did something wrong that its driver made good.
    public void watch(ToLongFunction<DeviceFault> counts) {
        faults = counts;
    }

    /// What can go wrong with the device, as it stands now.
    public List<HealthReporter> reporters() {
        Map<String, String> found = new LinkedHashMap<>();
        long sum = 0;
        for (DeviceFault each : DeviceFault.values()) {
            long count = faults.applyAsLong(each);
            sum += count;
            if (count > 0) found.put(each.name(), count + " (" + each.meaning() + ")");
        }
        driver.recovered(sum, found);
        return List.of(audit, driver, eswitch.health(), filterWatch.health());
    }

    public List<PortControl> ports()   { return List.copyOf(ports); }
    public DeviceAbilities abilities() { return offloads.abilities(); }
    Offloads offloads()                { return offloads; }

    PortControl port(SimPort port) {
        return ports.stream().filter(each -> each.port() == port).findFirst().orElseThrow();
    }

    /// Has the device carry out a command, and waits for it.
    public CommandResult carryOut(DeviceCommand command) {
        return mailbox.carryOut(command);
    }

    /// Gives the device a command whose end nobody waits for.
    void send(DeviceCommand command) {
        mailbox.send(command);
    }

    /// The device's flower filters, for commands; null if it has none.
    DeviceFilters filters() {
        return nic.filters();
    }

    /// Filters in the device.
    public int filterCount() {
        return nic.filters() == null ? 0 : nic.filters().filterCount();
    }

    /// Different masks among them.
    public int shapeCount() {
        return nic.filters() == null ? 0 : nic.filters().shapeCount();
    }

    /// Who moves filters out of the device and into it when its ports can no longer hold them, or can again.
    public void onFilters(FilterListener listener) {
        filterListener = listener;
    }

    /// What happens to filters in the device.
    FilterWatch filterWatch() {
        return filterWatch;
    }

    FilterListener filterListener() {
        return filterListener;
    }

    /// The graph that the device runs: that of its firmware, unless it has no room for it.
    public ParseGraph graph() {
        ParseProgram running = nic.image().program();
        boolean isOfFirmware = running.isSameAs(firmware.running().parser().program());
        return isOfFirmware ? firmware.running().graph() : running.graph();
    }

    /// Boots the stored image, its parser between two packets. Refused as [#fetchParser] is, and then the old one runs
    /// on.
    public CommandResult boot() {
        CommandResult result = runParser(firmware.stored().parser());
        if (result != CommandResult.DONE) return result;
        firmware.boot();
        changed();
        return result;
    }

    /// Runs another parser, between two packets. Refused with a [DeviceLimitException] where the device has no room
    /// for it; then nothing has changed.
    public CommandResult fetchParser(ParseProgram program) {
        CommandResult result = runParser(ParseImage.of(program));
        if (result != CommandResult.DONE) return result;
        firmware.fetchParser(program);
        changed();
        return result;
    }

    private CommandResult runParser(ParseImage image) {
        return carryOut(nic.fetchParser(image));
    }

    private void changed() {
        ports.forEach(PortControl::placeRawTables);
        ports.forEach(PortControl::decide);
    }

    /// The device differs from software in one packet: whatever runs that engine is off until the reporter recovers.
    public void found(AuditFinding finding, Map<String, String> diagnosis) {
        audit.report(diagnosis);
        offloads.block(finding.engine());
        ports.forEach(PortControl::decide);
    }

    /// Where audited packets are, or null if none are audited.
    public AuditRing auditRing() {
        return nic.audit();
    }

    private Map<String, String> auditCounts() {
        AuditRing ring = auditRing();
        if (ring == null) return Map.of();
        Map<String, String> counts = new LinkedHashMap<>();
        counts.put("compared", String.valueOf(ring.comparedCount()));
        for (AuditSkip why : AuditSkip.values()) {
            counts.put("skipped: " + why.label(), String.valueOf(ring.skippedCount(why)));
        }
        return counts;
    }

    private void recover() {
        offloads.unblockAll();
        changed();
    }

    /// Has every port do what follows from what it is and what is wanted: the first time that somebody asks, because a
    /// device answers only once it runs.
    void begin() {
        if (hasBegun) return;
        hasBegun = true;
        changed();
    }
}
