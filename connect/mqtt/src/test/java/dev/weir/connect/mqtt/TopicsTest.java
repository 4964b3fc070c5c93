package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Meters;
import dev.weir.testkit.FakeAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@NullUnmarked
class TopicsTest {
    private static final Session.Attachment AS = new Session.Attachment(
            null,
            null,
            Version.V5,
            1,
            1000,
            new Limits(new Limits.Builder()),
            new FakeAccess("somebody"),
            new TopicAliases(0));
    private static final MqttMeters METERS = new MqttMeters(Meters.none(), "test");

    private static Session session(String id) {
        return new Session(id, AS, 100, METERS, new Budget(1000));
    }

    @Test
    void subscribe_ofAnEndedSession_leavesNothingBehind() {
        Router router = new Router(MqttOptions.of(options -> {}), METERS, () -> 0);
        Session session = session("gone");
        session.end();
        assertThat(router.subscribe(session, new Packet.Request("a/#", 1, false, false, 0), 0)
                        .isError())
                .isTrue();
        assertThat(router.subscriptionCount()).isZero();
    }

    private static Subscription subscription(Session session, String filter) {
        return new Subscription(session, Topics.parse(filter), 0, false, false, 0, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "/", "a/+", "+", "#", "a/#", "+/#", "/+", "$SYS/#", "$share/g/a/#", "a//b", " "})
    void parse_ofFilter_isOne(String filter) {
        assertThat(Topics.parse(filter)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a+",
                "+a",
                "a/#/b",
                "a#",
                "#/a",
                "a/b+",
                "##",
                "$share/",
                "$share/g",
                "$share//a",
                "$share/g/",
                "$share/+/a",
                "$share/g#/a"
            })
    void parse_ofIllFormedFilter_isNull(String filter) {
        assertThat(Topics.parse(filter))
                .as("MQTT-4.7.1-1, MQTT-4.7.1-2, MQTT-4.8.2-1")
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "sport/tennis/player1/#, sport/tennis/player1, true",
        "sport/tennis/player1/#, sport/tennis/player1/ranking, true",
        "sport/#, sport, true",
        "#, sport/tennis, true",
        "sport/tennis/+, sport/tennis/player1, true",
        "sport/tennis/+, sport/tennis/player1/ranking, false",
        "sport/+, sport, false",
        "sport/+, sport/, true",
        "+/+, /finance, true",
        "/+, /finance, true",
        "+, /finance, false",
        "#, $SYS/monitor, false",
        "+/monitor/Clients, $SYS/monitor/Clients, false",
        "$SYS/#, $SYS/monitor, true",
        "$SYS/monitor/+, $SYS/monitor/Clients, true",
        "ACCOUNTS, Accounts, false",
        "a/b, a/b, true",
        "a/b, a/b/, false",
    })
    void match_ofTheStandardsExamples_isAsItSays(String filter, String topic, boolean matches) {
        TopicTree tree = new TopicTree();
        tree.add(subscription(session("s"), filter));
        List<Subscription> found = new ArrayList<>();

        tree.match(topic, found::add);

        assertThat(found).hasSize(matches ? 1 : 0);
    }

    /// The tree against a plain matcher, with subscriptions that come and go.
    @Test
    void match_afterRandomChanges_isWhatAPlainMatcherSays() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        TopicTree tree = new TopicTree();
        List<Subscription> all = new ArrayList<>();
        for (int round = 0; round < 3000; round++) {
            if (!all.isEmpty() && random.nextInt(3) == 0) {
                Subscription gone = all.remove(random.nextInt(all.size()));
                assertThat(tree.remove(gone.session(), gone.filter())).isTrue();
            } else {
                Subscription added = subscription(session("s" + round), path(random, "+", true));
                all.add(added);
                assertThat(tree.add(added)).isTrue();
            }
            String topic = path(random, "c", false);
            TreeSet<String> found = new TreeSet<>();
            tree.match(topic, subscription -> found.add(subscription.session().clientId()));
            TreeSet<String> expected = new TreeSet<>();
            all.stream()
                    .filter(subscription -> plainMatch(subscription.filter().filter(), topic))
                    .forEach(subscription -> expected.add(subscription.session().clientId()));
            assertThat(found)
                    .as("seed %d round %d topic %s", seed, round, topic)
                    .isEqualTo(expected);
            assertThat(tree.size()).isEqualTo(all.size());
        }
        all.forEach(subscription -> tree.remove(subscription.session(), subscription.filter()));
        assertThat(tree.isEmpty()).as("no node is left behind").isTrue();
    }

    private static String path(Random random, String third, boolean filter) {
        StringBuilder path = new StringBuilder(
                random.nextInt(8) == 0 ? "$a" : List.of("a", "b", third).get(random.nextInt(3)));
        for (int i = random.nextInt(3); i > 0; i--) {
            path.append('/').append(List.of("a", "", third).get(random.nextInt(3)));
        }
        return filter && random.nextInt(4) == 0 ? path.append("/#").toString() : path.toString();
    }

    private static boolean plainMatch(String filter, String topic) {
        if (topic.startsWith("$") && !filter.startsWith("$")) {
            return false;
        }
        String[] f = filter.split("/", -1);
        String[] t = topic.split("/", -1);
        for (int i = 0; i < f.length; i++) {
            if (f[i].equals("#")) {
                return true;
            }
            if (i >= t.length || !(f[i].equals("+") || f[i].equals(t[i]))) {
                return false;
            }
        }
        return f.length == t.length;
    }

    @Test
    void next_ofShareGroup_takesTurns() {
        TopicTree tree = new TopicTree();
        tree.add(subscription(session("one"), "$share/g/a"));
        tree.add(subscription(session("two"), "$share/g/a"));
        List<String> found = new ArrayList<>();

        for (int i = 0; i < 4; i++) {
            tree.match("a", subscription -> found.add(subscription.session().clientId()));
        }

        assertThat(found).containsExactly("one", "two", "one", "two");
    }

    @Test
    void keep_inFullStore_isRefusedUntilSomethingIsTakenOut() {
        RetainedStore store = new RetainedStore(2, 1_000_000);
        assertThat(store.keep(retained("a", "1"), 0)).isTrue();
        assertThat(store.keep(retained("a/b", "1"), 0)).isTrue();

        assertThat(store.keep(retained("c", "1"), 0)).isFalse();
        assertThat(store.keep(retained("a", "2"), 0)).as("replaces").isTrue();
        assertThat(store.keep(retained("a/b", ""), 0)).as("takes out").isTrue();
        assertThat(store.keep(retained("c", "1"), 0)).isTrue();

        List<String> topics = new ArrayList<>();
        store.match("#", 0, place -> topics.add(place.message.topic));
        assertThat(topics).containsExactlyInAnyOrder("a", "c");
        store.keep(retained("a", ""), 0);
        store.keep(retained("c", ""), 0);
        assertThat(store.bytes()).isZero();
    }

    private static Publication retained(String topic, String payload) {
        byte[] bytes = payload.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return new Publication(topic, bytes, 0, true, Properties.NONE, Publication.NEVER, null);
    }
}
