package dev.weir.connect.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KeysAndRatesTest {
    private final AtomicLong now = new AtomicLong();
    private final IdempotencyKeys keys = new IdempotencyKeys(2, Duration.ofSeconds(10), now::get);

    private static byte[] content(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private boolean isNew(String key) throws Refusal {
        boolean fresh = keys.claim("me", key, content("x")) instanceof IdempotencyKeys.Claim.Yours;
        keys.finish("me", key, Reply.DONE);
        return fresh;
    }

    @Test
    void claim_ofTwoCallers_areTwoKeys() throws Exception {
        assertThat(isNew("a")).isTrue();
        assertThat(keys.claim("you", "a", content("y"))).isInstanceOf(IdempotencyKeys.Claim.Yours.class);
    }

    @Test
    void claim_afterTheTime_isNew() throws Exception {
        assertThat(isNew("a")).isTrue();
        assertThat(isNew("a")).isFalse();
        now.addAndGet(Duration.ofSeconds(11).toNanos());
        assertThat(isNew("a")).isTrue();
    }

    @Test
    void claim_moreThanFit_forgetsTheOneUnusedForLongest() throws Exception {
        isNew("a");
        isNew("b");
        isNew("a");
        isNew("c");
        assertThat(isNew("a")).isFalse();
        assertThat(isNew("b")).isTrue();
    }

    @Test
    void claim_moreThanFit_keepsWhatIsUnderWay() throws Exception {
        keys.claim("me", "long", content("x"));
        isNew("b");
        isNew("c");
        isNew("d");
        assertThatThrownBy(() -> keys.claim("me", "long", content("x"))).hasMessageContaining("under way");
    }

    @Test
    void rates_batchLargerThanTheRate_waitsInProportion() throws Exception {
        ClientRates rates = new ClientRates(10, now::get);
        rates.admit("a");
        rates.charge("a", 110);
        assertThatThrownBy(() -> rates.admit("a")).hasMessageContaining("10 messages a second");
        rates.admit("b");
        now.addAndGet(Duration.ofSeconds(9).toNanos());
        assertThatThrownBy(() -> rates.admit("a")).isInstanceOf(Refusal.class);
        now.addAndGet(Duration.ofMillis(1_100).toNanos());
        rates.admit("a");
    }

    @Test
    void rates_moreClientsThanRemembered_staysBounded() throws Exception {
        ClientRates rates = new ClientRates(1, now::get);
        rates.charge("first", 5);
        for (int i = 0; i < ClientRates.CLIENTS; i++) {
            rates.charge("c" + i, 1);
        }
        rates.admit("first");
    }
}
