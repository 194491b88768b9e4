package io.millrace.dataplane.route;

import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.InterfaceSettings;
import io.millrace.dataplane.route.LinuxNamespace.Answer;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeSet;

import static org.assertj.core.api.Assertions.assertThat;

/// The running kernel as oracle: random addresses and routes, added by `ip` in a network namespace and here, must be
/// accepted and refused alike, list alike, and lead random targets to the same type, interface, gateway and source.
class RouteLinuxTest {

    private static final int PORTS = 3;
    private static final int ROUTES = 60;
    private static final int TARGETS = 60;

    private SplittableRandom random;
    private List<Interface> interfaces;
    private RouteTable routes;

    @BeforeAll
    static void needsAKernel() {
        LinuxNamespace.required();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void agreesWithTheKernel(int family) throws IOException {
        random = new SplittableRandom(Seeds.next());
        for (int round = 0; round < (Seeds.isFull() ? 40 : 3); round++) {
            try (Arena arena = Arena.ofConfined()) {
                interfaces = randomInterfaces(family);
                routes = new RouteTable(arena, interfaces);
                compare(family);
            }
        }
    }

    private void compare(int family) throws IOException {
        List<String> commands = new ArrayList<>(setUp());
        List<Route> wanted = new ArrayList<>();
        for (int i = 0; i < ROUTES; i++) {
            Route route = family == 4 ? randomRoute4() : randomRoute6();
            wanted.add(route);
            commands.add("ip -" + family + " route add " + command(route));
        }
        List<IpAddress> targets = new ArrayList<>();
        for (int i = 0; i < TARGETS; i++) {
            IpAddress target = family == 4 ? randomAddress4() : randomAddress6();
            targets.add(target);
            commands.add("ip -" + family + " route get " + target);
        }
        commands.add("ip -" + family + " route show table all");
        List<Answer> answers = LinuxNamespace.run(commands);
        assertThat(answers).hasSameSizeAs(commands);
        int at = setUp().size();
        for (Answer answer : answers.subList(0, at)) {
            Assumptions.assumeTrue(answer.status() == 0, () -> "not possible here: " + answer);
        }
        for (Route route : wanted) {
            RouteResult result = routes.add(route);
            Answer answer = answers.get(at++);
            assertThat(result == RouteResult.DONE).as("%s, here %s%n%s", answer, result, commands)
                .isEqualTo(answer.status() == 0);
        }
        for (IpAddress target : targets) {
            Answer answer = answers.get(at++);
            assertThat(lookup(target)).as("%s%n%s", answer, commands).isEqualTo(lookup(answer));
        }
        assertThat(listed()).isEqualTo(listed(answers.get(at).text()));
    }

    private List<String> setUp() {
        List<String> commands = new ArrayList<>(List.of("ip link set lo up", "sysctl -qw net.ipv4.ip_forward=1",
            "sysctl -qw net.ipv6.conf.all.forwarding=1", "sysctl -qw net.ipv6.conf.default.forwarding=1",
            "sysctl -qw net.ipv6.conf.default.addr_gen_mode=1"));
        for (Interface each : interfaces) {
            commands.add("ip tuntap add " + each.name() + " mode tap");
            commands.add("ip link set " + each.name() + " up");
            for (IpPrefix address : each.addresses()) {
                String flags = address.address().isIpv6() ? " nodad" : "";
                commands.add("ip addr add " + address + " dev " + each.name() + flags);
                if (address.address().isIpv6()) commands.add(waitFor(address.address()));
            }
        }
        return commands;
    }

    /// The kernel takes IPv6 addresses into use a moment later.
    private static String waitFor(IpAddress address) {
        return "for i in $(seq 500); do ip -6 route show table local | grep -q '^local " + address
            + " ' && break; sleep 0.01; done";
    }

    private List<Interface> randomInterfaces(int family) {
        List<Interface> made = new ArrayList<>();
        var used = new TreeSet<IpAddress>();
        for (int index = 0; index < PORTS; index++) {
            List<IpPrefix> addresses = new ArrayList<>();
            if (family == 6) addresses.add(IpPrefix.parse("fe80::" + (index + 1) + "/64"));
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                IpPrefix address = family == 4
                    ? new IpPrefix(randomOwn4(), pick(16, 24, 25, 30, 31, 32))
                    : new IpPrefix(IpAddress.parse("fd00:" + (index + 1) + "::" + pick(1, 2, 3, 5, 6)),
                        pick(48, 64, 126, 127, 128));
                if (used.add(address.address())) addresses.add(address);
            }
            made.add(new Interface(index, "p" + index, index, 0, 0, 0x0200_0000_0001L + index, 1500, addresses,
                InterfaceSettings.ROUTER));
        }
        return made;
    }

    /// Never the last of any subnet: Linux takes that for both a broadcast and a local address, and which of the two
    /// wins depends on the order of the commands. For the same reason no IPv6 address is the first of its subnet.
    private IpAddress randomOwn4() {
        return IpAddress.parse("10.0." + random.nextInt(4) + "." + pick(0, 1, 2, 4, 5, 128, 129, 254));
    }

    private Route randomRoute4() {
        IpPrefix to = new IpPrefix(randomAddress4(), pick(0, 8, 16, 23, 24, 25, 30, 31, 32)).network();
        if (random.nextInt(6) == 0) return Route.refusing(to, randomRefusal()).withMetric(pick(0, 0, 10));
        IpAddress via = random.nextInt(5) == 0 ? null : random.nextBoolean() ? randomAddress4() : randomNear();
        Route route = Route.unicast(to, randomPort(), via).withMetric(pick(0, 0, 0, 10, 20));
        return random.nextInt(6) == 0 ? route.withSource(random.nextBoolean() ? randomNear() : randomAddress4())
            : route;
    }

    private Route randomRoute6() {
        IpPrefix to = new IpPrefix(randomAddress6(), pick(0, 32, 48, 64, 65, 127, 128)).network();
        if (random.nextInt(6) == 0) return Route.refusing(to, randomRefusal()).withMetric(pick(1024, 10));
        int port = randomPort();
        IpAddress via = switch (random.nextInt(5)) {
            case 0 -> null;
            case 1 -> IpAddress.parse("fe80::" + random.nextInt(50, 60));
            default -> randomAddress6();
        };
        Route route = Route.unicast(to, port, via).withMetric(pick(1024, 1024, 10, 2000));
        return random.nextInt(8) == 0 ? route.withSource(randomAddress6()) : route;
    }

    private IpAddress randomAddress4() {
        return IpAddress.parse(random.nextInt(8) == 0 ? "172.16." + random.nextInt(2) + "." + random.nextInt(256)
            : "10.0." + random.nextInt(4) + "." + pick(0, 1, 2, 3, 4, 127, 128, 129, 254, 255));
    }

    /// An address of ours, or one beside it.
    private IpAddress randomNear() {
        Interface owner = interfaces.get(random.nextInt(PORTS));
        if (owner.addresses().isEmpty()) return randomAddress4();
        IpAddress own = owner.addresses().get(random.nextInt(owner.addresses().size())).address();
        return IpAddress.ofIpv4(own.ipv4() ^ pick(0, 1, 2, 3));
    }

    private IpAddress randomAddress6() {
        String net = switch (random.nextInt(8)) {
            case 0 -> "2001:db8:" + random.nextInt(2) + ":";
            case 1 -> "fd00:9:" + random.nextInt(2) + ":";
            default -> "fd00:" + random.nextInt(1, PORTS + 1) + ":";
        };
        return IpAddress.parse(net + ":" + random.nextInt(8));
    }

    private RouteType randomRefusal() {
        return List.of(RouteType.UNREACHABLE, RouteType.BLACKHOLE, RouteType.PROHIBIT).get(random.nextInt(3));
    }

    private int randomPort() {
        return random.nextInt(3) == 0 ? Route.NO_INTERFACE : random.nextInt(PORTS);
    }

    private int pick(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static String command(Route route) {
        String type = route.type().isRefusal() ? route.type() + " " : "";
        String via = route.via() == null ? "" : " via " + (route.via().isIpv6() ? "inet6 " : "") + route.via();
        String dev = route.interfaceIndex() == Route.NO_INTERFACE ? "" : " dev p" + route.interfaceIndex();
        String source = route.source() == null ? "" : " src " + route.source();
        return type + route.to() + via.replace("inet6 ", route.to().address().isIpv6() ? "" : "inet6 ") + dev + source
            + " metric " + route.metric();
    }

    /// Type, and for unicast targets interface, gateway and source.
    private String lookup(IpAddress target) {
        int hop = target.isIpv4() ? routes.lookup4(target.ipv4()) : routes.lookup6(target.high(), target.low());
        if (hop == NextHops.NONE) return "none";
        NextHops hops = routes.hops();
        RouteType type = hops.type(hop);
        if (type != RouteType.UNICAST) return type.toString();
        String via = switch (hops.gatewayFamily(hop)) {
            case 4 -> IpAddress.ofIpv4(hops.gateway4(hop)).toString();
            case 6 -> IpAddress.ofIpv6(hops.gatewayHigh(hop), hops.gatewayLow(hop)).toString();
            default -> "-";
        };
        return "unicast p" + hops.egress(hop) + " " + via + " " + source(hop, target);
    }

    private String source(int hop, IpAddress target) {
        if (target.isIpv4()) return IpAddress.ofIpv4(routes.hops().source4(hop)).toString();
        int number = routes.source6(hop, target.high(), target.low());
        return IpAddress.ofIpv6(routes.addresses().high(number), routes.addresses().low(number)).toString();
    }

    private static String lookup(Answer answer) {
        String text = answer.text();
        if (text.contains("No route to host")) return "unreachable";
        if (text.contains("Permission denied")) return "prohibit";
        if (text.contains("Invalid argument")) return "blackhole";
        if (text.contains("Network is unreachable")) return "none";
        String first = text.split(" ")[0];
        if (first.matches("[a-z]+")) return first;
        return "unicast " + word(text, "dev") + " " + word(text, "via") + " " + word(text, "src");
    }

    /// The routes of both tables, one a line, without those of the loopback interface.
    private List<String> listed() {
        return routes.routes().stream().map(route -> route.type() + " " + route.to() + " "
            + (route.type().isRefusal() ? "-" : "p" + route.interfaceIndex()) + " "
                + (route.via() == null ? "-" : route.via())
            + " " + route.metric() + " " + (route.source() == null ? "-" : route.source())).sorted().toList();
    }

    private static List<String> listed(String text) {
        return text.lines().filter(line -> !line.contains("dev lo ")
            || line.matches("(unreachable|blackhole|prohibit).*"))
            .map(RouteLinuxTest::listedLine).sorted().toList();
    }

    private static String listedLine(String line) {
        String[] words = line.strip().split(" ");
        boolean hasType = words[0].matches("(local|broadcast|anycast|multicast|unreachable|blackhole|prohibit)");
        String type = hasType ? words[0] : "unicast";
        String to = words[hasType ? 1 : 0];
        boolean isIpv6 = to.contains(":") || line.contains(" pref ");
        if (to.equals("default")) to = isIpv6 ? "::/0" : "0.0.0.0/0";
        String dev = RouteType.valueOf(type.toUpperCase(Locale.ROOT)).isRefusal() ? "-" : word(line, "dev");
        String metric = word(line, "metric");
        return type + " " + IpPrefix.parse(to) + " " + dev + " " + word(line, "via") + " "
            + ("-".equals(metric) ? "0" : metric) + " " + word(line, "src");
    }

    /// The word behind the given one, or `-`.
    private static String word(String text, String before) {
        String[] words = text.split("\\s+");
        for (int i = 0; i + 1 < words.length; i++) {
            if (words[i].equals(before)) return words[i + 1].equals("inet6") ? words[i + 2] : words[i + 1];
        }
        return "-";
    }
}
