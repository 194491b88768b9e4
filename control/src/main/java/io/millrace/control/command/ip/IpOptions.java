package io.millrace.control.command.ip;

import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;

/// What stands between `ip` and its object.
///
/// @param family       4 or 6, or 0 where both are meant
/// @param isBrief      one line for each
/// @param hasStatistics counters too
/// @param hasDetails    what the device is, too
record IpOptions(int family, boolean isBrief, boolean hasStatistics, boolean hasDetails) {

    static IpOptions read(Words words) {
        int family = 0;
        boolean isBrief = false;
        boolean hasStatistics = false;
        boolean hasDetails = false;
        while (words.hasNext() && words.peek().startsWith("-")) {
            String option = words.next();
            String name = option.startsWith("--") ? option.substring(1) : option;
            switch (name) {
                case "-4" -> family = 4;
                case "-6" -> family = 6;
                case "-j", "-json" -> words.wantJson();
                case "-br", "-brief" -> isBrief = true;
                case "-s", "-stats", "-statistics" -> hasStatistics = true;
                case "-d", "-details" -> hasDetails = true;
                case "-f", "-family" -> family = family(words.next(255, "Error: argument of \"-family\" is missing"));
                default -> throw new Refusal(255, "Option \"" + option + "\" is unknown, try \"ip -help\".");
            }
        }
        return new IpOptions(family, isBrief, hasStatistics, hasDetails);
    }

    private static int family(String word) {
        return switch (word) {
            case "inet" -> 4;
            case "inet6" -> 6;
            default -> throw new Refusal(255, "Error: argument \"" + word + "\" is wrong: invalid protocol family");
        };
    }

    boolean wants(int addressFamily) {
        return family == 0 || family == addressFamily;
    }
}
