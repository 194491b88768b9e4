package io.millrace.simulation.change;

import io.millrace.simulation.model.ModelRouter;

import java.util.function.Consumer;

/// A command, and what it changes in the model once it was carried out.
///
/// @param command as typed
record Change(String command, Consumer<ModelRouter> effect) {

    @Override
    public String toString() {
        return command;
    }
}
