package io.millrace.flow.path;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// Makes a class of [FlowLoop] for one worker: the same code, defined again as a hidden class whose class data are the
/// worker's constants. Hidden, it is freed with its worker.
final class FlowKernels {

    private static final String LOOP = "FlowLoop.class";

    static FlowKernel kernel(FlowConstants constants, FlowPath path) {
        try (InputStream code = FlowKernels.class.getResourceAsStream(LOOP)) {
            MethodHandles.Lookup loop =
                MethodHandles.lookup().defineHiddenClassWithClassData(code.readAllBytes(), constants, true);
            return (FlowKernel) loop.findConstructor(loop.lookupClass(),
                MethodType.methodType(void.class, FlowPath.class)).invoke(path);
        } catch (IOException problem) {
            throw new UncheckedIOException("cannot read " + LOOP, problem);
        } catch (Error | RuntimeException problem) {
            throw problem;
        } catch (Throwable problem) {
            throw new IllegalStateException("cannot define " + LOOP, problem);
        }
    }

    private FlowKernels() {}
}
