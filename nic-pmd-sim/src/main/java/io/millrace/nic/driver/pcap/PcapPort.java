package io.millrace.nic.driver.pcap;

import io.millrace.nic.capture.CaptureDamage;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.capture.CaptureInterface;
import io.millrace.nic.capture.CaptureReader;
import io.millrace.nic.capture.CaptureTraits;
import io.millrace.nic.port.FrameSlots;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.nic.port.TimedPort;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static io.millrace.packet.memory.PacketMemory.FRAME_AT;
import static io.millrace.packet.memory.PacketMemory.NONE;

/// A port that receives the packets of one capture and writes what it is given to another; either may be missing.
///
/// Received packets carry their link type, the time in the file (never before that of the packet before), and the
/// original length where the capture cut them. A frame check sequence in the file stays at the frame's end. A packet
/// that finds no slot waits in the file; one that no pool of this size could hold is dropped.
///
/// Files are opened and checked at once; the one to write is made when the first packet is asked for or offered.
public final class PcapPort implements TimedPort {

    private final PacketMemory packets;
    private final PacketMeta meta;
    private final FrameSlots slots;
    private final String name;
    private final int index;
    private final CaptureReader input;     // null: gives nothing
    private final CaptureOutput output;    // null: what is sent is counted and forgotten
    private final PortCapabilities capabilities;
    private final PortCounters counters = new PortCounters();
    private long nextNs = Long.MIN_VALUE;

    /// @param rx    the capture to receive from, or null
    /// @param tx    the capture to write, or null
    /// @param sent  what the packets that this port will be given can be; only the output's format depends on it
    public PcapPort(PacketMemory packets, String name, int index, Path rx, Path tx, CaptureTraits sent)
            throws CaptureException {
        this.packets = packets;
        this.meta = new PacketMeta(packets);
        this.slots = new FrameSlots(packets);
        this.name = name;
        this.index = index;
        if (rx != null && tx != null) checkApart(rx, tx);
        this.output = tx == null ? null : new CaptureOutput(packets, tx, name, sent);
        this.input = rx == null ? null : CaptureReader.open(rx);
        this.capabilities = new PortCapabilities(1, 1, CaptureInterface.PACKET_BYTES_MAX, linkType(), true);
        advance();
    }

    private static void checkApart(Path rx, Path tx) throws CaptureException {
        try {
            if (Files.exists(tx) && Files.exists(rx) && Files.isSameFile(rx, tx)) {
                throw new CaptureException(tx, "another file than the port reads", "the same file");
            }
        } catch (CaptureException e) {
            throw e;
        } catch (IOException e) {
            throw new CaptureException(tx, "a file that can be written", e);
        }
    }

    private int linkType() {
        int received = input == null || input.interfaceCount() == 0
            ? PortCapabilities.ANY_LINK_TYPE
            : input.captureInterface(0).linkType();
        if (input == null) return output == null ? PortCapabilities.ANY_LINK_TYPE : output.linkType();
        return received;
    }

    @Override public String name()                   { return name; }
    @Override public int index()                     { return index; }
    @Override public PortCapabilities capabilities() { return capabilities; }
    @Override public PortCounters counters()         { return counters; }
    @Override public boolean isExhausted()           { return nextNs == NEVER; }
    @Override public long nextReceiveNs()            { return nextNs; }

    /// How much of the input has been read, 0 to 1; `NaN` without one.
    public double shareRead() {
        return input == null ? Double.NaN : input.shareRead();
    }

    /// Why the input ended before the file did, or null.
    public CaptureDamage damage() {
        return input == null ? null : input.damage();
    }

    /// Why the output could not be written, or null. Look again after [#close].
    public IOException failure() {
        return output == null ? null : output.failure();
    }

    @Override
    public void start() {
        if (output != null && !output.isStarted()) output.start();
    }

    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        assert queue == 0 : queue;
        int receivedCount = 0;
        long receivedBytes = 0;
        while (nextNs <= nowNs && nextNs != NEVER && burst.room() > 0) {
            int frameBytes = input.capturedBytes();
            if (PacketMemory.slotsFor(frameBytes) > packets.slotCount()) {
                counters.received(1, frameBytes);
                counters.receiveDropped(1);
                advance();
                continue;
            }
            int packet = slots.allocate(pool, frameBytes, index, queue, nextNs);
            if (packet == NONE) break;
            if (!fill(packet)) {
                pool.release(packet);
                nextNs = NEVER;
                break;
            }
            burst.add(packet);
            receivedCount++;
            receivedBytes += frameBytes;
            advance();
        }
        counters.received(receivedCount, receivedBytes);
        return receivedCount;
    }

    /// Copies the packet under the cursor into its slots. False if the file can no longer be read.
    private boolean fill(int packet) {
        meta.linkType(packet, input.linkType());
        if (input.originalBytes() > input.capturedBytes()) meta.originalBytes(packet, (int) input.originalBytes());
        int copiedBytes = 0;
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
            int slotBytes = meta.slotBytes(slot);
            if (!input.copyTo(packets.segment(), packets.slotAt(slot) + FRAME_AT, copiedBytes, slotBytes)) return false;
            copiedBytes += slotBytes;
        }
        return true;
    }

    /// A time that runs backwards counts as the time of the packet before.
    private void advance() {
        nextNs = input != null && input.advance() ? Math.max(nextNs, input.timeNs()) : NEVER;
    }

    @Override
    public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
        assert queue == 0 : queue;
        int sentCount = 0;
        long sentBytes = 0;
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            if (output == null || output.write(packet)) {
                sentCount++;
                sentBytes += meta.packetBytes(packet);
            }
            pool.release(packet);
        }
        counters.sent(sentCount, sentBytes);
        counters.transmitDropped(burst.count() - sentCount);
        return burst.count();
    }

    @Override
    public void close() {
        if (input != null) input.close();
        if (output != null) output.close();
    }
}
