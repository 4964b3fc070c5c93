package dev.weir.node.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.weir.node.access.PasswordCheck.Result;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PasswordCheckTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH.plus(Duration.ofDays(20_000)));
    private final InstantSource clock = now::get;

    /// Of the least cost.
    private final PasswordHash.Bcrypt real =
            (PasswordHash.Bcrypt) PasswordHash.parse(BCrypt.withDefaults().hashToString(4, "right".toCharArray()))
                    .orElseThrow();

    private PasswordCheck check(int concurrent, Duration patience) {
        return new PasswordCheck(Map.of("ann", real), concurrent, patience, clock);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void check_ofUsers_tellsRightFromWrongAndUnknown() throws Exception {
        PasswordCheck check = check(1, Duration.ofSeconds(10));

        assertThat(check.check("ann", bytes("right"), HERE)).isEqualTo(Result.RIGHT);
        assertThat(check.check("ann", bytes("wrong"), HERE)).isEqualTo(Result.WRONG);
        assertThat(check.check("bob", bytes("right"), HERE)).isEqualTo(Result.UNKNOWN);
    }

    @Test
    void check_afterManyFailures_refusesWithoutALook_andForgetsLater() throws Exception {
        PasswordCheck check = check(1, Duration.ofSeconds(10));
        for (int i = 0; i < 5; i++) {
            assertThat(check.check("ann", bytes("wrong"), HERE)).isEqualTo(Result.WRONG);
        }

        assertThat(check.check("ann", bytes("right"), HERE)).isEqualTo(Result.TOO_SOON);
        now.updateAndGet(instant -> instant.plusSeconds(2));
        assertThat(check.check("ann", bytes("right"), HERE)).isEqualTo(Result.RIGHT);
    }

    @Test
    void check_ofAKnownPassword_isNotSlowedDownByOthersWhoGuess() throws Exception {
        PasswordCheck check = check(1, Duration.ofSeconds(10));
        assertThat(check.check("ann", bytes("right"), HERE)).isEqualTo(Result.RIGHT);
        for (int i = 0; i < 5; i++) {
            check.check("ann", bytes("wrong"), HERE);
        }

        assertThat(check.check("ann", bytes("wrong"), HERE)).isEqualTo(Result.TOO_SOON);
        assertThat(check.check("ann", bytes("right"), HERE)).isEqualTo(Result.RIGHT);
    }

    @Test
    void check_ofAnotherAddress_isNotSlowedDown() throws Exception {
        PasswordCheck check = check(1, Duration.ofSeconds(10));
        for (int i = 0; i < 5; i++) {
            check.check("ann", bytes("wrong"), HERE);
        }

        assertThat(check.check("ann", bytes("right"), InetAddress.ofLiteral("192.0.2.7")))
                .isEqualTo(Result.RIGHT);
    }

    @Test
    void attempts_fromManyAddresses_stayBounded() {
        Attempts attempts = new Attempts(clock);
        for (int i = 0; i < 10_000; i++) {
            attempts.failed("user-" + i, InetAddress.ofLiteral("10.0." + i / 256 + "." + i % 256));
        }

        assertThat(attempts.size()).isEqualTo(4096);
    }

    @Test
    void known_ofManyUsers_staysBounded() {
        KnownPasswords known = new KnownPasswords();
        for (int i = 0; i < 5_000; i++) {
            known.add("user-" + i, bytes("x"));
        }

        assertThat(known.size()).isEqualTo(1024);
        assertThat(known.contains("user-4999", bytes("x"))).isTrue();
        assertThat(known.contains("user-4999", bytes("y"))).isFalse();
        assertThat(known.contains("user-499", bytes("9x"))).isFalse();
    }

    @Test
    void check_ofMoreThanMayRunAtATime_waitsAndThenGivesUp() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        PasswordCheck.Comparison slow = (hash, password) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            hold.await();
            running.decrementAndGet();
            return hash.matches(password);
        };
        PasswordCheck check = new PasswordCheck(Map.of("ann", real), 2, Duration.ofMillis(50), clock, slow);
        BlockingQueue<Result> results = new LinkedBlockingQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            InetAddress from = InetAddress.ofLiteral("10.1.1." + i);
            threads.add(Thread.ofVirtual().name("check-" + i).start(() -> {
                try {
                    results.add(check.check("ann", bytes("right"), from));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        // Those who wait in vain give up while two are still at it.
        for (int i = 0; i < 6; i++) {
            assertThat(results.take()).isEqualTo(Result.BUSY);
        }
        hold.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(most.get()).isEqualTo(2);
        assertThat(results).containsExactly(Result.RIGHT, Result.RIGHT);
    }
}
