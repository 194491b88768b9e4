package io.millrace.control.agent;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.control.socket.Request;
import io.millrace.control.socket.RpcError;
import io.millrace.control.socket.Session;
import io.millrace.packet.document.Spelling;
import org.agrona.concurrent.Agent;
import org.jctools.queues.MpscArrayQueue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The duty of the control thread: one request a turn, so that workers which share the thread wait for one at most.
public final class ControlAgent implements Agent {

    /// Requests of all clients that wait; what finds no room stays with its session.
    private static final int REQUESTS_MAX = 256;
    private static final int TASKS_MAX = 16;

    private final Map<String, ControlVerb> verbs;
    private final List<LongConsumer> everyTurn = new ArrayList<>();
    private final MpscArrayQueue<Request> requests = new MpscArrayQueue<>(REQUESTS_MAX);
    private final MpscArrayQueue<Runnable> tasks = new MpscArrayQueue<>(TASKS_MAX);

    ControlAgent(Map<String, ControlVerb> verbs) {
        this.verbs = verbs;
    }

    /// Does something each turn; it is handed the time, in `System.nanoTime`.
    void everyTurn(LongConsumer duty) {
        everyTurn.add(duty);
    }

    /// From any thread: a request of a client. False if too many wait.
    boolean offer(Request request) {
        return requests.offer(request);
    }

    /// From any thread: something for the control thread to do. False if too many wait.
    boolean post(Runnable task) {
        return tasks.offer(task);
    }

    @Override
    public String roleName() {
        return "control";
    }

    @Override
    public int doWork() {
        long nowNs = System.nanoTime();
        for (int i = 0; i < everyTurn.size(); i++) everyTurn.get(i).accept(nowNs);
        Runnable task = tasks.poll();
        if (task != null) task.run();
        Request request = requests.poll();
        if (request == null) return task == null ? 0 : 1;
        serve(request);
        return 1;
    }

    private void serve(Request request) {
        try {
            ControlVerb verb = verbs.get(request.method());
            if (verb == null) {
                request.fail(new RpcError(RpcError.UNKNOWN_METHOD, "unknown verb \"" + request.method() + "\""
                    + Spelling.suggestion(request.method(), verbs.keySet()) + "; allowed: "
                    + String.join(", ", verbs.keySet())));
                return;
            }
            var words = new Words(request.words(), request.isJson());
            request.answer(result(verb.run(words, caller(request.session())), words.isJson()));
        } catch (Refusal e) {
            request.refuse(new RpcError(RpcError.REFUSED, e.getMessage()), e.status());
        } catch (RuntimeException e) {
            // A bug in a verb must not end the forwarding.
            request.fail(new RpcError(RpcError.BUG, "a bug in Millrace, please report it: " + e + " at "
                + (e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0])));
        }
    }

    private static ObjectNode result(Answer answer, boolean isJson) {
        ObjectNode result = JsonNodeFactory.instance.objectNode().put("status", answer.status());
        if (isJson) {
            result.set("value", answer.valueOrNothing());
            return result;
        }
        return result.put("out", answer.text());
    }

    private static Caller caller(Session session) {
        return new Caller() {
            @Override
            public boolean tell(String method, ObjectNode params) {
                return session.notify(method, params);
            }

            @Override
            public boolean isConnected() {
                return session.isOpen();
            }
        };
    }
}
