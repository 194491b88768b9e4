package io.millrace.dataplane.config;

import static io.millrace.dataplane.config.InterfaceSysctl.ACCEPT_SOURCE_ROUTE;
import static io.millrace.dataplane.config.InterfaceSysctl.IPV4_FORWARDING;
import static io.millrace.dataplane.config.InterfaceSysctl.IPV6_FORWARDING;
import static io.millrace.dataplane.config.InterfaceSysctl.SEND_REDIRECTS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SysctlConfigTest {

    private static SysctlConfig given(String... pairs) {
        Map<String, Long> values = new HashMap<>();
        for (String pair : pairs) {
            String[] parts = pair.split("=");
            values.put(parts[0], Long.parseLong(parts[1]));
        }
        return new SysctlConfig(values, TypeMask.LINUX);
    }

    @Test
    void whatIsNotGivenHasItsUsualValue() {
        assertThat(SysctlConfig.LINUX.value(Sysctl.ICMP_RATEMASK)).isEqualTo(6168);
        assertThat(given("net.ipv4.icmp_ratemask=1").value(Sysctl.ICMP_RATEMASK)).isEqualTo(1);
        assertThat(SysctlConfig.LINUX.isOn(IPV4_FORWARDING, "lan")).isTrue();
        assertThat(SysctlConfig.LINUX.isOn(IPV6_FORWARDING, "lan")).isTrue();
        assertThat(SysctlConfig.LINUX.isOn(SEND_REDIRECTS, "lan")).isTrue();
        assertThat(SysctlConfig.LINUX.isOn(ACCEPT_SOURCE_ROUTE, "lan")).isFalse();
    }

    /// Documentation/networking/ip-sysctl.rst: `conf/all/forwarding` sets every interface, as `ip_forward` does.
    @ParameterizedTest
    @CsvSource({
        "net.ipv4.ip_forward=0, false", "net.ipv4.conf.all.forwarding=0, false",
        "net.ipv4.conf.default.forwarding=0, false",
        "net.ipv4.conf.lan.forwarding=0, false", "net.ipv4.conf.wan.forwarding=0, true",
        "net.ipv4.ip_forward=0 net.ipv4.conf.lan.forwarding=1, true",
        "net.ipv4.ip_forward=1 net.ipv4.conf.lan.forwarding=0, false",
        "net.ipv4.ip_forward=1 net.ipv4.conf.default.forwarding=0, true",
        "net.ipv6.conf.all.forwarding=0, true"})
    void forwardingOfAnInterfaceOutweighsAllAndThatDefault(String pairs, boolean isOn) {
        assertThat(given(pairs.split(" ")).isOn(IPV4_FORWARDING, "lan")).isEqualTo(isOn);
    }

    /// IN_DEV_TX_REDIRECTS is `all` or the interface.
    @ParameterizedTest
    @CsvSource({"0, 0, false", "0, 1, true", "1, 0, true", "1, 1, true"})
    void redirectsAreSentIfEitherSaysSo(int all, int lan, boolean isOn) {
        var sysctl = given("net.ipv4.conf.all.send_redirects=" + all, "net.ipv4.conf.lan.send_redirects=" + lan);
        assertThat(sysctl.isOn(SEND_REDIRECTS, "lan")).isEqualTo(isOn);
    }

    /// IN_DEV_SOURCE_ROUTE is `all` and the interface.
    @ParameterizedTest
    @CsvSource({"0, 0, false", "0, 1, false", "1, 0, false", "1, 1, true"})
    void sourceRoutesAreFollowedIfBothSaySo(int all, int lan, boolean isOn) {
        var sysctl =
            given("net.ipv4.conf.all.accept_source_route=" + all, "net.ipv4.conf.lan.accept_source_route=" + lan);
        assertThat(sysctl.isOn(ACCEPT_SOURCE_ROUTE, "lan")).isEqualTo(isOn);
    }

    @Test
    void sourceRoutesNeedOnlyAllBecauseTheDefaultIsOn() {
        assertThat(given("net.ipv4.conf.all.accept_source_route=1").isOn(ACCEPT_SOURCE_ROUTE, "lan")).isTrue();
        assertThat(given("net.ipv4.conf.all.accept_source_route=1", "net.ipv4.conf.default.accept_source_route=0")
            .isOn(ACCEPT_SOURCE_ROUTE, "lan")).isFalse();
    }

    @Test
    void namesOfInterfacesMayHaveDots() {
        var names = new SysctlNames(Set.of("lan", "lan.10"));
        assertThat(names.range("net.ipv4.conf.lan.10.forwarding")).isEqualTo(new SysctlNames.Range(0, 1));
        assertThat(names.range("net.ipv4.conf.lan.11.forwarding")).isNull();
        assertThat(SysctlNames.canonical("net.ipv4.conf.lan/10.forwarding"))
            .isEqualTo("net.ipv4.conf.lan.10.forwarding");
        assertThat(given("net.ipv4.conf.lan.10.forwarding=0").isOn(IPV4_FORWARDING, "lan.10")).isFalse();
        assertThat(given("net.ipv4.conf.lan.10.forwarding=0").isOn(IPV4_FORWARDING, "lan")).isTrue();
    }

    /// As a fresh network namespace has them; making one takes root. Left out: Millrace's own, forwarding, and what
    /// changed between versions of Linux in use (ours are those of 6.18).
    @ParameterizedTest
    @EnumSource(value = Sysctl.class, mode = EnumSource.Mode.EXCLUDE, names = {
        "IP_FORWARD", "DROP_MARTIANS", "ICMP_MSGS_PER_SEC", "ICMP_MSGS_BURST", "ICMPV6_RATELIMIT"})
    void nameAndDefaultAreThoseOfTheRunningKernel(Sysctl sysctl) throws IOException, InterruptedException {
        Assumptions.assumeTrue(inNewNamespace("true") != null, "no network namespace can be made here");
        String file = "/proc/sys/" + sysctl.fullName().replace('.', '/');
        // Only the first namespace shows `default`; `lo` began with its values.
        String value = inNewNamespace("cat", file.replace("/neigh/default/", "/neigh/lo/"));
        assertThat(value).as("Linux knows it").isNotNull();
        assertThat(Long.parseLong(value)).isEqualTo(sysctl.usual());
    }

    /// What a command prints in a network namespace of its own; null if it fails.
    private static String inNewNamespace(String... command) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of("unshare", "--net"));
        line.addAll(List.of(command));
        Process process = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        return process.waitFor() == 0 ? output : null;
    }
}
