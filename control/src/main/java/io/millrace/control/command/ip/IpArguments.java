package io.millrace.control.command.ip;

import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.iface.Interface;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;

import java.util.ArrayList;
import java.util.List;

/// Reads what the commands of `ip` have in common, and refuses it in iproute2's words.
final class IpArguments {

    static final int WRONG_SYNTAX = 255;
    static final int WRONG = 1;
    static final int KERNEL_REFUSED = 2;

    /// The interface that a change names.
    static Interface device(RunningDataplane running, String name) {
        Interface found = running.router().interfaces().find(name);
        if (found == null) throw new Refusal(WRONG, "Cannot find device \"" + name + "\"");
        return found;
    }

    /// The interface that is to be shown: iproute2 says it in other words.
    static Interface shownDevice(RunningDataplane running, String name) {
        Interface found = running.router().interfaces().find(name);
        if (found == null) throw new Refusal(WRONG, "Device \"" + name + "\" does not exist.");
        return found;
    }

    static IpPrefix prefix(String text, IpOptions options) {
        try {
            IpPrefix prefix = IpPrefix.parse(text);
            if (options.wants(prefix.address().family())) return prefix;
        } catch (IllegalArgumentException e) {
            // refused below, in iproute2's words
        }
        throw new Refusal(WRONG, "Error: " + familyName(options) + " prefix is expected rather than \"" + text + "\".");
    }

    /// A network; `default` is that of the family, IPv4 unless -6 or `family` says otherwise.
    static IpPrefix network(String text, IpOptions options, int family) {
        if (text.equals("default") || text.equals("all") || text.equals("any")) {
            boolean isIpv6 = family == 6 || options.family() == 6;
            return IpPrefix.parse(isIpv6 ? "::/0" : "0.0.0.0/0");
        }
        IpPrefix prefix = prefix(text, options);
        if (!prefix.isCanonical()) throw new Refusal(KERNEL_REFUSED, "Error: Invalid prefix for given prefix length.");
        return prefix;
    }

    static IpAddress address(String text, IpOptions options, int family) {
        try {
            IpAddress address = IpAddress.parse(text);
            if (family == 0 && options.wants(address.family()) || address.family() == family) return address;
        } catch (IllegalArgumentException e) {
            // refused below, in iproute2's words
        }
        String expected = family == 6 || family == 0 && options.family() == 6 ? "inet6"
            : family == 0 && options.family() == 0 ? "any valid" : "inet";
        throw new Refusal(WRONG, "Error: " + expected + " address is expected rather than \"" + text + "\".");
    }

    private static String familyName(IpOptions options) {
        return switch (options.family()) {
            case 4 -> "inet";
            case 6 -> "inet6";
            default -> "any valid";
        };
    }

    static int number(String what, String text, int max) {
        try {
            int number = Integer.parseUnsignedInt(text);
            if (Integer.compareUnsigned(number, max) <= 0) return number;
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new Refusal(WRONG_SYNTAX, "Error: argument \"" + text + "\" is wrong: Invalid \"" + what + "\" value\n");
    }

    static Refusal garbage(String expected, String word) {
        return new Refusal(WRONG_SYNTAX,
            "Error: either \"" + expected + "\" is duplicate, or \"" + word + "\" is a garbage.");
    }

    static Refusal unknownCommand(String object, String word) {
        return new Refusal(WRONG_SYNTAX,
            "Command \"" + word + "\" is unknown, try \"ip " + object + " help\".");
    }

    /// The word that a keyword needs behind it.
    static String next(Words words) {
        return words.next(WRONG_SYNTAX, "Command line is not complete. Try option \"help\"");
    }

    /// True for the words that mean `show`.
    static boolean isShow(String command) {
        return "show".startsWith(command) || "list".startsWith(command) || command.equals("lst");
    }

    /// What `show` is to show: all interfaces, or the one that the words name.
    static List<Interface> shown(Words words, RunningDataplane running) {
        List<Interface> shown = new ArrayList<>(running.router().interfaces().all());
        while (words.hasNext()) {
            words.take("dev");
            Interface only = shownDevice(running, next(words));
            shown.removeIf(each -> each.index() != only.index());
        }
        return shown;
    }

    private IpArguments() {}
}
