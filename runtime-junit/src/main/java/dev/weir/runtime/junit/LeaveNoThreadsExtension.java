package dev.weir.runtime.junit;

import java.time.Duration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/// What [LeaveNoThreads] does; use the annotation: it looks after all methods `@AfterEach` have
/// run.
public final class LeaveNoThreadsExtension implements BeforeEachCallback, AfterEachCallback {
    /// For JUnit.
    public LeaveNoThreadsExtension() {}

    private static final ExtensionContext.Namespace OURS =
            ExtensionContext.Namespace.create(LeaveNoThreadsExtension.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        var settings = AnnotationSupport.findAnnotation(context.getElement(), LeaveNoThreads.class)
                .or(() -> AnnotationSupport.findAnnotation(context.getRequiredTestClass(), LeaveNoThreads.class))
                .orElseThrow();
        var left = LeftThreads.watch()
                .within(Duration.ofMillis(settings.patienceMillis()))
                .except(settings.except());
        context.getStore(OURS).put(LeftThreads.class, left);
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        var left = context.getStore(OURS).remove(LeftThreads.class, LeftThreads.class);
        if (left == null) {
            return; // what failed before is reported
        }
        try (left) {
            if (context.getExecutionException().isEmpty()) {
                left.check();
            }
        }
    }
}
