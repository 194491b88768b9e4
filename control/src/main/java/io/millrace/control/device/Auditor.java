package io.millrace.control.device;

import io.millrace.control.live.Refusal;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureInterface;
import io.millrace.nic.capture.PcapngWriter;
import io.millrace.nic.capture.TimeScale;
import io.millrace.nic.sim.audit.AuditCheck;
import io.millrace.nic.sim.audit.AuditFinding;
import io.millrace.packet.parse.cpr.ShippedGraph;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Compares what audited NICs did with what software does, a few pieces of work a turn of the control thread. What
/// differs goes to the NIC's health reporter, and the packets with both results into a capture, one file a NIC: those
/// that the device was given, those that it made, those that software makes.
public final class Auditor implements AutoCloseable {

    private static final int PIECES_PER_TURN = 16;
    /// Once an engine is off it finds no more; a handful may have been on the way.
    private static final int FINDINGS_KEPT_MAX = 1_000;

    private final Nics nics;
    private final Path folder;
    private final Arena arena = Arena.ofShared();
    private final AuditCheck check;
    private final Map<NicControl, PcapngWriter> captures = new LinkedHashMap<>();

    /// @param folder where captures are kept, as `NIC-audit.pcapng`
    public Auditor(Nics nics, Path folder) {
        this.nics = nics;
        this.folder = folder;
        this.check = new AuditCheck(arena, ShippedGraph.DEFAULT.load());
    }

    /// The control thread's turn.
    public void turn() {
        for (NicControl nic : nics.all()) {
            if (nic.auditRing() != null) {
                check.turn(nic.auditRing(), PIECES_PER_TURN, finding -> found(nic, finding));
            }
        }
    }

    private void found(NicControl nic, AuditFinding finding) {
        Map<String, String> diagnosis = new LinkedHashMap<>();
        diagnosis.put("engine", finding.engine().label());
        diagnosis.put("device", finding.device());
        diagnosis.put("software", finding.software());
        diagnosis.put("capture", keep(nic, finding));
        try {
            nic.found(finding, diagnosis);
        } catch (Refusal e) {
            // The device did not answer; its reporter tells of the error, and the next finding tries again.
            assert !nic.audit().isHealthy();
        }
    }

    /// Where the packet is kept, or why it is not.
    private String keep(NicControl nic, AuditFinding finding) {
        Path file = folder.resolve(nic.handle().replaceFirst(".*/", "") + "-audit.pcapng");
        if (nic.audit().errorCount() >= FINDINGS_KEPT_MAX) return file + " is full";
        try {
            PcapngWriter writer = captures.get(nic);
            if (writer == null) {
                writer = new PcapngWriter(file,
                    CaptureInterface.of(finding.linkType(), nic.handle(), TimeScale.NANOSECONDS));
                captures.put(nic, writer);
            }
            String engine = finding.engine().label();
            String before = engine + ": device " + finding.device() + ", software " + finding.software();
            for (byte[] frame : finding.given()) {
                write(writer, finding, frame, before);
                before = engine + ": given too";
            }
            for (byte[] frame : finding.deviceFrames()) write(writer, finding, frame, engine + ": made by the device");
            for (byte[] frame : finding.softwareFrames()) write(writer, finding, frame, engine + ": made by software");
            writer.flush();
            return writer.failure() == null ? file.toString() : writer.failure().getMessage();
        } catch (CaptureException e) {
            return e.getMessage();
        }
    }

    private static void write(PcapngWriter writer, AuditFinding finding, byte[] frame, String comment) {
        boolean isBegun = writer.begin(0, finding.timeNs(), frame.length, frame.length,
            PcapngWriter.DIRECTION_INBOUND, comment.getBytes(StandardCharsets.UTF_8));
        if (!isBegun) return;
        writer.append(MemorySegment.ofArray(frame), 0, frame.length);
        writer.end();
    }

    @Override
    public void close() {
        captures.values().forEach(PcapngWriter::close);
        arena.close();
    }
}
