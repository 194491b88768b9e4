package io.millrace.nic.sim;

import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FieldMatch;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerFlags;
import io.millrace.flow.flower.FlowerPlace;
import io.millrace.flow.flower.FlowerRefusal;
import io.millrace.flow.flower.KeyRules;
import io.millrace.flow.flower.PortRange;
import io.millrace.flow.flower.block.ActionIndexes;
import io.millrace.flow.flower.block.FlowerBlock;
import io.millrace.flow.flower.block.FlowerEntry;
import io.millrace.flow.flower.block.FlowerOffload;
import io.millrace.flow.flower.block.FlowerRequest;
import io.millrace.flow.flower.block.FlowerSoftware;
import io.millrace.flow.flower.block.HardwareCounts;
import io.millrace.flow.flower.engine.FlowerRule;
import io.millrace.flow.flower.engine.FlowerTable;
import io.millrace.flow.ruleset.Errno;
import io.millrace.nic.sim.eswitch.Eswitch;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.filter.DeviceFilters;
import io.millrace.nic.sim.filter.FilterChange;
import io.millrace.nic.sim.filter.FilterName;
import io.millrace.nic.sim.filter.FilterOwner;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;

/// Filters of one priority that overlap: which of them a packet meets in hardware is the first that software would meet
/// of those that hardware has, whatever was added, replaced, removed, refused and offered again before.
class FilterOrderTest {

    private static final int IPV4 = 0x800;
    private static final int UDP = 17;
    private static final int HOSTS = 3;
    private static final int PORTS = 6;
    private static final int STEPS = 400;
    private static final int NONE = 0;

    private final Arena arena = Arena.ofAuto();
    private final PacketMemory packets = new PacketMemory(arena, 16);
    private final PacketPool pool = new PacketPool(arena, packets);
    private final PacketMeta meta = new PacketMeta(packets);
    private final DeviceFilters device = new DeviceFilters(pool, NicModel.FULL.limits().filters(), 1,
        new Eswitch(new Eswitch.Traffic() {
            @Override public long offered() { return 0; }
            @Override public long lost()    { return 0; }
        }, _ -> { }), NicFaults.NONE);
    private final FlowerTable software = new FlowerTable(packets, true, false, (_, _) -> false, null);
    private final FlowerBlock block = new FlowerBlock(new Direct(), new Card(), new ActionIndexes());
    private final int packet = pool.allocate();
    private SplittableRandom random = new SplittableRandom(1);
    private double refusedShare;

    /// The order by hand: mask shapes as they came, and in each its filters as they came.
    private final List<ModelShape> model = new ArrayList<>();

    private record ModelFilter(int handle, Filter filter) {}

    private record ModelShape(int kind, List<ModelFilter> filters) {}

    /// What a filter looks at.
    ///
    /// @param kind 0: host; 1: port; 2: range of target ports; 3: host and range of source ports
    private record Filter(int kind, int host, int min, int max) {

        FlowerRequest request(FlowerRequest.Verb verb, int handle, int actionChain) {
            Map<FlowerField, FieldMatch> keys = new HashMap<>();
            if (kind != 0) keys.put(FlowerField.IP_PROTOCOL, FieldMatch.of(UDP, 0xff));
            boolean hasHost = kind == 0 || kind == 3;
            if (hasHost) keys.put(FlowerField.TARGET_ADDRESS, FieldMatch.of(0x0a000000 | host, 0xffff_ffffL));
            if (kind == 1) keys.put(FlowerField.TARGET_PORT, FieldMatch.of(min, 0xffff));
            Optional<PortRange> range = kind < 2 ? Optional.empty() : Optional.of(new PortRange(min, max));
            var match = KeyRules.match(IPV4, keys, kind == 3 ? range : Optional.empty(),
                kind == 2 ? range : Optional.empty());
            return new FlowerRequest(verb, 0, 1, IPV4, handle, 0, match,
                List.of(new FlowerAction.Gact(ActionControl.gotoChain(actionChain))), FlowerFlags.NONE);
        }

        boolean matches(int toHost, int source, int target) {
            return switch (kind) {
                case 0 -> toHost == host;
                case 1 -> target == min;
                case 2 -> target >= min && target <= max;
                default -> toHost == host && source >= min && source <= max;
            };
        }
    }

    private final class Direct implements FlowerSoftware {
        @Override public FlowerRule add(FlowerFilter filter, boolean isInHardware) { return software.add(filter, 0); }
        @Override public void inHardware(List<FlowerRule> rules, boolean yes) {}
        @Override public void remove(List<FlowerRule> rules) { rules.forEach(software::remove); }

        @Override
        public FlowerRule replace(FlowerRule old, FlowerFilter filter, boolean isInHardware) {
            return software.replace(old, filter, 0);
        }
    }

    /// Hardware that refuses a share.
    private final class Card implements FlowerOffload {

        private FilterName name(int slot, int generation) {
            return new FilterName(FilterOwner.TC, 0, slot, generation);
        }

        @Override
        public FlowerRefusal add(int slot, int generation, FlowerFilter filter, FlowerPlace place) {
            if (random.nextDouble() < refusedShare) return new FlowerRefusal(Errno.NO_SPACE, "no room");
            CommandResult result = device.add(new FilterChange.Added(name(slot, generation), filter, place), 0, 0);
            assertThat(result).isEqualTo(CommandResult.DONE);
            return null;
        }

        @Override
        public void remove(int slot, int generation) {
            assertThat(device.remove(name(slot, generation))).isEqualTo(CommandResult.DONE);
        }

        @Override
        public boolean statistics(int slot, int generation, HardwareCounts counts) {
            return false;
        }
    }

    @Test
    void aReplacedRangeKeepsItsPlaceInHardware() {
        add(new Filter(2, 0, 1, 3));
        add(new Filter(2, 0, 1, 5));
        block.put(new Filter(2, 0, 2, 4).request(FlowerRequest.Verb.REPLACE, 1, 1));
        assertThat(hardwareMeets(0, 0, 2)).as("both match").isEqualTo(1);
        assertThat(hardwareMeets(0, 0, 5)).isEqualTo(2);
    }

    @RepeatedTest(5)
    void hardwareMeetsTheFirstInSoftwaresOrderOfThoseThatItHas() {
        long seed = Seeds.next();
        random = new SplittableRandom(seed);
        refusedShare = random.nextInt(3) * 0.2;
        for (int step = 0; step < STEPS; step++) {
            int what = random.nextInt(20);
            if (what < 9) add(draw(random.nextInt(4)));
            else if (what < 13) replace();
            else if (what < 19) remove();
            else comeAndGo();
            check(seed, step);
        }
    }

    private Filter draw(int kind) {
        int min = random.nextInt(PORTS - 1);
        return new Filter(kind, kind == 0 || kind == 3 ? random.nextInt(HOSTS) : 0, kind == 0 ? 0 : min,
            kind < 2 ? 0 : min + 1 + random.nextInt(PORTS - 1 - min));
    }

    private boolean isThere(Filter filter) {
        return model.stream().flatMap(shape -> shape.filters().stream())
            .anyMatch(each -> each.filter().equals(filter));
    }

    private void add(Filter filter) {
        if (isThere(filter)) return;
        int handle = 1;
        while (handles().contains(handle)) handle++;
        block.put(filter.request(FlowerRequest.Verb.ADD, handle, handle));
        ModelShape shape = model.stream().filter(each -> each.kind() == filter.kind()).findFirst().orElse(null);
        if (shape == null) {
            shape = new ModelShape(filter.kind(), new ArrayList<>());
            model.add(shape);
        }
        shape.filters().add(new ModelFilter(handle, filter));
    }

    private List<Integer> handles() {
        return model.stream().flatMap(shape -> shape.filters().stream()).map(ModelFilter::handle).toList();
    }

    private void replace() {
        if (model.isEmpty()) return;
        ModelShape shape = model.get(random.nextInt(model.size()));
        int at = random.nextInt(shape.filters().size());
        Filter filter = draw(shape.kind());
        if (isThere(filter)) return;
        int handle = shape.filters().get(at).handle();
        block.put(filter.request(FlowerRequest.Verb.REPLACE, handle, handle));
        shape.filters().set(at, new ModelFilter(handle, filter));
    }

    private void remove() {
        if (model.isEmpty()) return;
        ModelShape shape = model.get(random.nextInt(model.size()));
        int handle = shape.filters().remove(random.nextInt(shape.filters().size())).handle();
        if (shape.filters().isEmpty()) model.remove(shape);
        block.remove(0, 1, IPV4, handle);
    }

    private void comeAndGo() {
        if (random.nextBoolean()) {
            block.leaveHardware();
        } else {
            device.reset();
            block.hardwareLost();
        }
        while (!block.enterHardware(1 + random.nextInt(3))) {}
    }

    private void check(long seed, int step) {
        List<Integer> inHardware = block.entries().stream().filter(FlowerEntry::isInHardware)
            .map(each -> each.filter().handle()).toList();
        for (int i = 0; i < 10; i++) {
            int host = random.nextInt(HOSTS);
            int source = random.nextInt(PORTS);
            int target = random.nextInt(PORTS);
            assertThat(hardwareMeets(host, source, target)).as("hardware, seed %d, step %d", seed, step)
                .isEqualTo(first(host, source, target, inHardware));
            assertThat(softwareMeets(host, source, target)).as("software, seed %d, step %d", seed, step)
                .isEqualTo(first(host, source, target, handles()));
        }
    }

    private int first(int host, int source, int target, List<Integer> among) {
        for (ModelShape shape : model) {
            for (ModelFilter each : shape.filters()) {
                if (among.contains(each.handle()) && each.filter().matches(host, source, target)) return each.handle();
            }
        }
        return NONE;
    }

    private int hardwareMeets(int host, int source, int target) {
        write(host, source, target);
        device.classify(packet, 0, 0);
        return handle(device.isUsedBy(0) ? device.filtered() : PacketMeta.FILTERED_NOT);
    }

    private int softwareMeets(int host, int source, int target) {
        write(host, source, target);
        software.classify(packet, 0, 0);
        return handle(software.filtered());
    }

    /// A filter sends what it matches to the chain of its handle, in which there is nothing.
    private static int handle(int filtered) {
        return filtered == PacketMeta.FILTERED_NOT ? NONE : filtered - PacketMeta.FILTERED_UP_TO;
    }

    private void write(int host, int source, int target) {
        byte[] frame = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.9", "10.0.0." + host)
            .udp(source, target).payloadOf(20).bytes();
        meta.begin(packet, frame.length, 0, 0, 0);
        MemorySegment.copy(frame, 0, packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(packet), frame.length);
    }
}
