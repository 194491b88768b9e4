package io.millrace.control.trace;

import io.millrace.packet.memory.Verdict;
import org.agrona.MutableDirectBuffer;

import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A capture that goes on: what fills its rings, and how to end it. Emptied by the control thread.
///
/// @param end takes the taps down
record Capture(List<Source> sources, List<String> portNames, Runnable end) {

    /// Packets of one ring that are taken in a turn: what is told of one takes microseconds, and forwarding may wait.
    private static final int PACKETS_PER_TURN = 32;

    /// A ring, and what a packet in it has gone through, by the stage's number.
    record Source(CaptureRing ring, Comments comments) {
    }

    /// What is said of a packet.
    interface Comments {
        String of(Verdict verdict, int stage);
    }

    /// Hands on what has gathered, as the members of a `packet` notification; returns how many packets that were.
    int drain(Consumer<ObjectNode> target) {
        int count = 0;
        for (Source each : sources) {
            count += each.ring().messages().read((_, buffer, at, byteCount) ->
                target.accept(packet(buffer, at, byteCount, each.comments())), PACKETS_PER_TURN);
        }
        return count;
    }

    long missed() {
        return sources.stream().mapToLong(each -> each.ring().missed()).sum();
    }

    private ObjectNode packet(MutableDirectBuffer buffer, int at, int byteCount, Comments comments) {
        byte[] frame = new byte[byteCount - CaptureRing.FRAME_AT];
        buffer.getBytes(at + CaptureRing.FRAME_AT, frame);
        Verdict verdict = Verdict.of(buffer.getInt(at + CaptureRing.VERDICT_AT));
        boolean isInbound = buffer.getInt(at + CaptureRing.DIRECTION_AT) == CaptureRing.INBOUND;
        return JsonNodeFactory.instance.objectNode()
            .put("port", portNames.get(buffer.getInt(at + CaptureRing.PORT_AT)))
            .put("linkType", buffer.getInt(at + CaptureRing.LINK_TYPE_AT))
            .put("direction", isInbound ? "in" : "out")
            .put("timeNs", buffer.getLong(at + CaptureRing.TIME_AT))
            .put("comment", comments.of(verdict, buffer.getInt(at + CaptureRing.STAGE_AT)))
            .put("originalBytes", buffer.getInt(at + CaptureRing.ORIGINAL_BYTES_AT))
            .put("frame", Base64.getEncoder().encodeToString(frame));
    }

    /// Of packets that a worker has.
    static Comments byStage(List<String> stages) {
        return (verdict, stage) -> comment(verdict, stage == CaptureTap.NO_STAGE ? "" : stages.get(stage));
    }

    /// Of packets that no worker has seen: by which NIC, and where they came from.
    static Comments byDevice(String nic, List<String> portNames) {
        return (_, port) -> "forwarded by the flow table of " + nic + ", received by " + portNames.get(port);
    }

    private static String comment(Verdict verdict, String outer) {
        // What merges hands on to routing inside its own turn, and loses nothing itself.
        String stage = outer.equals("GroStage") ? "RouterStage" : outer;
        return switch (verdict) {
            case FORWARD -> "received";
            case SENT -> "sent" + (stage.isEmpty() ? "" : " by stage " + PacketTracer.shortName(stage));
            default -> "dropped" + (stage.isEmpty() ? "" : " in stage " + PacketTracer.shortName(stage)) + ": "
                + verdict.name() + ", " + verdict.meaning();
        };
    }
}
