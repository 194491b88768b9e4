package io.millrace.control.socket;

import io.millrace.dataplane.config.ConfigException;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.function.Predicate;

/// Serves clients on one thread of its own: reads lines, hands requests over, writes what others have queued. Whatever
/// a client does costs that thread alone.
public final class ControlSocket implements AutoCloseable {

    private static final int READ_BYTES = 16 << 10;
    /// How long a client may not notice that the time for its half message is over.
    private static final long LOOK_MS = 200;
    private static final int JOIN_MS = 2_000;

    private final SocketFile file;
    private final ServerSocketChannel server;
    private final Selector selector;
    private final SocketLimits limits;
    private final Predicate<Request> handler;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final Thread thread = new Thread(this::serve, "control socket");
    private int sessionCount;
    private volatile boolean isClosed;

    /// Opens the socket and begins to serve. `handler` is given each request, returns false where it has no room, and
    /// is then asked again; it answers whenever it likes, from any thread.
    ///
    /// Throws a [ConfigException] where the socket cannot be made: one is there and alive, or the folder refuses.
    public ControlSocket(Path path, SocketLimits limits, Predicate<Request> handler) {
        this.limits = limits;
        this.handler = handler;
        this.file = new SocketFile(path);
        try {
            this.selector = Selector.open();
            this.server = file.open();
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            throw new ConfigException("control: " + path + " cannot be made: " + e.getMessage());
        }
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        while (!isClosed) {
            try {
                selector.select(LOOK_MS);
                long nowNs = System.nanoTime();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isValid() && key.isAcceptable()) accept();
                    else if (key.isValid()) serve(key, nowNs);
                }
                selector.selectedKeys().clear();
                for (SelectionKey key : selector.keys()) {
                    if (key.attachment() instanceof Session session && key.isValid()) settle(key, session, nowNs);
                }
            } catch (IOException e) {
                if (!selector.isOpen()) return;
            }
        }
        selector.keys().forEach(key -> {
            if (key.attachment() instanceof Session session) session.close();
        });
    }

    private void accept() throws IOException {
        SocketChannel channel = server.accept();
        if (channel == null) return;
        channel.configureBlocking(false);
        var session = new Session(channel, limits, this::wakeUp);
        if (sessionCount == limits.sessionsMax()) {
            session.cutOff("too many clients: at most " + limits.sessionsMax());
            session.write();   // a line that fits into the socket's buffer
            session.close();
            return;
        }
        sessionCount++;
        channel.register(selector, SelectionKey.OP_READ, session);
    }

    private void serve(SelectionKey key, long nowNs) {
        var session = (Session) key.attachment();
        try {
            if (key.isReadable()) session.read(buffer, nowNs, handler);
            if (key.isValid() && key.isWritable()) session.write();
        } catch (IOException e) {
            end(key, session);
        }
    }

    /// Does what can be done now for a client, and says what is waited for.
    private void settle(SelectionKey key, Session session, long nowNs) {
        try {
            session.pump(nowNs, handler);
            boolean isInTime = session.isInTime(nowNs);
            if (session.hasUnread()) session.write();
            if (!isInTime || session.isTooSlow() || session.isFinished()) {
                end(key, session);
                return;
            }
            int wanted = session.isReading() ? SelectionKey.OP_READ : 0;
            key.interestOps(session.hasUnread() ? wanted | SelectionKey.OP_WRITE : wanted);
        } catch (IOException e) {
            end(key, session);
        }
    }

    private void end(SelectionKey key, Session session) {
        key.cancel();
        session.close();
        sessionCount--;
    }

    private void wakeUp() {
        // The socket's own thread looks at every client before it waits again.
        if (Thread.currentThread() != thread) selector.wakeup();
    }

    /// Cuts all clients off and removes the file.
    @Override
    public void close() {
        if (isClosed) return;
        isClosed = true;
        selector.wakeup();
        try {
            thread.join(JOIN_MS);
            selector.close();
            server.close();
        } catch (IOException e) {
            // The process is about to end, and the file is removed below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        file.remove();
    }

    static ServerSocketChannel bound(Path path) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(path), 1024);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
