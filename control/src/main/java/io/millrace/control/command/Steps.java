package io.millrace.control.command;

import io.millrace.control.live.Refusal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;

/// The rest of a command that takes longer than one turn. One step a turn of the control thread, which may forward
/// packets in between; no other command is carried out until there is an answer.
public interface Steps {

    /// Does a step; null as long as there is more to do. Throws a [Refusal] as [ControlVerb#run] does.
    Answer step();

    /// False while it only waits for another thread, so that this one may sleep.
    default boolean isBusy() {
        return true;
    }

    /// Has a thread of its own do what would hold up the control thread, then goes on with what came of it.
    static <T> Steps after(Supplier<T> work, Function<T, Answer> then) {
        var result = new CompletableFuture<T>();
        Thread.ofPlatform().daemon().name("control work").start(() -> {
            try {
                result.complete(work.get());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return new Steps() {
            @Override
            public Answer step() {
                return result.isDone() ? then.apply(outcome(result)) : null;
            }

            @Override
            public boolean isBusy() {
                return false;
            }
        };
    }

    private static <T> T outcome(CompletableFuture<T> result) {
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw new IllegalStateException(e.getCause());
        }
    }
}
