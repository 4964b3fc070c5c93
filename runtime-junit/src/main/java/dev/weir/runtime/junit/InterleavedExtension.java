package dev.weir.runtime.junit;

import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/// What [Interleaved] does; use the annotation.
public final class InterleavedExtension implements InvocationInterceptor {
    /// For JUnit.
    public InterleavedExtension() {}

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> called, ExtensionContext context)
            throws Throwable {
        invocation.skip();
        Method method = called.getExecutable();
        var settings =
                AnnotationSupport.findAnnotation(method, Interleaved.class).orElseThrow();
        var explored = Interleavings.of(settings.schedules()).rewriting(settings.rewrite());
        var body = body(explored, method, settings.plainFields());
        if (settings.seed() != 0 && System.getProperty(Interleavings.SEED) == null) {
            explored.replay(settings.seed(), body);
        } else {
            explored.explore(body);
        }
    }

    private static Bubble.Body body(Interleavings explored, Method method, boolean plainFields)
            throws ReflectiveOperationException {
        Class<?> declared = method.getDeclaringClass();
        if (method.getParameterCount() > 0) {
            throw new IllegalArgumentException("an @Interleaved test takes no parameters, but " + method + " does");
        }
        if (declared.isMemberClass() && !Modifier.isStatic(declared.getModifiers())) {
            throw new IllegalArgumentException("an @Interleaved test cannot be in an inner class, as it is in "
                    + declared + "; make it a top-level or a static class");
        }
        Class<?> type = plainFields ? explored.rewrittenClass(declared) : declared;
        Constructor<?> maker = type.getDeclaredConstructor();
        maker.setAccessible(true);
        Method test = type.getDeclaredMethod(method.getName());
        test.setAccessible(true);
        List<Method> before = annotated(type, BeforeEach.class, HierarchyTraversalMode.TOP_DOWN);
        List<Method> after = annotated(type, AfterEach.class, HierarchyTraversalMode.BOTTOM_UP);
        return () -> {
            Object instance = maker.newInstance();
            try {
                for (Method each : before) {
                    call(each, instance);
                }
                call(test, instance);
            } finally {
                for (Method each : after) {
                    call(each, instance);
                }
            }
        };
    }

    private static List<Method> annotated(Class<?> type, Class<? extends Annotation> by, HierarchyTraversalMode order) {
        List<Method> methods = AnnotationSupport.findAnnotatedMethods(type, by, order);
        methods.forEach(method -> method.setAccessible(true));
        return methods;
    }

    private static void call(Method method, Object instance) throws Exception {
        try {
            method.invoke(instance);
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case Exception thrown -> throw thrown;
                case Error thrown -> throw thrown;
                case null, default -> throw e;
            }
        }
    }
}
