package io.millrace.control.command.ethtool;

import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.packet.rss.HashTransform;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The words behind `ethtool -X DEV`: `[equal N | weight W0 W1 … | default] [start N] [hkey KEY] [hfunc NAME]
/// [xfrm NAME] [context new|N [delete]]`.
final class HashTableWords {

    static final int NO_CONTEXT = -1;
    static final int NEW_CONTEXT = -2;

    private final Words words;
    private int equal;
    private int start;
    private int[] weights = {};
    private boolean isDefault;
    private boolean isDelete;
    private byte[] key;
    private String function;
    private HashTransform transform;
    private int context = NO_CONTEXT;

    HashTableWords(Words words) {
        this.words = words;
    }

    void read() {
        while (words.hasNext()) {
            switch (words.next()) {
                case "equal" -> equal = positive();
                case "weight" -> weights = weighs();
                case "start" -> start = EthtoolVerb.number(EthtoolVerb.word(words));
                case "default" -> isDefault = true;
                case "hkey" -> key = key(EthtoolVerb.word(words));
                case "hfunc" -> function = EthtoolVerb.word(words);
                case "xfrm" -> transform = transform(EthtoolVerb.word(words));
                case "context" -> context = words.take("new") ? NEW_CONTEXT : positive();
                case "delete" -> isDelete = true;
                default -> throw EthtoolVerb.badCommand();
            }
        }
        int tables = (equal > 0 ? 1 : 0) + (weights.length > 0 ? 1 : 0) + (isDefault ? 1 : 0);
        boolean isStartAlone = start > 0 && equal == 0 && weights.length == 0;
        boolean isWrongDelete = isDelete && (context < 1 || changesSomething());
        if (tables > 1 || isStartAlone || isWrongDelete) throw EthtoolVerb.badCommand();
    }

    private int positive() {
        int number = EthtoolVerb.number(EthtoolVerb.word(words));
        if (number == 0) throw EthtoolVerb.badCommand();
        return number;
    }

    private int[] weighs() {
        List<Integer> all = new ArrayList<>();
        while (words.hasNext() && words.peek().matches("[0-9].*")) {
            all.add(EthtoolVerb.number(words.next()));
        }
        if (all.isEmpty()) throw EthtoolVerb.badCommand();
        return all.stream().mapToInt(Integer::intValue).toArray();
    }

    private static byte[] key(String text) {
        try {
            return HexFormat.ofDelimiter(":").parseHex(text);
        } catch (IllegalArgumentException e) {
            throw new Refusal(2, "Key is not in the form XX:XX:… of hex digits");
        }
    }

    private static HashTransform transform(String name) {
        for (HashTransform each : HashTransform.values()) {
            if (each.label().equals(name)) return each;
        }
        throw EthtoolVerb.badCommand();
    }

    boolean changesTable() {
        return equal > 0 || weights.length > 0 || isDefault;
    }

    boolean changesSomething() {
        return changesTable() || key != null || function != null || transform != null;
    }

    int equal()               { return equal; }
    int start()               { return start; }
    int[] weights()           { return weights; }
    boolean isDefault()       { return isDefault; }
    boolean isDelete()        { return isDelete; }
    byte[] key()              { return key; }
    String function()         { return function; }
    HashTransform transform() { return transform; }
    int context()             { return context; }
}
