package dev.weir.connect.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.KeyMID;
import org.junit.jupiter.api.Test;

/// The books that a source keeps about its peers, in a time that the test makes.
class RatesTest {
    private long now;

    private static InetAddress address(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, (byte) (last >> 8), (byte) last});
    }

    private static InetSocketAddress peer(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Test
    void take_withinTheRate_isGrantedAgainAsTimePasses() throws Exception {
        Rates rates = new Rates(2, 10, () -> now);
        assertThat(rates.take(address(1))).isTrue();
        assertThat(rates.take(address(1))).isTrue();
        assertThat(rates.take(address(1))).isFalse();
        assertThat(rates.take(address(2))).isTrue();
        now += TimeUnit.MILLISECONDS.toNanos(500);
        assertThat(rates.take(address(1))).isTrue();
        assertThat(rates.take(address(1))).isFalse();
        now += TimeUnit.HOURS.toNanos(1);
        assertThat(rates.take(address(1))).isTrue();
        assertThat(rates.take(address(1))).isTrue();
        assertThat(rates.take(address(1))).isFalse();
    }

    @Test
    void take_ofMoreAddressesThanAreRemembered_forgetsTheSilentOnes() throws Exception {
        Rates rates = new Rates(1, 10, () -> now);
        assertThat(rates.take(address(0))).isTrue();
        for (int i = 1; i < 1000; i++) {
            assertThat(rates.take(address(i))).isTrue();
            assertThat(rates.take(address(0))).isFalse();
        }
        assertThat(rates.size()).isEqualTo(10);
    }

    @Test
    void uploads_ofOnePeerAndInAll_areBounded() {
        Uploads uploads = new Uploads(6, () -> now);
        for (int i = 0; i < Uploads.MAX_PER_PEER; i++) {
            assertThat(uploads.block(peer(1), "p" + i, true, false)).isTrue();
        }
        assertThat(uploads.block(peer(1), "more", true, false)).isFalse();
        assertThat(uploads.block(peer(2), "a", true, false)).isTrue();
        assertThat(uploads.block(peer(3), "a", true, false)).isTrue();
        assertThat(uploads.block(peer(4), "a", true, false)).isFalse();
        assertThat(uploads.block(peer(2), "a", false, true)).isTrue();
        assertThat(uploads.block(peer(4), "a", true, false)).isTrue();
    }

    @Test
    void uploads_thatPauseOrNeverEnd_loseTheirPlace() {
        Uploads uploads = new Uploads(1, () -> now);
        assertThat(uploads.block(peer(1), "a", true, false)).isTrue();
        now += Uploads.IDLE_NANOS + 1;
        assertThat(uploads.block(peer(2), "a", true, false)).isTrue();
        for (long spent = 0; spent <= Uploads.LIFE_NANOS; spent += Uploads.IDLE_NANOS) {
            assertThat(uploads.block(peer(2), "a", false, false)).isTrue();
            now += Uploads.IDLE_NANOS;
        }
        assertThat(uploads.block(peer(2), "a", false, false)).isFalse();
    }

    private static Exchange exchange() {
        return new Exchange(Request.newPost(), peer(1), Exchange.Origin.REMOTE, Runnable::run);
    }

    @Test
    void findPrevious_repeated_isTheSameExchangeForFourMinutes() {
        Duplicates duplicates = new Duplicates(100, 10, () -> now);
        KeyMID key = new KeyMID(7, peer(1));
        Exchange first = exchange();
        assertThat(duplicates.findPrevious(key, first)).isNull();
        assertThat(duplicates.findPrevious(key, exchange())).isSameAs(first);
        assertThat(duplicates.findPrevious(new KeyMID(7, peer(2)), exchange())).isNull();
        now += TimeUnit.SECONDS.toNanos(248);
        assertThat(duplicates.findPrevious(key, exchange())).isNull();
        assertThat(duplicates.size()).isEqualTo(1);
    }

    @Test
    void findPrevious_ofAFastPeer_forgetsOnlyItsOwn() {
        Duplicates duplicates = new Duplicates(100, 10, () -> now);
        Exchange slow = exchange();
        duplicates.findPrevious(new KeyMID(1, peer(1)), slow);
        for (int id = 0; id < 1000; id++) {
            duplicates.findPrevious(new KeyMID(id, peer(2)), exchange());
        }
        assertThat(duplicates.find(new KeyMID(1, peer(1)))).isSameAs(slow);
        assertThat(duplicates.size()).isEqualTo(11);
    }

    @Test
    void findPrevious_whatIsUnderWay_isKeptLongest() {
        Duplicates duplicates = new Duplicates(100, 10, () -> now);
        Exchange waiting = exchange();
        duplicates.findPrevious(new KeyMID(1, peer(1)), waiting);
        for (int id = 2; id < 1000; id++) {
            Exchange done = exchange();
            done.execute(done::setComplete);
            duplicates.findPrevious(new KeyMID(id, peer(1)), done);
        }
        assertThat(duplicates.find(new KeyMID(1, peer(1)))).isSameAs(waiting);
    }

    @Test
    void findPrevious_ofManyPeers_isBoundedInAll() {
        Duplicates duplicates = new Duplicates(100, 10, () -> now);
        for (int port = 1; port < 5000; port++) {
            duplicates.findPrevious(new KeyMID(1, peer(port)), exchange());
        }
        assertThat(duplicates.size()).isEqualTo(100);
        assertThat(duplicates.peers()).isEqualTo(100);
    }
}
