package io.millrace.control.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import jdk.net.ExtendedSocketOptions;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One client. Its bytes are read and written by the socket's thread alone; any thread may [#send] to it.
public final class Session {

    private static final int READ_BYTES = 16 << 10;

    private final SocketChannel channel;
    private final SocketLimits limits;
    private final Runnable wakeUp;
    private final ConcurrentLinkedQueue<ByteBuffer> unread = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unreadBytes = new AtomicInteger();
    private final AtomicInteger unservedCount = new AtomicInteger();
    private volatile boolean isOpen = true;
    private volatile boolean isTooSlow;

    // The socket's thread alone:
    private byte[] line = new byte[READ_BYTES];
    private int lineBytes;
    private int scannedBytes;
    private long lineSinceNs;
    private long endedNs;
    private boolean hasEnded;   // no more is read: the client has ended, or is cut off once it has read why

    Session(SocketChannel channel, SocketLimits limits, Runnable wakeUp) {
        this.channel = channel;
        this.limits = limits;
        this.wakeUp = wakeUp;
    }

    /// Queues a message. False if the client is gone, or has so much unread that it is cut off now.
    public boolean send(String message) {
        if (!isOpen || isTooSlow) return false;
        byte[] bytes = (message + "\n").getBytes(StandardCharsets.UTF_8);
        if (unreadBytes.addAndGet(bytes.length) > limits.unreadBytesMax()) {
            isTooSlow = true;
            wakeUp.run();
            return false;
        }
        unread.add(ByteBuffer.wrap(bytes));
        wakeUp.run();
        return true;
    }

    /// Sends a notification, unless it would leave less than half of the room for answers; false if it was lost.
    public boolean notify(String method, ObjectNode params) {
        if (!hasRoom()) return false;
        ObjectNode message = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0").put("method", method);
        message.set("params", params);
        return send(message.toString());
    }

    /// True if a notification would be sent.
    public boolean hasRoom() {
        return unreadBytes.get() <= limits.unreadBytesMax() / 2;
    }

    public boolean isOpen() {
        return isOpen && !isTooSlow;
    }

    /// Name of the user whose process is at the other end, or `unknown`.
    public String user() {
        try {
            return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        } catch (IOException | UnsupportedOperationException e) {
            return "unknown";   // it is gone
        }
    }

    void served() {
        unservedCount.decrementAndGet();
        wakeUp.run();
    }

    boolean isTooSlow() {
        return isTooSlow;
    }

    boolean hasUnread() {
        return !unread.isEmpty();
    }

    /// True if more may be read: not too many requests wait.
    boolean isReading() {
        return !hasEnded && unservedCount.get() < limits.unservedMax();
    }

    /// True once everything is said and done.
    boolean isFinished() {
        return hasEnded && unread.isEmpty() && unservedCount.get() == 0;
    }

    /// Takes in what has arrived, and hands every whole line to `server`, which returns false to be asked again later.
    void read(ByteBuffer buffer, long nowNs, Predicate<Request> server) throws IOException {
        buffer.clear();
        int readBytes = channel.read(buffer);
        if (readBytes < 0) {
            if (lineBytes > 0 && !hasEnded) {
                cutOff("the last message has no line end: it was not carried out");
            }
            hasEnded = true;
            return;
        }
        if (lineBytes == 0) lineSinceNs = nowNs;
        append(buffer.flip());
        pump(nowNs, server);
    }

    private void append(ByteBuffer buffer) {
        int count = buffer.remaining();
        if (line.length - lineBytes < count) {
            line = Arrays.copyOf(line, Math.max(line.length * 2, lineBytes + count));
        }
        buffer.get(line, lineBytes, count);
        lineBytes += count;
    }

    /// Serves the lines that are there, as far as the client may have requests waiting.
    void pump(long nowNs, Predicate<Request> server) {
        int from = 0;
        while (isReading()) {
            int end = Math.max(scannedBytes, from);
            while (end < lineBytes && line[end] != '\n') end++;
            scannedBytes = end;
            if (end == lineBytes) break;
            if (end > from && !serve(from, end, server)) break;
            if (hasEnded) return;
            from = end + 1;
            scannedBytes = from;
            lineSinceNs = nowNs;
        }
        System.arraycopy(line, from, line, 0, lineBytes - from);
        lineBytes -= from;
        scannedBytes = Math.max(0, scannedBytes - from);
        boolean isTooLong = lineBytes > limits.lineBytesMax() && scannedBytes > limits.lineBytesMax();
        if (isTooLong) cutOff("a message longer than " + limits.lineBytesMax() + " bytes");
    }

    private boolean serve(int from, int end, Predicate<Request> server) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, from, end - from)).toString();
        } catch (CharacterCodingException e) {
            cutOff("the message is not UTF-8");
            return true;
        }
        if (text.isBlank()) return true;
        try {
            unservedCount.incrementAndGet();
            if (server.test(Request.read(this, text))) return true;
            unservedCount.decrementAndGet();
            return false;
        } catch (Request.Wrong e) {
            send(e.answer().toString());
            unservedCount.decrementAndGet();
            return true;
        }
    }

    /// Ends a client that has begun a message and does not go on. False if it was told to go, and did not read that.
    boolean isInTime(long nowNs) {
        if (hasEnded) {
            if (endedNs == 0) endedNs = nowNs;
            return unservedCount.get() > 0 || nowNs - endedNs < limits.lineTime().toNanos();
        }
        boolean isLate = lineBytes > 0 && isReading() && nowNs - lineSinceNs > limits.lineTime().toNanos();
        if (isLate) cutOff("half a message for more than " + limits.lineTime().toMillis() + " ms");
        return true;
    }

    /// Tells why, and reads no more.
    void cutOff(String why) {
        if (hasEnded) return;
        hasEnded = true;
        lineBytes = 0;
        line = new byte[0];
        scannedBytes = 0;
        send(new RpcError(RpcError.CUT_OFF, why).answer(null).toString());
    }

    /// Writes as much as the socket takes.
    void write() throws IOException {
        ByteBuffer next = unread.peek();
        while (next != null) {
            int writtenBytes = channel.write(next);
            unreadBytes.addAndGet(-writtenBytes);
            if (next.hasRemaining()) return;
            unread.poll();
            next = unread.peek();
        }
    }

    void close() {
        isOpen = false;
        unread.clear();
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is lost: the client is gone.
        }
    }
}
