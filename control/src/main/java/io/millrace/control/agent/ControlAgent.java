package io.millrace.control.agent;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Steps;
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
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The duty of the control thread: one request a turn, or one step of a long one, so that workers which share the
/// thread wait for one at most.
public final class ControlAgent implements Agent {

    /// Who asked for what happens beside commands.
    private static final String NOBODY = "millrace";
    /// Requests of all clients that wait; what finds no room stays with its session.
    private static final int REQUESTS_MAX = 256;
    private static final int TASKS_MAX = 16;

    private final Map<String, ControlVerb> verbs;
    private final Consumer<String> asked;
    private final List<LongConsumer> everyTurn = new ArrayList<>();
    private final MpscArrayQueue<Request> requests = new MpscArrayQueue<>(REQUESTS_MAX);
    private final MpscArrayQueue<Runnable> tasks = new MpscArrayQueue<>(TASKS_MAX);

    /// The command that takes more than a turn, what is left of it, and whether it wants a value.
    private Request underWay;
    private Steps steps;
    private boolean isJsonUnderWay;

    /// @param asked is told for whom commands are carried out: the user's name; `millrace` while there is none
    ControlAgent(Map<String, ControlVerb> verbs, Consumer<String> asked) {
        this.verbs = verbs;
        this.asked = asked;
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
        if (steps != null) return go(underWay) ? 1 : 0;
        Runnable task = tasks.poll();
        if (task != null) task.run();
        Request request = requests.poll();
        if (request == null) return task == null ? 0 : 1;
        serve(request);
        return 1;
    }

    /// A step of the command that is under way. False if it waits for somebody else.
    private boolean go(Request request) {
        Steps taken = steps;
        attempt(request, () -> {
            Answer answer = taken.step();
            if (answer != null) finish(request, answer);
        });
        return steps != taken || taken.isBusy();
    }

    private void finish(Request request, Answer answer) {
        underWay = answer.rest() == null ? null : request;
        steps = answer.rest();
        if (steps != null) return;
        asked.accept(NOBODY);
        request.answer(result(answer, isJsonUnderWay));
    }

    private void serve(Request request) {
        asked.accept(request.session().user());
        attempt(request, () -> {
            ControlVerb verb = verbs.get(request.method());
            if (verb == null) {
                request.fail(new RpcError(RpcError.UNKNOWN_METHOD, "unknown verb \"" + request.method() + "\""
                    + Spelling.suggestion(request.method(), verbs.keySet()) + "; allowed: "
                    + String.join(", ", verbs.keySet())));
                return;
            }
            var words = new Words(request.words(), request.isJson());
            Answer answer = verb.run(words, caller(request.session()));
            isJsonUnderWay = words.isJson();
            finish(request, answer);
        });
    }

    private void attempt(Request request, Runnable command) {
        try {
            command.run();
            return;
        } catch (Refusal e) {
            request.refuse(new RpcError(RpcError.REFUSED, e.getMessage()), e.status());
        } catch (RuntimeException e) {
            // A bug in a verb must not end the forwarding.
            request.fail(new RpcError(RpcError.BUG, "a bug in Millrace, please report it: " + e + " at "
                + (e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0])));
        }
        steps = null;
        underWay = null;
        asked.accept(NOBODY);
    }

    private static ObjectNode result(Answer answer, boolean isJson) {
        ObjectNode result = JsonNodeFactory.instance.objectNode().put("status", answer.status());
        if (isJson) {
            result.set("value", answer.valueOrNothing());
            return result;
        }
        if (!answer.note().isEmpty()) result.put("note", answer.note());
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

            @Override
            public String who() {
                return session.user();
            }

            @Override
            public boolean hasRoom() {
                return session.hasRoom();
            }
        };
    }
}
