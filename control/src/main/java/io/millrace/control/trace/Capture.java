package io.millrace.control.trace;

import io.millrace.packet.memory.Verdict;
import org.agrona.MutableDirectBuffer;

import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A capture that goes on: a tap at each worker. Emptied by the control thread.
record Capture(List<CaptureTap> taps, List<String> portNames, List<List<String>> stageNames) {

    /// Packets of one worker that are taken in a turn: what is told of one takes microseconds, and forwarding may wait.
    private static final int PACKETS_PER_TURN = 32;

    /// Hands on what has gathered, as the members of a `packet` notification; returns how many packets that were.
    int drain(Consumer<ObjectNode> target) {
        int count = 0;
        for (int i = 0; i < taps.size(); i++) {
            List<String> stages = stageNames.get(i);
            count += taps.get(i).ring().read((_, buffer, at, byteCount) ->
                target.accept(packet(buffer, at, byteCount, stages)), PACKETS_PER_TURN);
        }
        return count;
    }

    long missed() {
        return taps.stream().mapToLong(CaptureTap::missed).sum();
    }

    private ObjectNode packet(MutableDirectBuffer buffer, int at, int byteCount, List<String> stages) {
        byte[] frame = new byte[byteCount - CaptureTap.FRAME_AT];
        buffer.getBytes(at + CaptureTap.FRAME_AT, frame);
        Verdict verdict = Verdict.of(buffer.getInt(at + CaptureTap.VERDICT_AT));
        int stage = buffer.getInt(at + CaptureTap.STAGE_AT);
        boolean isInbound = buffer.getInt(at + CaptureTap.DIRECTION_AT) == CaptureTap.INBOUND;
        return JsonNodeFactory.instance.objectNode()
            .put("port", portNames.get(buffer.getInt(at + CaptureTap.PORT_AT)))
            .put("linkType", buffer.getInt(at + CaptureTap.LINK_TYPE_AT))
            .put("direction", isInbound ? "in" : "out")
            .put("timeNs", buffer.getLong(at + CaptureTap.TIME_AT))
            .put("comment", comment(verdict, stage == CaptureTap.NO_STAGE ? "" : stages.get(stage)))
            .put("originalBytes", buffer.getInt(at + CaptureTap.ORIGINAL_BYTES_AT))
            .put("frame", Base64.getEncoder().encodeToString(frame));
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
