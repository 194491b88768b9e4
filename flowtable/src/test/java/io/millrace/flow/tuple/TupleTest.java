package io.millrace.flow.tuple;

import io.millrace.packet.header.IpProtocol;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;

import static org.assertj.core.api.Assertions.assertThat;

/// Tuples turned round, stored and hashed.
class TupleTest {

    private static final int BUCKETS = 1 << 16;

    @Test
    void turnsRoundAndBack() {
        Tuple tuple = new Tuple().set(6, IpProtocol.TCP).source(1, 2).target(3, 4).ports(5, 6).zone(7);
        Tuple inverse = new Tuple();
        assertThat(inverse.invertOf(tuple)).isTrue();
        assertThat(inverse.sourceHigh()).isEqualTo(3);
        assertThat(inverse.targetLow()).isEqualTo(2);
        assertThat(inverse.sourcePort()).isEqualTo(6);
        assertThat(inverse.zone()).isEqualTo(7);
        assertThat(inverse.invertOf(inverse)).isTrue();
        assertThat(inverse.isSame(tuple)).isTrue();
    }

    @Test
    void turnsQuestionsOfIcmpIntoAnswers() {
        Tuple question = new Tuple().set(4, IpProtocol.ICMP).source(0, 1).target(0, 2).ports(77, 8 << 8);
        Tuple answer = new Tuple();
        assertThat(answer.invertOf(question)).isTrue();
        assertThat(answer.sourcePort()).isEqualTo(77);
        assertThat(answer.targetPort()).isZero();
        assertThat(new Tuple().invertOf(question.ports(77, 3 << 8))).as("an error has no answer").isFalse();
    }

    @Test
    void comesBackFromMemory() {
        MemorySegment memory = MemorySegment.ofArray(new byte[64]);
        Tuple tuple = new Tuple().set(6, IpProtocol.SCTP).source(-1, 2).target(3, -4).ports(0xffff, 0xfffe)
            .zone(0xfffd);
        tuple.store(memory, 8);
        assertThat(tuple.isAt(memory, 8)).isTrue();
        assertThat(new Tuple().load(memory, 8).isSame(tuple)).isTrue();
        assertThat(Tuple.protocolAt(memory, 8)).isEqualTo(IpProtocol.SCTP);
        assertThat(tuple.zone(1).isAt(memory, 8)).isFalse();
    }

    @Test
    void spreadsNeighboursOverAllBuckets() {
        int[] byPort = new int[BUCKETS];
        int[] byAddress = new int[BUCKETS];
        int[] bySource = new int[BUCKETS];
        Tuple tuple = new Tuple().set(4, IpProtocol.TCP).target(0, 0x0a000202);
        for (int i = 0; i < BUCKETS; i++) {
            byPort[tuple.source(0, 0x0a000102).ports(i, 80).hash(99) & BUCKETS - 1]++;
            bySource[tuple.sourceHash(99) & BUCKETS - 1]++;
            byAddress[tuple.source(0, 0x0a000000 + i).ports(1, 80).hash(99) & BUCKETS - 1]++;
        }
        assertThat(longest(byPort)).isLessThan(14);
        assertThat(longest(byAddress)).isLessThan(14);
        assertThat(longest(bySource)).isLessThan(14);
    }

    private static int longest(int[] chains) {
        int longest = 0;
        for (int chain : chains) longest = Math.max(longest, chain);
        return longest;
    }
}
