package io.millrace.nic.sim.audit;

import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PacketSum;
import io.millrace.checksum.cover.ChecksumStatus;
import io.millrace.checksum.cover.NetworkHeader;
import io.millrace.checksum.receive.ReceiveChecksum;
import io.millrace.nic.program.Engine;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseOutcome;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.host.HostCompiler;
import io.millrace.packet.rss.ReceiveHash;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/// What a device found out about a received packet: the walk of the parser, the sum or a claim that a checksum is
/// right, the receive hash. What it did by another graph than the host's is not held against the host's.
final class ReceivedCheck {

    /// Is told of each difference.
    interface Findings {
        void found(Engine engine, String device, String software);
    }

    private final ParseProgram program;
    private final PacketMemory packets;
    private final PacketMeta meta;
    private final ParseRecords records;
    private final CompiledParser parser;
    private final PacketSum sums;
    private final NetworkHeader ip;
    private final ReceiveChecksum checksums;
    private final Burst burst = new Burst();

    ReceivedCheck(PacketMemory packets, ParseProgram program) {
        this.program = program;
        this.packets = packets;
        this.meta = new PacketMeta(packets);
        this.records = new ParseRecords(program.graph().limits().encapsMax());
        this.parser = new HostCompiler(program, packets).newParser(records);
        this.sums = new PacketSum(packets);
        this.ip = new NetworkHeader(packets);
        this.checksums = new ReceiveChecksum(packets);
    }

    /// @param packet the unit's, made again; its bytes stay as they are
    void compare(AuditUnit unit, int packet, Findings findings) {
        if (unit.checksumState == ChecksumState.COMPLETE) compareSum(unit, packet, findings);
        if (unit.checksumState == ChecksumState.UNNECESSARY) compareClaim(packet, findings);
        if (!unit.image.program().isSameAs(program)) return;
        burst.add(packet);
        parser.parse(burst);
        burst.clear();
        compareRecords(unit, findings);
        if (unit.hashing == null) return;
        int hash = (int) new ReceiveHash(unit.hashing, packets, records).hash(packet, 0);
        if (hash != unit.hash) {
            findings.found(Engine.RSS, "hash 0x%08x".formatted(unit.hash), "hash 0x%08x".formatted(hash));
        }
    }

    private void compareSum(AuditUnit unit, int packet, Findings findings) {
        int from = unit.sumFrom;
        int sum = InternetChecksum.fold(sums.sum(packet, from, meta.packetBytes(packet) - from));
        // 0 and 0xffff are one number.
        if (sum % 0xffff == unit.sum % 0xffff) return;
        findings.found(Engine.CHECKSUM, "sum 0x%04x from byte %d".formatted(unit.sum, from),
            "sum 0x%04x".formatted(sum));
    }

    private void compareClaim(int packet, Findings findings) {
        boolean isTransport = ip.read(packet, meta.l3(packet), meta.packetBytes(packet))
            == NetworkHeader.Found.TRANSPORT;
        ChecksumStatus status = isTransport ? checksums.verify(packet, ip) : null;
        if (status == ChecksumStatus.GOOD) return;
        findings.found(Engine.CHECKSUM, "checksum is right", "checksum is " + (status == null ? "absent"
            : status.name().toLowerCase(Locale.ROOT)));
    }

    private void compareRecords(AuditUnit unit, Findings findings) {
        int count = ParseOutcome.recordCount(records.outcome(0));
        long[] software = new long[count * ParseRecords.USED_WORDS];
        for (int record = 0; record < count; record++) {
            System.arraycopy(records.words(), ParseRecords.recordAt(0, record), software,
                record * ParseRecords.USED_WORDS, ParseRecords.USED_WORDS);
        }
        long[] device = Arrays.copyOf(unit.words, unit.recordCount * ParseRecords.USED_WORDS);
        if (Arrays.equals(software, device)) return;
        findings.found(Engine.PARSER, "records " + text(device), "records " + text(software));
    }

    private static String text(long[] words) {
        var text = new StringBuilder();
        for (long word : words) text.append(HexFormat.of().toHexDigits(word)).append(' ');
        return text.toString().strip();
    }
}
