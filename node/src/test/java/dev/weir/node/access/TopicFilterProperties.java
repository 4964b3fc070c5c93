package dev.weir.node.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Compares with the definition: every filter of up to three levels over a small alphabet, against
/// every topic of up to four.
class TopicFilterProperties {
    private static final List<String> LEVELS = List.of("a", "b", "", "$x");

    private static List<String> topics() {
        List<String> topics = new ArrayList<>();
        List<String> longest = List.of("");
        for (int length = 1; length <= 4; length++) {
            List<String> longer = new ArrayList<>();
            for (String start : longest) {
                for (String level : LEVELS) {
                    longer.add(length == 1 ? level : start + "/" + level);
                }
            }
            longest = longer;
            topics.addAll(longest);
        }
        return topics;
    }

    private static List<String> filters() {
        List<String> filters = new ArrayList<>(List.of("#"));
        List<String> longest = List.of("");
        for (int length = 1; length <= 3; length++) {
            List<String> longer = new ArrayList<>();
            for (String start : longest) {
                for (String level : List.of("a", "+", "", "$x")) {
                    longer.add(length == 1 ? level : start + "/" + level);
                }
            }
            longest = longer;
            longest.stream().filter(filter -> !filter.isEmpty()).forEach(filters::add);
            if (length < 3) {
                longest.forEach(filter -> filters.add(filter + "/#"));
            }
        }
        return filters;
    }

    /// The standard's words, level by level.
    private static boolean matches(String filter, String topic) {
        if (topic.startsWith("$") && (filter.startsWith("+") || filter.startsWith("#"))) {
            return false;
        }
        return matches(List.of(filter.split("/", -1)), List.of(topic.split("/", -1)));
    }

    private static boolean matches(List<String> filter, List<String> topic) {
        if (filter.equals(List.of("#"))) {
            return true;
        }
        if (filter.isEmpty() || topic.isEmpty()) {
            return filter.isEmpty() && topic.isEmpty();
        }
        return (filter.getFirst().equals("+") || filter.getFirst().equals(topic.getFirst()))
                && matches(filter.subList(1, filter.size()), topic.subList(1, topic.size()));
    }

    @Test
    void matches_ofAllFiltersAndTopics_isTheDefinition() {
        for (String filter : filters()) {
            for (String topic : topics()) {
                assertThat(TopicFilter.matches(filter, topic))
                        .as(filter + " " + topic)
                        .isEqualTo(matches(filter, topic));
            }
        }
    }

    @Test
    void coversAndOverlaps_ofAllPairs_agreeWithTheTopicsThatMatch() {
        List<String> topics = topics();
        for (String filter : filters()) {
            for (String asked : filters()) {
                List<String> matched =
                        topics.stream().filter(topic -> matches(asked, topic)).toList();
                assertThat(TopicFilter.covers(filter, asked))
                        .as(filter + " covers " + asked)
                        .isEqualTo(matched.stream().allMatch(topic -> matches(filter, topic)));
                assertThat(TopicFilter.overlaps(filter, asked))
                        .as(filter + " overlaps " + asked)
                        .isEqualTo(matched.stream().anyMatch(topic -> matches(filter, topic)));
            }
        }
    }
}
