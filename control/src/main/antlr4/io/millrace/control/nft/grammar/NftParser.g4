// The nftables language as far as it is spoken here. What a word means is decided after parsing: the grammar knows
// the shapes of commands, blocks, statements and expressions.
parser grammar NftParser;

options { tokenVocab = NftLexer; }

file : (separator | line)* EOF;
line : define separator | include separator | command (separator | EOF)? ;
separator : NEWLINE | SEMICOLON;
newlines : NEWLINE*;

define
    : (DEFINE | REDEFINE) name EQUALS newlines initializer
    | UNDEFINE name
    ;
initializer : verdictWord | DASH NUMBER | rhs;
include : INCLUDE QUOTED;

command
    : block
    | add
    | remove
    | FLUSH (TABLE table | CHAIN table name | SET table name | MAP table name | METER table name | RULESET family?)
    | RENAME CHAIN table name name
    | RESET (COUNTER | QUOTA) table name
    | RESET (COUNTERS | QUOTAS) (table | family)?
    | LIST listing
    | (MONITOR | EXPORT | IMPORT | DESCRIBE) ~(NEWLINE | SEMICOLON)*
    ;
add
    : (ADD | CREATE) block
    | (ADD | CREATE)? TABLE table
    | (ADD | CREATE)? CHAIN table name (LBRACE chainItem* RBRACE)?
    | (ADD | CREATE)? (SET | MAP) table name LBRACE setItem* RBRACE
    | (ADD | CREATE)? ELEMENT table name setLiteral
    | (ADD | CREATE)? FLOWTABLE table name (LBRACE flowtableItem* RBRACE)?
    | (ADD | CREATE)? objectKind table name objectBody?
    | ADD? RULE table name rulePosition? body
    | ADD table name body
    | (INSERT | REPLACE) RULE? table name rulePosition? body
    ;
rulePosition : (HANDLE | POSITION | INDEX) NUMBER;
remove
    : (DELETE | DESTROY) TABLE (table | family? handle)
    | (DELETE | DESTROY) CHAIN table (name | handle)
    | (DELETE | DESTROY) RULE table name handle
    | (DELETE | DESTROY) (SET | MAP) table (name | handle)
    | (DELETE | DESTROY) ELEMENT table name setLiteral
    | (DELETE | DESTROY) FLOWTABLE table (name | handle)
    | (DELETE | DESTROY) objectKind table (name | handle)
    ;
handle : HANDLE NUMBER;
listing
    : RULESET family?
    | TABLES family?
    | TABLE table
    | CHAINS family?
    | CHAIN table name
    | (SETS | MAPS | FLOWTABLES | COUNTERS | QUOTAS | LIMITS) (TABLE table | family)?
    | (SET | MAP | FLOWTABLE | COUNTER | QUOTA | LIMIT) table name
    ;
family : IP | IP6 | INET | ARP | BRIDGE | NETDEV;
table : family? name;
name
    : STRING | LAST | COUNT | RATE | OFFSET | LEVEL | SEED | MOD | BYPASS | FANOUT | PERFORMANCE | MEMORY | HELPER
    | EXPECTATION | MSS | WSCALE | TIMESTAMP | SACK_PERM | OPTIONS | CHUNK | OPTION | ORIGINAL | REPLY | NUM | SNAPLEN
    | QUEUE_THRESHOLD | GROUP | BURST | USED | UNTIL | OVER | INTERVAL | PREFIX | TABLES | CHAINS | SETS | MAPS
    | COUNTERS | QUOTAS | LIMITS | FLOWTABLES | PERSISTENT | RANDOM | NAME | UPDATE | L3PROTO | RULESET
    ;
objectKind : COUNTER | QUOTA | LIMIT | SYNPROXY | SECMARK | CT HELPER | CT TIMEOUT | CT EXPECTATION;

block : TABLE table LBRACE tableItem* RBRACE;
tableItem
    : separator
    | FLAGS word (COMMA word)* separator
    | COMMENT QUOTED separator
    | define separator
    | include separator
    | CHAIN name LBRACE chainItem* RBRACE
    | (SET | MAP) name LBRACE setItem* RBRACE
    | FLOWTABLE name LBRACE flowtableItem* RBRACE
    | objectKind name objectBody
    | ADD tableItem
    ;
chainItem
    : separator
    | define separator
    | include separator
    | TYPE chainTypeName HOOK hookName hookDevice? PRIORITY priority
    | POLICY policy
    | FLAGS word
    | COMMENT QUOTED
    | DEVICES EQUALS deviceList
    | body
    ;
chainTypeName : STRING;
hookName : STRING;
hookDevice : DEVICE (QUOTED | STRING | variable) | DEVICES EQUALS deviceList;
deviceList : LBRACE newlines device (newlines COMMA newlines device)* newlines COMMA? newlines RBRACE | variable;
device : QUOTED | STRING | variable;
priority
    : DASH? NUMBER
    | STRING ((DASH | PLUS) NUMBER)?
    | variable ((DASH | PLUS) NUMBER)?
    ;
policy : ACCEPT | DROP | variable;

setItem
    : separator
    | define separator
    | include separator
    | TYPE typeList (COLON mapData)?
    | TYPEOF expression (COLON typeofData)?
    | FLAGS setFlag (COMMA setFlag)*
    | TIMEOUT time
    | GC_INTERVAL time
    | SIZE (NUMBER | variable)
    | POLICY (PERFORMANCE | MEMORY)
    | AUTO_MERGE
    | ELEMENTS EQUALS (setLiteral | variable)
    | COMMENT QUOTED
    | stateful
    ;
setFlag : CONSTANT_WORD | INTERVAL | TIMEOUT | STRING;
typeList : typeName (DOT typeName)*;
typeName : STRING;
mapData : INTERVAL? typeList | COUNTER | QUOTA | LIMIT | SECMARK | SYNPROXY | CT HELPER | CT TIMEOUT | CT EXPECTATION;
typeofData : INTERVAL? expression | COUNTER | QUOTA | LIMIT | STRING;

flowtableItem
    : separator
    | HOOK hookName PRIORITY priority
    | DEVICES EQUALS deviceList
    | COUNTER
    | FLAGS STRING
    ;

objectBody
    : LBRACE objectItem* RBRACE
    | counterBody
    | quotaBody
    | limitBody
    ;
objectItem
    : separator
    | COMMENT QUOTED
    | counterBody
    | quotaBody
    | limitBody
    | TYPE QUOTED PROTOCOL l4Protocol
    | PROTOCOL l4Protocol
    | L3PROTO family
    | POLICY EQUALS LBRACE newlines timeoutEntry (newlines COMMA newlines timeoutEntry)* newlines COMMA? newlines RBRACE
    | DPORT (NUMBER | STRING)
    | TIMEOUT time
    | SIZE NUMBER
    | synproxyOption
    | QUOTED
    ;
timeoutEntry : STRING COLON (time | NUMBER);
l4Protocol : TCP | UDP | UDPLITE | SCTP | DCCP | ICMP | ICMPV6 | STRING | NUMBER;
counterBody : PACKETS NUMBER BYTES NUMBER;
quotaBody : (OVER | UNTIL)? NUMBER byteUnit (USED NUMBER byteUnit)?;
limitBody : RATE (OVER | UNTIL)? NUMBER (byteUnit? SLASH timeUnit | byteRate) (BURST NUMBER (PACKETS | byteUnit))?;
byteUnit : BYTES | STRING;
timeUnit : STRING;
// One word, as a name may hold slashes: kbytes/second.
byteRate : STRING;
time : DURATION | NUMBER | QUOTED | variable;

body : statement+ (COMMENT QUOTED)?;

statement
    : verdict
    | stateful
    | COUNTER NAME nameOrMap
    | QUOTA NAME nameOrMap
    | LIMIT NAME nameOrMap
    | SYNPROXY NAME nameOrMap
    | SYNPROXY synproxyOption*
    | LOG logOption*
    | REJECT (WITH rejectWith)?
    | nat
    | NOTRACK
    | DUP TO statementValue (DEVICE statementValue)?
    | FWD ((IP | IP6)? TO) statementValue (DEVICE statementValue)?
    | FLOW (ADD | STRING) AT name
    | QUEUE queueOption*
    | TPROXY (IP | IP6)? TO natTarget
    | CT (HELPER | TIMEOUT | EXPECTATION) SET (QUOTED | nameOrMap)
    | META metaKey SET statementValue
    | metaAlone SET statementValue
    | CT direction? ctKey SET statementValue
    | payload SET statementValue
    | tcpOption SET statementValue
    | extension SET statementValue
    | RESET tcpOption
    | (ADD | UPDATE | DELETE) AT name LBRACE newlines expression elementOption* (COLON statementValue)? newlines RBRACE
    | SET (ADD | UPDATE | DELETE) expression elementOption* AT name
    | METER name (SIZE NUMBER)? LBRACE newlines expression elementOption* newlines RBRACE
    | expression VMAP mapUse
    | match
    | unsupported
    ;
stateful
    : COUNTER counterBody?
    | QUOTA quotaBody
    | LIMIT limitBody
    | CT COUNT OVER? NUMBER
    | LAST (USED (STRING | time))?
    ;
match : expression relation? rhs;
relation : EQ | NE | LT | GT | LE | GE | NOT | EQ_WORD | NE_WORD | LT_WORD | LE_WORD | GT_WORD | GE_WORD;
verdict : ACCEPT | DROP | CONTINUE | RETURN | (JUMP | GOTO) jumpTarget;
verdictWord : ACCEPT | DROP | CONTINUE | RETURN | (JUMP | GOTO) jumpTarget;
jumpTarget : name | variable;
nameOrMap : (QUOTED | STRING | variable) | expression MAP mapUse;
synproxyOption : MSS NUMBER | WSCALE NUMBER | TIMESTAMP | SACK_PERM;
logOption
    : PREFIX (QUOTED | STRING)
    | GROUP NUMBER
    | SNAPLEN NUMBER
    | QUEUE_THRESHOLD NUMBER
    | LEVEL (STRING | QUOTED)
    | FLAGS logFlag
    ;
logFlag : TCP word (COMMA word)* | IP OPTIONS | ETHER | STRING;
rejectWith : (ICMP | ICMPV6 | ICMPX) TYPE? (rhsPrimary) | TCP RESET;
nat
    : (SNAT | DNAT) (natFamily? (PREFIX | INTERVAL | STRING DOT STRING)? TO)? natTarget natFlags?
    | MASQUERADE (TO natTarget)? natFlags?
    | REDIRECT (TO natTarget)? natFlags?
    ;
natFamily : IP | IP6;
natTarget : statementValue (COLON statementValue)? | COLON statementValue;
natFlags : natFlag (COMMA natFlag)*;
natFlag : RANDOM | FULLY_RANDOM | PERSISTENT;
queueOption : (NUM | TO) statementValue | FLAGS queueFlag (COMMA queueFlag)* | queueFlag (COMMA queueFlag)*;
queueFlag : BYPASS | FANOUT;
unsupported : XT ~(NEWLINE | SEMICOLON | RBRACE)* | OSF ~(NEWLINE | SEMICOLON | RBRACE)*
    | IPSEC ~(NEWLINE | SEMICOLON | RBRACE)*;

statementValue : expression (DASH expression)? (SLASH NUMBER)? (MAP mapUse)? (COMMA listed)* | setLiteral;
listed : expression;
mapUse : setLiteral | AT name | variable;

expression : bits (DOT bits)*;
bits
    : bits (LSHIFT | RSHIFT | LSHIFT_WORD | RSHIFT_WORD) bits
    | bits (AMPERSAND | AND_WORD) bits
    | bits (CARET | XOR_WORD) bits
    | bits (PIPE | OR_WORD) bits
    | primary
    ;
primary
    : payload
    | rawPayload
    | extension
    | EXTHDR header
    | tcpOption
    | SCTP CHUNK word word?
    | IP OPTION word word?
    | META metaKey
    | metaAlone
    | CT direction? ctKey
    | FIB fibInput (DOT fibInput)* fibResult
    | RT family? STRING
    | RT (IPSEC)
    | SOCKET word (LEVEL NUMBER)?
    | NUMGEN (STRING | RANDOM) MOD NUMBER (OFFSET NUMBER)?
    | JHASH expression (MOD NUMBER)? (SEED (NUMBER | HEXADECIMAL))? (OFFSET NUMBER)?
    | SYMHASH (MOD NUMBER)? (OFFSET NUMBER)?
    | LPAREN expression (COMMA expression)* RPAREN
    | LBRACKET literal RBRACKET
    | variable
    | flagWord
    | literal
    ;
flagWord : SNAT | DNAT | REPLY | ORIGINAL | DESTROY;
payload : payloadHeader payloadField;
payloadHeader
    : ETHER | VLAN | ARP | IP | IP6 | ICMP | ICMPV6 | IGMP | TCP | UDP | UDPLITE | SCTP | DCCP | TH | ESP | AH | COMP;
payloadField : (STRING | TYPE | PROTOCOL | FLAGS | DPORT) (IP | ETHER)? ;
rawPayload : AT word COMMA NUMBER COMMA NUMBER;
extension : header fieldWord | RT0 STRING LBRACKET NUMBER RBRACKET;
header : HBH | RT | RT0 | RT2 | SRH | FRAG | DST | MH;
fieldWord : STRING | TYPE | FLAGS;
tcpOption
    : TCP OPTION optionKind optionField?
    | TCP OPTION AT NUMBER COMMA NUMBER COMMA NUMBER
    ;
optionKind : STRING | SACK_PERM | TIMESTAMP | NUMBER;
optionField : STRING | SIZE | COUNT;
metaKey : STRING | PROTOCOL | PRIORITY | RANDOM | IPSEC;
metaAlone : STRING;
direction : ORIGINAL | REPLY;
ctKey : STRING | HELPER | PROTOCOL | L3PROTO | BYTES | PACKETS | (IP | IP6) STRING | EXPECTATION | TIMEOUT;
fibInput : STRING;
fibResult : TYPE | STRING;

rhs : rhsList | setLiteral | AT name;
rhsList : rhsConcat (COMMA newlines rhsConcat)* (SLASH rhsList)?;
rhsConcat : rhsPart (DOT rhsPart)*;
rhsPart : STAR | rhsBits (DASH rhsBits | SLASH (NUMBER | rhsBits))?;
rhsBits
    : rhsBits (LSHIFT | RSHIFT | LSHIFT_WORD | RSHIFT_WORD) rhsBits
    | rhsBits (AMPERSAND | AND_WORD) rhsBits
    | rhsBits (CARET | XOR_WORD) rhsBits
    | rhsBits (PIPE | OR_WORD) rhsBits
    | rhsPrimary
    ;
rhsPrimary : LPAREN rhsList RPAREN | variable | literal | symbolWord;
symbolWord
    : TCP | UDP | UDPLITE | ESP | AH | ICMP | ICMPV6 | IGMP | COMP | DCCP | SCTP | IP | IP6 | ARP | VLAN | ETHER
    | REDIRECT | SNAT | DNAT | ORIGINAL | REPLY | RESET | DESTROY | FRAG | HBH | RT | MH | DST | PROTOCOL | HELPER;
setLiteral : LBRACE newlines (element (newlines COMMA newlines element)* newlines COMMA? newlines)? RBRACE;
element : (setLiteral | rhsConcatElement) elementOption* (COLON elementData)? elementOption*;
rhsConcatElement : rhsConcat;
elementOption
    : TIMEOUT time
    | EXPIRES time
    | COMMENT QUOTED
    | stateful
    ;
elementData : verdictWord | rhsConcat | setLiteral;
variable : DOLLAR word;
literal : NUMBER | HEXADECIMAL | STRING | QUOTED | WILDCARD | MAC_ADDRESS | IP4_ADDRESS | IP6_ADDRESS | CLASSID
    | DURATION | ETHERTYPE_WORD;
word
    : STRING | ETHERTYPE_WORD | TIMESTAMP | OPTIONS | TH | SACK_PERM | NUMBER | RANDOM | TYPE | FLAGS | SIZE | NAME
    | PREFIX | LEVEL | GROUP | INDEX | COUNT | RATE | OFFSET | OPTION;

// What a file holds that is included inside a block.
tableItems : tableItem* EOF;
chainItems : chainItem* EOF;
setItems : setItem* EOF;
