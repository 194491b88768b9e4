package io.millrace.control.command.ethtool;

import io.millrace.control.live.Refusal;

import java.util.Map;

/// Options of ethtool for what no port here has: pause frames, coalescing, time stamps, transceivers. They are refused
/// in the words, and with the exit status, in which ethtool 6.1 tells of a device without.
final class AbsentOptions {

    private static final String UNSUPPORTED = "Operation not supported";
    private static final Refusal NETLINK = new Refusal(1, "netlink error: " + UNSUPPORTED);
    private static final Refusal REGISTERS = new Refusal(74, "Cannot get register dump: " + UNSUPPORTED);
    private static final Refusal EEPROM = new Refusal(74, "Cannot get EEPROM data: " + UNSUPPORTED);
    private static final Refusal TEST = new Refusal(74, "Cannot test: " + UNSUPPORTED);
    private static final Refusal NEGOTIATION = new Refusal(255, "Cannot restart autonegotiation: " + UNSUPPORTED);
    private static final Refusal IDENTIFY = new Refusal(255, "Cannot identify NIC: " + UNSUPPORTED);
    private static final Refusal DUMP = new Refusal(1, "Can not get dump level: " + UNSUPPORTED);
    private static final Refusal PAUSE = new Refusal(76, NETLINK.getMessage());
    private static final Refusal SETTINGS = new Refusal(75, NETLINK.getMessage());

    private static final Map<String, Refusal> REFUSALS = Map.ofEntries(
        Map.entry("-a", NETLINK), Map.entry("--show-pause", NETLINK),
        Map.entry("-A", PAUSE), Map.entry("--pause", PAUSE),
        Map.entry("-c", NETLINK), Map.entry("--show-coalesce", NETLINK),
        Map.entry("-C", NETLINK), Map.entry("--coalesce", NETLINK),
        Map.entry("-T", NETLINK), Map.entry("--show-time-stamping", NETLINK),
        Map.entry("-m", NETLINK), Map.entry("--dump-module-eeprom", NETLINK), Map.entry("--module-info", NETLINK),
        Map.entry("--show-priv-flags", NETLINK), Map.entry("--set-priv-flags", NETLINK),
        Map.entry("--show-eee", NETLINK), Map.entry("--set-eee", NETLINK),
        Map.entry("--show-fec", NETLINK), Map.entry("--set-fec", NETLINK),
        Map.entry("-s", SETTINGS), Map.entry("--change", SETTINGS),
        Map.entry("-d", REGISTERS), Map.entry("--register-dump", REGISTERS),
        Map.entry("-e", EEPROM), Map.entry("--eeprom-dump", EEPROM),
        Map.entry("-t", TEST), Map.entry("--test", TEST),
        Map.entry("-r", NEGOTIATION), Map.entry("--negotiate", NEGOTIATION),
        Map.entry("-p", IDENTIFY), Map.entry("--identify", IDENTIFY),
        Map.entry("-w", DUMP), Map.entry("--get-dump", DUMP));

    private AbsentOptions() {}

    /// Null of an option that ethtool does not know, and of one that ports have.
    static Refusal refusal(String option) {
        return REFUSALS.get(option);
    }
}
