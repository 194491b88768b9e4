package io.millrace.control.command;

import tools.jackson.databind.node.ObjectNode;

/// Who gave a command, and can be told things later.
public interface Caller {

    /// Sends a notification; false if the caller is gone or has too much unread already, and then it is lost.
    boolean tell(String method, ObjectNode params);

    boolean isConnected();

    /// Who gives the command, for events: the user of the process at the other end.
    default String who() {
        return "unknown";
    }

    /// True if what is told now will not be lost.
    default boolean hasRoom() {
        return true;
    }
}
