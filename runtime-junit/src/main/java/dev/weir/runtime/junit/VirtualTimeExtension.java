package dev.weir.runtime.junit;

import java.lang.reflect.Method;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;

/// What [VirtualTime] does; use the annotation.
public final class VirtualTimeExtension implements InvocationInterceptor {
    /// For JUnit.
    public VirtualTimeExtension() {}

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> called, ExtensionContext context)
            throws Throwable {
        run(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> called, ExtensionContext context)
            throws Throwable {
        run(invocation, context);
    }

    private static void run(Invocation<@Nullable Void> invocation, ExtensionContext context) throws Exception {
        var settings = AnnotationSupport.findAnnotation(context.getElement(), VirtualTime.class)
                .or(() -> AnnotationSupport.findAnnotation(context.getRequiredTestClass(), VirtualTime.class))
                .orElseThrow();
        Bubble.run(Duration.ofMillis(settings.patienceMillis()), () -> proceed(invocation));
    }

    private static void proceed(Invocation<@Nullable Void> invocation) throws Exception {
        try {
            invocation.proceed();
        } catch (Exception | Error thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }
}
