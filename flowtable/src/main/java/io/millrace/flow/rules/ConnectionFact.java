package io.millrace.flow.rules;

import io.millrace.flow.ruleset.CtKey;
import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.Tracked;
import io.millrace.flow.track.machine.Direction;
import io.millrace.flow.tuple.Tuple;

/// Reads and writes what nft's `ct` asks of the packet's connection. Keys are the ordinals of [CtKey]. Only the state
/// has a value without a connection.
final class ConnectionFact {

    /// No direction was named.
    static final int ANY = -1;

    private static final int NFPROTO_IPV4 = 2;
    private static final int NFPROTO_IPV6 = 10;
    private static final long NS_PER_MS = 1_000_000;
    private static final CtKey[] KEYS = CtKey.values();

    private final ConnectionTable table;
    private final Connections connections;
    private final Tuple tuple = new Tuple();

    ConnectionFact(ConnectionTable table) {
        this.table = table;
        this.connections = table.connections();
    }

    static boolean isReadable(CtKey key) {
        return switch (key) {
            case HELPER, ID, EVENT -> false;
            default -> true;
        };
    }

    static boolean isWritable(CtKey key) {
        return key == CtKey.MARK || key == CtKey.LABEL || key == CtKey.ZONE;
    }

    /// Fills registers from `at` on. False if there is no value.
    boolean read(int key, int direction, Tracked tracked, long nowNs, int[] registers, int at) {
        CtKey asked = KEYS[key];
        if (asked == CtKey.STATE) {
            registers[at] = tracked.state().nftBit();
            return true;
        }
        if (!tracked.hasEntry()) return false;
        int entry = tracked.entry();
        switch (asked) {
            case DIRECTION -> registers[at] = tracked.direction();
            case STATUS -> registers[at] = connections.status(entry);
            case MARK -> registers[at] = connections.mark(entry);
            case EXPIRATION -> registers[at] = (int) (leftNs(entry, nowNs) / NS_PER_MS);
            case ZONE -> registers[at] = zone(entry, direction);
            case L3PROTOCOL -> registers[at] = original(entry).family() == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
            case PROTOCOL -> registers[at] = connections.protocol(entry);
            case LABEL -> {
                write(registers, at, connections.labelsHigh(entry));
                write(registers, at + 2, connections.labelsLow(entry));
            }
            case BYTES, PACKETS, AVERAGE_PACKET -> write(registers, at, count(asked, entry, direction));
            default -> {
                return readTuple(asked, connections.tuple(entry, direction, tuple), registers, at);
            }
        }
        return true;
    }

    private long leftNs(int entry, long nowNs) {
        return Math.max(0, connections.timeoutNs(entry) - nowNs);
    }

    private int zone(int entry, int direction) {
        boolean isMeant = direction == ANY || (connections.zoneDirections(entry) & 1 << direction) != 0;
        return isMeant ? connections.zone(entry) : 0;
    }

    private Tuple original(int entry) {
        return connections.tuple(entry, Direction.ORIGINAL, tuple);
    }

    private long count(CtKey key, int entry, int direction) {
        long packets = 0;
        long bytes = 0;
        for (int each = Direction.ORIGINAL; each <= Direction.REPLY; each++) {
            if (direction != ANY && direction != each) continue;
            packets += connections.packets(entry, each);
            bytes += connections.bytes(entry, each);
        }
        if (key == CtKey.PACKETS) return packets;
        if (key == CtKey.BYTES) return bytes;
        return packets == 0 ? 0 : bytes / packets;
    }

    private static boolean readTuple(CtKey key, Tuple tuple, int[] registers, int at) {
        switch (key) {
            case PROTO_SOURCE -> registers[at] = tuple.sourcePort();
            case PROTO_TARGET -> registers[at] = tuple.targetPort();
            case SOURCE_IP -> {
                if (tuple.family() != 4) return false;
                registers[at] = (int) tuple.sourceLow();
            }
            case TARGET_IP -> {
                if (tuple.family() != 4) return false;
                registers[at] = (int) tuple.targetLow();
            }
            case SOURCE_IP6 -> {
                if (tuple.family() != 6) return false;
                write(registers, at, tuple.sourceHigh());
                write(registers, at + 2, tuple.sourceLow());
            }
            case TARGET_IP6 -> {
                if (tuple.family() != 6) return false;
                write(registers, at, tuple.targetHigh());
                write(registers, at + 2, tuple.targetLow());
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void write(int[] registers, int at, long value) {
        registers[at] = (int) (value >>> 32);
        registers[at + 1] = (int) value;
    }

    /// Sets mark or labels of the connection, or the zone in which it will be looked for. Without a connection marks
    /// and labels are nobody's; the rule goes on, as in Linux.
    void write(int key, int directions, Tracked tracked, int[] registers, int at) {
        CtKey set = KEYS[key];
        if (set == CtKey.ZONE) {
            // Linux attaches a template; a packet that has its connection keeps it.
            if (!tracked.hasEntry()) tracked.zone(registers[at] & 0xffff, directions);
        } else if (!tracked.hasEntry()) {
            return;
        } else if (set == CtKey.MARK) {
            table.mark(tracked.entry(), registers[at]);
        } else {
            table.labels(tracked.entry(), longAt(registers, at), longAt(registers, at + 2));
        }
    }

    private static long longAt(int[] registers, int at) {
        return (long) registers[at] << 32 | Integer.toUnsignedLong(registers[at + 1]);
    }
}
