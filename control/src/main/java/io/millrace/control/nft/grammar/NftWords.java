package io.millrace.control.nft.grammar;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The reserved words of the language, and what the tokens are called in messages about syntax.
public final class NftWords {

    private static final Map<String, Integer> TYPES = new HashMap<>();

    /// As the rule `name` of the grammar has them.
    private static final Set<Integer> NAMES = Set.of(
        NftLexer.LAST, NftLexer.COUNT, NftLexer.RATE, NftLexer.OFFSET, NftLexer.LEVEL, NftLexer.SEED,
        NftLexer.MOD, NftLexer.BYPASS, NftLexer.FANOUT, NftLexer.PERFORMANCE, NftLexer.MEMORY, NftLexer.HELPER,
        NftLexer.EXPECTATION, NftLexer.MSS, NftLexer.WSCALE, NftLexer.TIMESTAMP, NftLexer.SACK_PERM,
        NftLexer.OPTIONS, NftLexer.CHUNK, NftLexer.OPTION, NftLexer.ORIGINAL, NftLexer.REPLY, NftLexer.NUM,
        NftLexer.SNAPLEN, NftLexer.QUEUE_THRESHOLD, NftLexer.GROUP, NftLexer.BURST, NftLexer.USED,
        NftLexer.UNTIL, NftLexer.OVER, NftLexer.INTERVAL, NftLexer.PREFIX, NftLexer.TABLES, NftLexer.CHAINS,
        NftLexer.SETS, NftLexer.MAPS, NftLexer.COUNTERS, NftLexer.QUOTAS, NftLexer.LIMITS, NftLexer.FLOWTABLES,
        NftLexer.PERSISTENT, NftLexer.RANDOM, NftLexer.NAME, NftLexer.UPDATE, NftLexer.L3PROTO, NftLexer.RULESET);

    static {
        for (int type = NftLexer.TABLE; type <= NftLexer.FLOWTABLES; type++) {
            TYPES.put(word(NftLexer.VOCABULARY.getSymbolicName(type)), type);
        }
        TYPES.put("dccp", NftLexer.DCCP);
        TYPES.put("icmpv6", NftLexer.ICMPV6);
    }

    private static String word(String symbolicName) {
        String word = symbolicName.toLowerCase(Locale.ROOT).replace('_', '-');
        return word.endsWith("-word") ? word.substring(0, word.length() - "-word".length()) : word;
    }

    /// The type of the token that this word is, `otherwise` for one that is not reserved.
    static int typeOf(String text, int otherwise) {
        return TYPES.getOrDefault(text, otherwise);
    }

    /// May this word, although known, be a name?
    public static boolean isName(int type) {
        return NAMES.contains(type);
    }

    /// What a message calls a token of this type.
    public static String nameOf(int type) {
        if (type >= NftLexer.TABLE && type <= NftLexer.FLOWTABLES) {
            return word(NftLexer.VOCABULARY.getSymbolicName(type));
        }
        return switch (type) {
            case NftLexer.EOF -> "end of file";
            case NftLexer.NEWLINE -> "newline";
            case NftLexer.SEMICOLON -> "semicolon";
            case NftLexer.COMMA -> "comma";
            case NftLexer.COLON -> "colon";
            case NftLexer.STAR -> "*";
            case NftLexer.LBRACE, NftLexer.RBRACE, NftLexer.LBRACKET, NftLexer.RBRACKET, NftLexer.LPAREN,
                NftLexer.RPAREN, NftLexer.DOLLAR, NftLexer.EQUALS -> NftLexer.VOCABULARY.getLiteralName(type);
            case NftLexer.HEXADECIMAL, NftLexer.NUMBER -> "number";
            case NftLexer.QUOTED -> "quoted string";
            case NftLexer.WILDCARD -> "string with a trailing asterisk";
            case NftLexer.STRING, NftLexer.MAC_ADDRESS, NftLexer.IP4_ADDRESS, NftLexer.IP6_ADDRESS, NftLexer.CLASSID,
                NftLexer.DURATION, NftLexer.ETHERTYPE_WORD -> "string";
            case NftLexer.JUNK -> "junk";
            default -> {
                String literal = NftLexer.VOCABULARY.getLiteralName(type);
                yield literal == null ? "string" : literal.substring(1, literal.length() - 1);
            }
        };
    }

    private NftWords() {}
}
