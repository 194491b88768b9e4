package io.millrace.control.nft;

import java.util.Random;

/// A small ruleset of valid rules, drawn at random. Only what the kernels of test machines know.
final class RandomRuleset {

    private final Random random;

    RandomRuleset(Random random) {
        this.random = random;
    }

    String text() {
        String family = pick("ip", "inet");
        var text = new StringBuilder("table " + family + " t {\n");
        text.append("\tset hosts {\n\t\ttype ipv4_addr\n\t\tflags interval\n"
            + "\t\telements = { 10.0.0.0/8, 192.168.1.1 }\n\t}\n");
        text.append("\tset ports {\n\t\ttype inet_service\n\t\telements = { ").append(number(1_000)).append(", ")
            .append(2_000 + number(1_000)).append(", ").append(4_000 + number(1_000)).append(" }\n\t}\n");
        text.append("\tcounter hits {\n\t}\n");
        text.append("\tchain side {\n").append(rules(2)).append("\t}\n");
        text.append("\tchain main {\n\t\ttype filter hook ").append(pick("input", "forward", "output"))
            .append(" priority ").append(pick("filter", "-150", "5", "raw + 3", "7777")).append("; policy ")
            .append(pick("accept", "drop")).append(";\n").append(rules(1 + random.nextInt(6)))
            .append("\t\tjump side\n\t}\n}\n");
        return text.toString();
    }

    private String rules(int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("\t\t");
            String transport = pick("tcp", "udp");
            for (int matches = 1 + random.nextInt(3); matches > 0; matches--) {
                text.append(match(transport)).append(' ');
            }
            text.append(action()).append('\n');
        }
        return text.toString();
    }

    private String match(String transport) {
        String operator = pick("", "", "!= ");
        return switch (random.nextInt(15)) {
            case 0 -> "ip saddr " + operator + address();
            case 1 -> "ip daddr " + operator + "10." + number(255) + ".0.0/" + (8 + number(16));
            case 2 -> "ip saddr " + operator + "@hosts";
            case 3 -> transport + " dport " + operator + number(65_535);
            case 4 -> transport + " sport " + operator + "{ " + number(99) + ", " + (100 + number(99)) + "-"
                + (300 + number(99)) + " }";
            case 5 -> transport + " dport " + operator + "@ports";
            case 6 -> "ct state " + operator + pick("new", "established,related", "{ new, invalid }");
            case 7 -> "meta mark " + operator + number(0xffff);
            case 8 -> "iifname " + operator + pick("\"eth0\"", "\"eth*\"", "{ \"lo\", \"eth1\" }");
            case 9 -> "ip ttl " + pick("> ", "<= ", "", "!= ") + number(255);
            case 10 -> "meta length " + operator + number(99) + "-" + (100 + number(1_000));
            case 11 -> "ip dscp " + operator + pick("cs1", "ef", "{ af11, cs3 }");
            case 12 -> "ip saddr . " + transport + " dport { 1.2.3.4 . " + number(999) + " }";
            case 13 -> "ip ttl >= " + number(99) + " ip ttl <= " + (100 + number(99));
            default -> "meta mark & 0xff " + pick("==", "!=") + " " + number(255);
        };
    }

    private String action() {
        return switch (random.nextInt(10)) {
            case 0 -> "counter accept";
            case 1 -> "drop comment \"c" + number(99) + "\"";
            case 2 -> "limit rate " + (1 + number(99)) + "/" + pick("second", "minute", "hour") + " accept";
            case 3 -> "log prefix \"p" + number(9) + "\" level " + pick("info", "warn", "debug");
            case 4 -> "meta mark set " + number(0xffff);
            case 5 -> "counter name \"hits\" return";
            case 6 -> "ct mark set ct mark and " + (1 + number(254)) + " or " + (1 + number(254));
            case 7 -> "meta mark vmap { 1 : drop, 2 : accept }";
            case 8 -> "limit rate over " + (1 + number(99)) + " kbytes/second drop";
            default -> "accept";
        };
    }

    private String address() {
        return "192.0.2." + number(255);
    }

    private int number(int bound) {
        return random.nextInt(bound);
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
