package io.millrace.flow.track;

import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.flow.tuple.Tuple;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

import static org.assertj.core.api.Assertions.assertThat;

/// Copies of entries between the worker and a reader.
class ConnectionQueueTest {

    private static final int CAPACITY = 8;

    private final Connections connections = new ConnectionTable(Arena.ofAuto(),
        new TrackSettings().set(TrackSysctl.MAX, 64).set(TrackSysctl.BUCKETS, 16), 1, ConnectionEvents.NONE)
        .connections();
    private final ConnectionQueue queue = new ConnectionQueue(CAPACITY);

    /// An entry whose original source port is `port`.
    private int entry(int number, int port) {
        connections.begin(number, port);
        connections.storeTuple(number, 0, new Tuple().set(4, 17).ports(port, 53), 0);
        return number;
    }

    @Test
    void givesEventsInTheirOrderAsTheyWere() {
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < CAPACITY - 1; i++) {
                queue.on(EventKind.UPDATE, entry(3, 100 * round + i), 1_000 + i, connections);
            }
            for (int i = 0; i < CAPACITY - 1; i++) {
                int place = queue.next();
                assertThat(queue.kind(place)).isEqualTo(EventKind.UPDATE);
                assertThat(queue.timeNs(place)).isEqualTo(1_000 + i);
                assertThat(queue.copies().tuple(place, 0, new Tuple()).sourcePort()).isEqualTo(100 * round + i);
                assertThat(queue.copies().beganNs(place)).isEqualTo(100 * round + i);
                queue.done();
            }
            assertThat(queue.next()).isEqualTo(-1);
        }
        assertThat(queue.lostCount()).isZero();
    }

    @Test
    void countsWhatFindsNoRoomAndKeepsWhatIsThere() {
        for (int i = 0; i < CAPACITY + 3; i++) queue.on(EventKind.NEW, entry(0, i), i, connections);
        assertThat(queue.lostCount()).isEqualTo(3);
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(queue.copies().tuple(queue.next(), 0, new Tuple()).sourcePort()).isEqualTo(i);
            queue.done();
        }
        assertThat(queue.next()).isEqualTo(-1);
        queue.on(EventKind.DESTROY, entry(0, 77), 5, connections);
        assertThat(queue.kind(queue.next())).isEqualTo(EventKind.DESTROY);
    }
}
