package io.millrace.control;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/// `kill -HUP`: reload the config file. The JDK handles signals in a package that it does not promise to keep, so that
/// is reached by name; where it is missing, a hangup ends the process as ever.
final class HangupSignal {

    static void handle(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler},
                (instance, method, arguments) -> switch (method.getName()) {
                    case "handle" -> {
                        action.run();
                        yield null;
                    }
                    case "hashCode" -> System.identityHashCode(instance);
                    case "equals" -> instance == arguments[0];
                    default -> "hangup";
                });
            Object hangup = signal.getConstructor(String.class).newInstance("HUP");
            signal.getMethod("handle", signal, handler).invoke(null, hangup, proxy);
        } catch (ClassNotFoundException | NoSuchMethodException | IllegalAccessException | InstantiationException
                 | InvocationTargetException e) {
            System.err.println("millrace: SIGHUP cannot be handled: " + e);
        }
    }

    private HangupSignal() {}
}
