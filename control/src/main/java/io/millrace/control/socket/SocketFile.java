package io.millrace.control.socket;

import io.millrace.dataplane.config.ConfigException;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

/// The name of the control socket in the file system, for its owner alone: mode 0600 from its first moment.
final class SocketFile {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private Object fileKey;

    SocketFile(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    /// Replaces the socket of a process that is dead. The socket is made in a folder that nobody else can enter, and
    /// moved to its place when its mode is right.
    ServerSocketChannel open() throws IOException {
        refuseWhatIsThere();
        Files.createDirectories(path.getParent());
        Path folder = Files.createTempDirectory(path.getParent(), ".ctl");
        try {
            Path made = folder.resolve("s");
            ServerSocketChannel channel = ControlSocket.bound(made);
            try {
                Files.setPosixFilePermissions(made, OWNER_ONLY);
                fileKey = Files.readAttributes(made, BasicFileAttributes.class, NOFOLLOW_LINKS).fileKey();
                Files.move(made, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                channel.close();
                Files.deleteIfExists(made);
                throw e;
            }
            return channel;
        } finally {
            Files.delete(folder);
        }
    }

    private void refuseWhatIsThere() throws IOException {
        if (!Files.exists(path, NOFOLLOW_LINKS)) return;
        if (!Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS).isOther()) {
            throw new ConfigException("control: " + path + " is there and no socket");
        }
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            throw new ConfigException("control: " + path + " is the socket of a process that lives");
        } catch (ConnectException e) {
            // Nobody listens: left over from a process that is dead.
        }
    }

    /// Removes the file, if it is still ours.
    void remove() {
        try {
            Object present = Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS).fileKey();
            if (present.equals(fileKey)) Files.delete(path);
        } catch (IOException e) {
            // Gone already.
        }
    }
}
