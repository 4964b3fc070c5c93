package dev.weir.runtime.junit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.Group;
import dev.weir.runtime.Scheduler;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What Go's leak profile is tested for: who waits for what nobody will do is reported, with the
/// place.
@Timeout(30)
final class LeftThreadsTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private static Runnable blockedOn(Group.Task wait) {
        return () -> {
            try {
                wait.run();
            } catch (Exception e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    @Test
    void check_withNothingLeft_passes() throws Exception {
        try (var left = LeftThreads.watch()) {
            Scheduler.shared().start("short", () -> {}).join();
            left.check();
        }
    }

    @Test
    void check_withAThreadThatIsAboutToEnd_waitsForIt() throws Exception {
        try (var left = LeftThreads.watch()) {
            var gate = Channel.<Integer>unbuffered();
            Scheduler.shared().start("slow", blockedOn(gate::receive));
            Thread.ofPlatform().start(blockedOn(() -> gate.send(1)));
            left.check();
        }
    }

    @Test
    void check_withAReceiverLeft_namesItItsStackAndItsStarter() {
        assertLeft(
                "\"receiver\", WAITING on Channel#",
                blockedOn(() -> Channel.unbuffered().receive()),
                "receiver");
    }

    @Test
    void check_withASenderLeft_namesIt() {
        assertLeft(
                "\"sender\", WAITING on Channel#",
                blockedOn(() -> Channel.<Integer>unbuffered().send(1)),
                "sender");
    }

    @Test
    void check_withAReceiverOnNeverLeft_namesIt() {
        assertLeft("WAITING on Channel.never()", blockedOn(() -> Channel.never().receive()), "nil");
    }

    @Test
    void check_withAnEmptySelectLeft_namesIt() {
        assertLeft(
                "WAITING on select over []",
                blockedOn(() -> dev.weir.runtime.Select.select(new dev.weir.runtime.Case<?>[0])),
                "select");
    }

    private static void assertLeft(String expected, Runnable task, String name) {
        try (var left = LeftThreads.watch().within(SHORT)) {
            var thread = Scheduler.shared().start(name, task);
            assertThatThrownBy(left::check)
                    .isInstanceOf(ThreadsLeftError.class)
                    .hasMessageContaining("1 threads were left behind")
                    .hasMessageContaining(expected)
                    .hasMessageContaining("LeftThreadsTest.java")
                    .hasMessageContaining("started by dev.weir.runtime.junit.LeftThreadsTest.assertLeft");
            thread.interrupt();
        }
    }

    @Test
    void check_withAThreadThatALeftOneStarted_findsBoth() {
        try (var left = LeftThreads.watch().within(SHORT)) {
            var parent = Scheduler.shared().start("parent", blockedOn(() -> {
                var child = Thread.ofVirtual()
                        .name("child")
                        .start(blockedOn(() -> Channel.never().receive()));
                try {
                    Channel.never().receive();
                } finally {
                    child.interrupt();
                }
            }));
            assertThatThrownBy(left::check)
                    .hasMessageContaining("2 threads were left behind")
                    .hasMessageContaining("\"child\"");
            parent.interrupt();
        }
    }

    @Test
    void check_withAnExceptedThread_passes() {
        try (var left = LeftThreads.watch().within(SHORT).except("cache-*", "other")) {
            var thread = Scheduler.shared()
                    .start("cache-1", blockedOn(() -> Channel.never().receive()));
            assertThatCode(left::check).doesNotThrowAnyException();
            thread.interrupt();
        }
    }

    @Test
    void check_withAThreadFromBefore_passes() {
        try (var outer = LeftThreads.watch().within(SHORT)) {
            var thread = Scheduler.shared()
                    .start("before", blockedOn(() -> Channel.never().receive()));
            try (var left = LeftThreads.watch().within(SHORT)) {
                assertThatCode(left::check).doesNotThrowAnyException();
            }
            assertThatThrownBy(outer::check).hasMessageContaining("before");
            thread.interrupt();
        }
    }

    @Test
    void check_withATaskOfAGroupLeft_namesIt() throws Exception {
        try (var left = LeftThreads.watch().within(SHORT);
                var group = Group.of(Context.background(), "pump")) {
            var context = group.context();
            group.go(() -> Channel.never().receive(context));
            assertThatThrownBy(left::check).hasMessageContaining("\"pump-1\"");
        }
    }
}
