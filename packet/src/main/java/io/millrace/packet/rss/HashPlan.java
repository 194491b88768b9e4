package io.millrace.packet.rss;

import io.millrace.packet.parse.ParseRecords;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// How one flow type is hashed: lanes of input, each a number taken from a record and a table for each of its bytes.
///
/// With `symmetric-xor` both of a pair have one value, so one lane does for both: its tables are the XOR of theirs.
final class HashPlan {

    /// Where a lane's number comes from.
    private enum Input {
        L2_TARGET, VLAN, PROTO, SOURCE, TARGET, ADDRESS_XOR, ADDRESS_OR, SOURCE_PORT, TARGET_PORT, PORT_XOR, PORT_OR,
        KEY_ID
    }

    private final Toeplitz toeplitz;
    private final int addressBytes;
    private final boolean isDiscarding;
    private final List<Input> inputs = new ArrayList<>();
    private final List<int[]> tables = new ArrayList<>();
    private final Input[] lanes;
    private final int[][] laneTables;
    private int position;

    HashPlan(Toeplitz toeplitz, HashTransform transform, int addressBytes, Set<HashField> fields) {
        this.toeplitz = toeplitz;
        this.addressBytes = addressBytes;
        this.isDiscarding = fields.contains(HashField.DISCARD);
        if (fields.contains(HashField.L2_TARGET)) add(Input.L2_TARGET, 6);
        if (fields.contains(HashField.VLAN)) add(Input.VLAN, 2);
        if (fields.contains(HashField.L3_PROTO)) add(Input.PROTO, 1);
        boolean hasSource = fields.contains(HashField.SOURCE);
        boolean hasTarget = fields.contains(HashField.TARGET);
        pair(transform, hasSource, hasTarget, addressBytes, Input.SOURCE, Input.TARGET, Input.ADDRESS_XOR,
            Input.ADDRESS_OR);
        boolean hasSourcePort = fields.contains(HashField.SOURCE_PORT);
        boolean hasTargetPort = fields.contains(HashField.TARGET_PORT);
        pair(transform, hasSourcePort, hasTargetPort, 2, Input.SOURCE_PORT, Input.TARGET_PORT, Input.PORT_XOR,
            Input.PORT_OR);
        if (fields.contains(HashField.TEID)) add(Input.KEY_ID, 4);
        this.lanes = inputs.toArray(Input[]::new);
        this.laneTables = tables.toArray(int[][]::new);
    }

    private void pair(HashTransform transform, boolean hasFirst, boolean hasSecond, int bytes, Input first,
        Input second,
                      Input xor, Input or) {
        if (transform == HashTransform.NONE || !hasFirst) {
            if (hasFirst) add(first, bytes);
            if (hasSecond) add(second, bytes);
        } else if (transform == HashTransform.SYMMETRIC_OR_XOR) {
            add(or, bytes);
            add(xor, bytes);
        } else {
            int[] both = table(position, bytes);
            int[] secondTable = table(position + bytes, bytes);
            for (int i = 0; i < both.length; i++) both[i] ^= secondTable[i];
            inputs.add(xor);
            tables.add(both);
            position += 2 * bytes;
        }
    }

    private void add(Input input, int bytes) {
        inputs.add(input);
        tables.add(table(position, bytes));
        position += bytes;
    }

    /// The tables of so many bytes from this place of the input on, the last byte's first, as a number's lowest is.
    private int[] table(int at, int bytes) {
        int[] table = new int[256 * bytes];
        for (int i = 0; i < bytes; i++) {
            System.arraycopy(toeplitz.table(at + bytes - 1 - i), 0, table, 256 * i, 256);
        }
        return table;
    }

    boolean isDiscarding() {
        return isDiscarding;
    }

    boolean readsL2Target() {
        return lanes.length > 0 && lanes[0] == Input.L2_TARGET;
    }

    /// The hash of a packet.
    ///
    /// @param l2Target the target MAC address of its frame, if [#readsL2Target]
    int hash(ParseRecords records, int record, long l2Target) {
        int hash = 0;
        for (int i = 0; i < lanes.length; i++) {
            int[] table = laneTables[i];
            hash ^= switch (lanes[i]) {
                case L2_TARGET -> fold(table, 0, 6, l2Target);
                case VLAN -> fold(table, 0, 2, records.vlan0(record));
                case PROTO -> fold(table, 0, 1, records.proto(record));
                case SOURCE -> address(table, records.sourceHigh(record), records.sourceLow(record));
                case TARGET -> address(table, records.targetHigh(record), records.targetLow(record));
                case ADDRESS_XOR -> address(table, records.sourceHigh(record) ^ records.targetHigh(record),
                    records.sourceLow(record) ^ records.targetLow(record));
                case ADDRESS_OR -> address(table, records.sourceHigh(record) | records.targetHigh(record),
                    records.sourceLow(record) | records.targetLow(record));
                case SOURCE_PORT -> fold(table, 0, 2, records.sourcePort(record));
                case TARGET_PORT -> fold(table, 0, 2, records.targetPort(record));
                case PORT_XOR -> fold(table, 0, 2, records.sourcePort(record) ^ records.targetPort(record));
                case PORT_OR -> fold(table, 0, 2, records.sourcePort(record) | records.targetPort(record));
                case KEY_ID -> fold(table, 0, 4, records.keyId(record));
            };
        }
        return hash;
    }

    private int address(int[] table, long high, long low) {
        if (addressBytes == 4) return fold(table, 0, 4, low);
        return fold(table, 0, 8, low) ^ fold(table, 8, 8, high);
    }

    /// XORs what the tables from `firstByte` on have for the lowest bytes of a number.
    private static int fold(int[] table, int firstByte, int bytes, long number) {
        int hash = 0;
        for (int i = 0; i < bytes; i++) {
            hash ^= table[256 * (firstByte + i) + ((int) (number >>> 8 * i) & 0xff)];
        }
        return hash;
    }
}
