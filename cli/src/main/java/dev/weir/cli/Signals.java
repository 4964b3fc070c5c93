package dev.weir.cli;

import java.lang.reflect.Proxy;
import java.util.List;

/// Ctrl-C, SIGTERM and SIGHUP as an event, so that a command ends in its own time and with its own
/// exit code.
///
/// A shutdown hook would be the plain way, but a JVM that a signal ends has the exit code 130 or
/// 143 whatever its hooks do (systemd and scripts take that for a failure), and halting it from
/// the hook leaves its temporary files behind. `sun.misc.Signal` is exported and documented for
/// this (JEP 260), yet javac warns of it in a way that cannot be silenced: hence by name.
final class Signals {
    private static final List<String> ENDING = List.of("INT", "TERM", "HUP");

    private Signals() {}

    /// Runs `action` on a thread of the JVM each time the process is told to end; the process does
    /// not end by itself any more. A signal that is ignored (as by `nohup`) stays ignored.
    @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself only
    static void onEnd(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object runner = Proxy.newProxyInstance(
                    handler.getClassLoader(),
                    new Class<?>[] {handler},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "handle" -> {
                            action.run();
                            yield null;
                        }
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> proxy == arguments[0];
                        default -> "Signals.onEnd";
                    });
            for (String name : ENDING) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), runner);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java runtime lacks the module jdk.unsupported", e);
        }
    }
}
