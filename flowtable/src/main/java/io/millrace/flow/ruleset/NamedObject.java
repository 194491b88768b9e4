package io.millrace.flow.ruleset;

import java.util.List;

/// A named object of a table, which several rules share.
public record NamedObject(String name, long handle, Body body, String comment) {

    /// What the object holds.
    public sealed interface Body {
        ObjectKind kind();
    }

    /// A counter, quota, limit or synproxy is the same as a statement as it is by name.
    public record Stateful(ObjectKind kind, Statement statement) implements Body {
    }

    /// A connection tracking helper: `l3Protocol` is the family of the table unless given.
    public record Helper(String type, int protocol, Family l3Protocol) implements Body {
        @Override
        public ObjectKind kind() {
            return ObjectKind.CT_HELPER;
        }
    }

    /// Timeouts of connections in seconds by state name, as far as given.
    public record Timeouts(int protocol, Family l3Protocol, List<StateTimeout> policy) implements Body {
        public Timeouts {
            policy = List.copyOf(policy);
        }

        @Override
        public ObjectKind kind() {
            return ObjectKind.CT_TIMEOUT;
        }
    }

    public record StateTimeout(String state, long seconds) {
    }

    /// A connection that is expected: to port `targetPort`, for `timeoutMs`, at most `size` at once.
    public record Expectation(int protocol, int targetPort, long timeoutMs, int size, Family l3Protocol)
        implements Body {
        @Override
        public ObjectKind kind() {
            return ObjectKind.CT_EXPECTATION;
        }
    }

    public ObjectKind kind() {
        return body.kind();
    }
}
