package io.millrace.packet.parse.device;

/// Where what lies in a parse image. All numbers are big-endian; rows lie one behind another, table after table.
///
/// ```
///  header (104 bytes)
///    0  8  magic "MLRPARSE"           8  u16 format version   10 u16 header bytes   12 u32 image bytes
///   16 32  behaviour hash            48  u32 max-nodes  52 u32 max-encaps  56 u32 max-tlvs  60 u32 max-header-bytes
///   64  8 × u32 row counts of the tables, in the order of Table        96 u32 start node    100 u32 CRC-32
///  field (12)        0 u16 offset  2 u8 bytes  3 u8 from (0 start, 1 end)  4 u64 mask
///  length (24)       0 field  12 u8 right shift  16 i32 multiplier  20 i32 add
///  list (8)          0 u32 first row  4 u32 rows
///
///  ROOTS (8)         0 u32 link type  4 u32 node
///  NODES (136)       0 u16 fixed bytes  2 u8 flags  3 u8 next kind  4 header length  28 packet length
///                   52 list of checks  60 metadata  68 flag-if  76 stop-if
///                   84 field of optional flags  96 list of optional fields  104 u32 options row
///                  108 field of the key  120 u8 right shift  124 list of table rows  132 u32 next node
///  CONDITIONS (24)   0 field  12 u8 op  14 u16 flags  16 u64 value
///  EXTRACTIONS (32)  0 u8 kind  1 u8 to  2 u8 right shift  4 field  16 u128 value
///  OPTIONALS (28)    0 u64 flag  8 u64 mask  16 u32 bytes  20 list of metadata
///  OPTIONS (68)      0 u32 start  4 field of the type  16 u8 right shift  17 u8 flags  20 length
///                   44 u64 pad1  52 u64 eol  60 list of entries
///  OPTION_ENTRIES (20)  0 u64 type  8 u32 least bytes  12 list of metadata
///  MATCHES (24)      0 u64 value  8 u64 mask  16 u32 next node  20 u32 1 for a fallback
/// ```
///
/// A match row holds if (key & mask) = value; the first of a node's rows that holds wins. A fallback is a row with mask
/// 0 behind the others.
final class ImageLayout {

    static final long MAGIC = 0x4d4c_5250_4152_5345L;   // MLRPARSE
    static final int FORMAT_VERSION = 1;
    static final int HEADER_BYTES = 104;

    static final int VERSION = 8;
    static final int HEADER_SIZE = 10;
    static final int IMAGE_SIZE = 12;
    static final int HASH = 16;
    static final int NODES_MAX = 48;
    static final int ENCAPS_MAX = 52;
    static final int TLVS_MAX = 56;
    static final int HEADER_BYTES_MAX = 60;
    static final int ROW_COUNTS = 64;
    static final int START = 96;
    static final int CRC = 100;

    /// The tables, in the order in which they lie.
    enum Table {
        ROOTS(8), NODES(136), CONDITIONS(24), EXTRACTIONS(32), OPTIONALS(28), OPTIONS(68), OPTION_ENTRIES(20),
            MATCHES(24);

        final int rowBytes;

        Table(int rowBytes) {
            this.rowBytes = rowBytes;
        }
    }

    static final int FIELD_BYTES = 2;
    static final int FIELD_FROM = 3;
    static final int FIELD_MASK = 4;
    static final int LENGTH_SHIFT = 12;
    static final int LENGTH_MULTIPLIER = 16;
    static final int LENGTH_ADD = 20;

    static final int NODE_FLAGS = 2;
    static final int NODE_NEXT_KIND = 3;
    static final int NODE_HEADER_LENGTH = 4;
    static final int NODE_PACKET_LENGTH = 28;
    static final int NODE_CHECKS = 52;
    static final int NODE_METADATA = 60;
    static final int NODE_FLAG_IF = 68;
    static final int NODE_STOP_IF = 76;
    static final int NODE_OPTIONAL_FIELD = 84;
    static final int NODE_OPTIONALS = 96;
    static final int NODE_OPTIONS = 104;
    static final int NODE_KEY = 108;
    static final int NODE_KEY_SHIFT = 120;
    static final int NODE_MATCHES = 124;
    static final int NODE_NEXT = 132;

    static final int IS_OVERLAY = 1;
    static final int IS_ENCAP = 2;
    static final int HAS_HEADER_LENGTH = 4;
    static final int HAS_PACKET_LENGTH = 8;
    static final int HAS_OPTIONALS = 16;
    static final int HAS_OPTIONS = 32;
    static final int NODE_FLAGS_ALL = 63;

    static final int NEXT_LEAF = 0;
    static final int NEXT_ALWAYS = 1;
    static final int NEXT_DISPATCH = 2;

    static final int CONDITION_OP = 12;
    static final int CONDITION_FLAGS = 14;
    static final int CONDITION_VALUE = 16;

    static final int EXTRACTION_TO = 1;
    static final int EXTRACTION_SHIFT = 2;
    static final int EXTRACTION_FIELD = 4;
    static final int EXTRACTION_VALUE = 16;

    /// Kinds of extraction, as the image numbers them.
    static final int KIND_FIELD = 0;
    static final int KIND_BYTES = 1;
    static final int KIND_OFFSET = 2;
    static final int KIND_END = 3;
    static final int KIND_LENGTH = 4;
    static final int KIND_CONSTANT = 5;
    static final int KIND_OR = 6;

    static final int OPTIONAL_MASK = 8;
    static final int OPTIONAL_BYTES = 16;
    static final int OPTIONAL_METADATA = 20;

    static final int OPTIONS_TYPE = 4;
    static final int OPTIONS_TYPE_SHIFT = 16;
    static final int OPTIONS_FLAGS = 17;
    static final int OPTIONS_LENGTH = 20;
    static final int OPTIONS_PAD1 = 44;
    static final int OPTIONS_EOL = 52;
    static final int OPTIONS_ENTRIES = 60;
    static final int HAS_PAD1 = 1;
    static final int HAS_EOL = 2;

    static final int ENTRY_BYTES_MIN = 8;
    static final int ENTRY_METADATA = 12;

    static final int MATCH_MASK = 8;
    static final int MATCH_NEXT = 16;
    static final int MATCH_IS_FALLBACK = 20;

    private ImageLayout() {}
}
