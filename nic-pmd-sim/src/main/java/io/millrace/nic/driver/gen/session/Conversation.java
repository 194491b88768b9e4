package io.millrace.nic.driver.gen.session;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// One conversation of a capture as it grows. Not for the data path.
final class Conversation {

    /// Addresses in hexadecimal digits, and ports, of a direction.
    record Key(String source, String target, int sourcePort, int targetPort) {

        Key back() {
            return new Key(target, source, targetPort, sourcePort);
        }
    }

    /// Consecutive bytes of one side.
    private record Message(boolean isClients, ByteArrayOutputStream bytes) {}

    private final SessionProtocol protocol;
    private final int serverPort;
    private final List<Message> messages = new ArrayList<>();
    private final int[] next = new int[2];
    private final boolean[] isBegun = new boolean[2];
    private boolean isBroken;

    Conversation(SessionProtocol protocol, int serverPort) {
        this.protocol = protocol;
        this.serverPort = serverPort;
    }

    /// A segment's payload, which begins at a sequence number. What was there before is left out.
    void segment(boolean isClients, int sequence, byte[] payload) {
        int side = isClients ? 0 : 1;
        if (!isBegun[side]) {
            isBegun[side] = true;
            next[side] = sequence;
        }
        int knownBytes = next[side] - sequence;
        if (knownBytes < 0 && payload.length > 0) isBroken = true;
        if (isBroken || knownBytes < 0 || knownBytes >= payload.length) return;
        boolean isSameSide = !messages.isEmpty() && messages.getLast().isClients == isClients;
        if (!isSameSide) messages.add(new Message(isClients, new ByteArrayOutputStream()));
        messages.getLast().bytes.write(payload, knownBytes, payload.length - knownBytes);
        next[side] += payload.length - knownBytes;
    }

    void datagram(boolean isClients, byte[] payload) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(payload);
        messages.add(new Message(isClients, bytes));
    }

    /// What was said; nothing where nobody said anything.
    List<Dialogue> dialogues(String name, int bytesMax) {
        return protocol == SessionProtocol.TCP ? connection(name) : exchanges(name, bytesMax);
    }

    private List<Dialogue> connection(String name) {
        if (messages.isEmpty()) return List.of();
        var ends = new Ends();
        boolean isClientsTurn = true;
        for (Message message : messages.subList(0, Math.min(messages.size(), Dialogue.TURNS_MAX))) {
            if (message.isClients != isClientsTurn) ends.turn(isClientsTurn, new byte[0]);   // the server spoke first
            ends.turn(message.isClients, message.bytes.toByteArray());
            isClientsTurn = !message.isClients;
        }
        if (!isClientsTurn) ends.turn(false, new byte[0]);
        return List.of(ends.dialogue(name, protocol, serverPort));
    }

    private List<Dialogue> exchanges(String name, int bytesMax) {
        List<Dialogue> all = new ArrayList<>();
        Ends ends = null;
        boolean isWhole = true;
        for (Message message : messages) {
            if (message.isClients && ends != null && isWhole && ends.hasAnswer()) {
                all.add(ends.dialogue(name, protocol, serverPort));
            }
            if (message.isClients) {
                ends = new Ends();
                isWhole = true;
            }
            if (ends == null) continue;
            isWhole &= message.bytes.size() <= bytesMax;
            ends.turn(message.isClients, message.bytes.toByteArray());
        }
        if (ends != null && isWhole && ends.hasAnswer()) all.add(ends.dialogue(name, protocol, serverPort));
        return all;
    }

    /// The bytes of both sides and where turns end in them.
    private static final class Ends {

        private final ByteArrayOutputStream client = new ByteArrayOutputStream();
        private final ByteArrayOutputStream server = new ByteArrayOutputStream();
        private final List<Integer> clientEnds = new ArrayList<>();
        private final List<Integer> serverEnds = new ArrayList<>();

        void turn(boolean isClients, byte[] bytes) {
            ByteArrayOutputStream side = isClients ? client : server;
            side.writeBytes(bytes);
            (isClients ? clientEnds : serverEnds).add(side.size());
        }

        boolean hasAnswer() {
            return !serverEnds.isEmpty();
        }

        Dialogue dialogue(String name, SessionProtocol protocol, int serverPort) {
            return new Dialogue(name, protocol, serverPort, client.toByteArray(), ints(clientEnds),
                server.toByteArray(), ints(serverEnds));
        }

        private static int[] ints(List<Integer> values) {
            return values.stream().mapToInt(Integer::intValue).toArray();
        }
    }
}
