package dev.weir.testkit;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The threads of this process, virtual ones too.
///
/// The JDK shows them in its thread dumps only, and in JDK 25 a dump of virtual threads that are at
/// work may crash the process (JDK-8364343). So this asks whom the dump asks, which wants
/// `--add-exports java.base/jdk.internal.vm=ALL-UNNAMED`, and takes no stacks.
public final class LiveThreads {
    private static final Method ROOT = method("jdk.internal.vm.ThreadContainers", "root");
    private static final Method CHILDREN = method("jdk.internal.vm.ThreadContainer", "children");
    private static final Method THREADS = method("jdk.internal.vm.ThreadContainer", "threads");

    private LiveThreads() {}

    private static Method method(String type, String name) {
        try {
            return MethodHandles.lookup().findClass(type).getMethod(name);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has no " + type + "." + name, e);
        }
    }

    /// The names of the threads that begin with `prefix`.
    public static List<String> named(String prefix) {
        return threads(prefix).stream().map(Thread::getName).toList();
    }

    /// The threads whose names begin with `prefix`.
    public static List<Thread> threads(String prefix) {
        List<Thread> threads = new ArrayList<>();
        try {
            collect(ROOT.invoke(null), prefix, threads);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("run with --add-exports java.base/jdk.internal.vm=ALL-UNNAMED", e);
        }
        return threads;
    }

    private static void collect(Object container, String prefix, List<Thread> threads)
            throws ReflectiveOperationException {
        for (Object thread : ((Stream<?>) THREADS.invoke(container)).toList()) {
            if (thread instanceof Thread each && each.getName().startsWith(prefix)) {
                threads.add(each);
            }
        }
        for (Object child : ((Stream<?>) CHILDREN.invoke(container)).toList()) {
            collect(child, prefix, threads);
        }
    }
}
