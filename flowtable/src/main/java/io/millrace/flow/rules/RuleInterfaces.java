package io.millrace.flow.rules;

import io.millrace.packet.memory.Check;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// The interfaces as rules see them, by the numbers that packets carry. Immutable; a change means to compile anew.
public final class RuleInterfaces {

    /// ARPHRD_ETHER
    public static final int TYPE_ETHERNET = 1;

    static final int NAME_WORDS = 4;

    private static final int NAME_BYTES = 16;

    /// `linkType` is Linux's ARPHRD number, `group` that of `ip link set … group`.
    public record RuleInterface(String name, int linkType, int group) {
        public RuleInterface {
            Check.that(name.getBytes(StandardCharsets.UTF_8).length < NAME_BYTES, "an interface name has 15 bytes", 0);
        }
    }

    private final List<RuleInterface> interfaces;
    private final int[] names;
    private final int[] types;
    private final int[] groups;

    public RuleInterfaces(List<RuleInterface> interfaces) {
        this.interfaces = List.copyOf(interfaces);
        names = new int[interfaces.size() * NAME_WORDS];
        types = new int[interfaces.size()];
        groups = new int[interfaces.size()];
        for (int i = 0; i < interfaces.size(); i++) {
            System.arraycopy(nameWords(interfaces.get(i).name(), 0), 0, names, i * NAME_WORDS, NAME_WORDS);
            types[i] = interfaces.get(i).linkType();
            groups[i] = interfaces.get(i).group();
        }
    }

    /// Sixteen bytes of a name as four words; bytes behind its end are `filler`.
    static int[] nameWords(String name, int filler) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int[] words = new int[NAME_WORDS];
        for (int i = 0; i < NAME_BYTES; i++) {
            words[i / 4] = words[i / 4] << 8 | (i < bytes.length ? bytes[i] : filler) & 0xff;
        }
        return words;
    }

    /// The number of the interface of this name, or -1.
    int numberOf(String name) {
        for (int i = 0; i < interfaces.size(); i++) {
            if (interfaces.get(i).name().equals(name)) return i;
        }
        return -1;
    }

    String name(int number)   { return interfaces.get(number).name(); }
    int count()               { return types.length; }
    boolean has(int number)   { return number >= 0 && number < types.length; }
    int type(int number)      { return types[number]; }
    int group(int number)     { return groups[number]; }

    /// The name as four words; zeros where there is no interface.
    void copyName(int number, int[] target, int at) {
        if (has(number)) {
            System.arraycopy(names, number * NAME_WORDS, target, at, NAME_WORDS);
        } else {
            for (int i = 0; i < NAME_WORDS; i++) target[at + i] = 0;
        }
    }
}
