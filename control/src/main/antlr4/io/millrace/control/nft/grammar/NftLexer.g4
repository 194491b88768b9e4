// Tokens of the nftables language. Words that the grammar knows become tokens of their own by NftKeywords.
lexer grammar NftLexer;

tokens {
    TABLE, CHAIN, SET, MAP, ELEMENT, FLOWTABLE, RULE, RULESET, ADD, CREATE, INSERT, REPLACE, DELETE, DESTROY, FLUSH,
    LIST, RESET, RENAME, MONITOR, EXPORT, IMPORT, DESCRIBE, DEFINE, REDEFINE, UNDEFINE, INCLUDE, TYPE, TYPEOF, HOOK,
    DEVICE, DEVICES, PRIORITY, POLICY, FLAGS, COMMENT, TIMEOUT, EXPIRES, GC_INTERVAL, SIZE, AUTO_MERGE, ELEMENTS,
    HANDLE, POSITION, INDEX, COUNTER, QUOTA, LIMIT, SYNPROXY, SECMARK, ACCEPT, DROP, CONTINUE, RETURN, JUMP, GOTO,
    QUEUE, REJECT, LOG, SNAT, DNAT, MASQUERADE, REDIRECT, NOTRACK, DUP, FWD, FLOW, TPROXY, METER, LAST, VMAP, TO, WITH,
    RATE, OVER, UNTIL, USED, PACKETS, BYTES, BURST, PREFIX, LEVEL, GROUP, SNAPLEN, QUEUE_THRESHOLD, NUM, BYPASS,
    FANOUT, RANDOM, FULLY_RANDOM, PERSISTENT, INTERVAL, NAME, HELPER, EXPECTATION, PROTOCOL, L3PROTO, DPORT, COUNT,
    MSS, WSCALE, TIMESTAMP, SACK_PERM, OPTIONS, UPDATE, ETHER, VLAN, ARP, IP, IP6, INET, BRIDGE, NETDEV, ICMP, ICMPV6,
    ICMPX, IGMP, TCP, UDP, UDPLITE, SCTP, DCCP, TH, ESP, AH, COMP, HBH, RT, RT0, RT2, SRH, FRAG, DST, MH, EXTHDR, META,
    CT, FIB, SOCKET, NUMGEN, JHASH, SYMHASH, OSF, IPSEC, XT, OPTION, CHUNK, ORIGINAL, REPLY, MOD, SEED, OFFSET,
    AND_WORD, OR_WORD, XOR_WORD, NOT_WORD, EQ_WORD, NE_WORD, LT_WORD, LE_WORD, GT_WORD, GE_WORD, LSHIFT_WORD,
    RSHIFT_WORD, CONSTANT_WORD, PERFORMANCE, MEMORY, TABLES, CHAINS, SETS, MAPS, COUNTERS, QUOTAS,
    LIMITS, FLOWTABLES
}

@members {
    @Override
    public Token emit() {
        if (_type == STRING) _type = NftWords.typeOf(getText(), STRING);
        return super.emit();
    }

    private boolean endsHere() {
        int next = _input.LA(1);
        return !(next >= 'a' && next <= 'z' || next >= 'A' && next <= 'Z' || next >= '0' && next <= '9' || next == '_'
            || next == ':');
    }
}

CONTINUED : '\\' [ \t]* '\r'? '\n' -> skip;
BLANK : [ \t\r]+ -> skip;
// A remark that the file ends in without a newline is none: so nft reads it.
REMARK : '#' ~[\n]* {_input.LA(1) == '\n'}? -> skip;
NEWLINE : '\n';

SEMICOLON : ';';
LBRACE : '{';
RBRACE : '}';
LBRACKET : '[';
RBRACKET : ']';
LPAREN : '(';
RPAREN : ')';
COMMA : ',';
COLON : ':';
DOLLAR : '$';
AT : '@';
EQUALS : '=';
EQ : '==';
NE : '!=';
LE : '<=';
GE : '>=';
LSHIFT : '<<';
RSHIFT : '>>';
LT : '<';
GT : '>';
NOT : '!';
AMPERSAND : '&';
PIPE : '|';
CARET : '^';
SLASH : '/';
DASH : '-';
PLUS : '+';
STAR : '*';
DOT : '.';

fragment DIGIT : [0-9];
fragment HEX : [0-9a-fA-F];
fragment H1 : HEX HEX? HEX? HEX?;
fragment OCTET : DIGIT DIGIT? DIGIT?;
fragment DOTTED : OCTET '.' OCTET '.' OCTET '.' OCTET;
fragment MACPART : HEX HEX?;

HEXADECIMAL : '0x' HEX+;
MAC_ADDRESS : MACPART ':' MACPART ':' MACPART ':' MACPART ':' MACPART ':' MACPART {endsHere()}?;
IP4_ADDRESS : DOTTED;
IP6_ADDRESS
    : H1 ':' H1 ':' H1 ':' H1 ':' H1 ':' H1 ':' H1 ':' H1
    | (H1 (':' H1)*)? '::' (H1 (':' H1)*)?
    | (H1 (':' H1)*)? '::' (H1 ':')* DOTTED
    ;
CLASSID : H1 ':' H1 {endsHere()}?;
DURATION : (DIGIT+ ('w' | 'd' | 'h' | 'm' | 's' | 'ms'))+ {endsHere()}?;
NUMBER : DIGIT+;
ETHERTYPE_WORD : '8021q' | '8021ad';
QUOTED : '"' ~["\n]* '"';
WILDCARD : [a-zA-Z_.\\] [a-zA-Z0-9_./\\-]* '*';
STRING : [a-zA-Z_.\\] [a-zA-Z0-9_./\\-]*;
JUNK : .;
