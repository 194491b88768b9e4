package io.millrace.control.socket;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A message of a client: a verb and its words.
///
/// @param session where the answer goes
/// @param id      null for a notification, which is not answered
/// @param method  the verb
/// @param isJson  the client wants a value, not text
public record Request(Session session, JsonNode id, String method, List<String> words, boolean isJson) {

    private static final JsonMapper MAPPER = new JsonMapper();

    /// What is wrong with a message, and the id it had, if any.
    static final class Wrong extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient RpcError error;
        private final transient JsonNode id;

        Wrong(int code, String message, JsonNode id) {
            super(message, null, false, false);
            this.error = new RpcError(code, message);
            this.id = id;
        }

        ObjectNode answer() {
            return error.answer(id);
        }
    }

    static Request read(Session session, String line) throws Wrong {
        JsonNode message;
        try {
            message = MAPPER.readTree(line);
        } catch (JacksonException e) {
            throw new Wrong(RpcError.NO_JSON, "the message is no JSON: " + e.getOriginalMessage(), null);
        }
        if (message.isArray()) throw new Wrong(RpcError.NO_REQUEST, "batches are not served: one message a line", null);
        if (!message.isObject()) throw new Wrong(RpcError.NO_REQUEST, "a message is a JSON object", null);
        JsonNode id = message.get("id");
        if (id != null && !id.isString() && !id.isNumber() && !id.isNull()) {
            throw new Wrong(RpcError.NO_REQUEST, "\"id\" must be a number or a text", null);
        }
        JsonNode version = message.get("jsonrpc");
        if (version == null || !version.isString() || !version.asString().equals("2.0")) {
            throw new Wrong(RpcError.NO_REQUEST, "\"jsonrpc\" must be \"2.0\"", id);
        }
        JsonNode method = message.get("method");
        if (method == null || !method.isString()) {
            throw new Wrong(RpcError.NO_REQUEST, "\"method\" must be a text, the verb", id);
        }
        JsonNode params = message.get("params");
        boolean isObject = params != null && params.isObject();
        List<String> words = words(isObject ? params.get("words") : params, id);
        JsonNode json = isObject ? params.get("json") : null;
        if (json != null && !json.isBoolean()) {
            throw new Wrong(RpcError.WRONG_PARAMS, "\"json\" must be true or false", id);
        }
        return new Request(session, id, method.asString(), words, json != null && json.asBoolean());
    }

    private static List<String> words(JsonNode node, JsonNode id) throws Wrong {
        var words = new ArrayList<String>();
        if (node == null) return words;
        if (!node.isArray()) {
            throw new Wrong(RpcError.WRONG_PARAMS,
                "\"params\" must be an array of words, or an object with \"words\" and perhaps \"json\"", id);
        }
        for (JsonNode word : node) {
            if (!word.isString()) throw new Wrong(RpcError.WRONG_PARAMS, "every word must be a text", id);
            words.add(word.asString());
        }
        return words;
    }

    /// Answers with a result. At most one of the answers is sent.
    public void answer(JsonNode result) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
        answer.set("id", id);
        answer.set("result", result);
        finish(answer);
    }

    public void refuse(RpcError error, int status) {
        ObjectNode answer = error.answer(id);
        ((ObjectNode) answer.get("error")).putObject("data").put("status", status);
        finish(answer);
    }

    public void fail(RpcError error) {
        finish(error.answer(id));
    }

    private void finish(ObjectNode answer) {
        if (id != null) session.send(answer.toString());
        session.served();
    }
}
