package io.millrace.control.socket;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An error as JSON-RPC 2.0 writes it, §5.1.
public record RpcError(int code, String message) {

    public static final int NO_JSON = -32700;
    public static final int NO_REQUEST = -32600;
    public static final int UNKNOWN_METHOD = -32601;
    public static final int WRONG_PARAMS = -32602;
    public static final int BUG = -32603;
    /// The verb refused: nothing has changed. `data.status` is its exit status.
    public static final int REFUSED = -32000;
    /// The client is cut off after this message.
    public static final int CUT_OFF = -32001;

    /// The answer to a request; `id` is null where it could not be read.
    public ObjectNode answer(JsonNode id) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
        answer.set("id", id == null ? JsonNodeFactory.instance.nullNode() : id);
        answer.putObject("error").put("code", code).put("message", message);
        return answer;
    }
}
