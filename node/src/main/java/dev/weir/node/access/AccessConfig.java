package dev.weir.node.access;

import dev.weir.engine.config.Location;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Section.Located;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What the block `access:` says.
///
/// @param anonymous from where clients may come in without a name
/// @param users the hashes by name
/// @param rules in the order of the file
record AccessConfig(Anonymous anonymous, Map<String, PasswordHash> users, List<Rule> rules) {
    private static final int NAME_LENGTH = 256;
    private static final Pattern VARIABLE = Pattern.compile("%(.?)");

    AccessConfig {
        users = Map.copyOf(users);
        rules = List.copyOf(rules);
    }

    /// Reads the block; blocks on the disk where a user's hash is in a file.
    static AccessConfig of(Section access, Problems problems) {
        Map<String, PasswordHash> users = new LinkedHashMap<>();
        access.groups("users")
                .forEach((name, user) -> user(name, user, problems).ifPresent(hash -> users.put(name, hash)));
        List<Rule> rules = new ArrayList<>();
        for (Section section : access.sections("rules")) {
            if (section.complete()) {
                rule(section, problems).ifPresent(rules::add);
            }
        }
        if (!rules.isEmpty() && rules.stream().noneMatch(Rule::allows)) {
            problems.warning(
                    access.at("rules"),
                    "access.rules: no rule says 'may', so nobody may do anything; add one such as"
                            + " { who: everyone, may: [publish, subscribe], topics: \"#\" }");
        }
        return new AccessConfig(Anonymous.of(access.text("anonymous")), users, rules);
    }

    private static Optional<PasswordHash> user(String name, Section user, Problems problems) {
        String path = "access.users." + name;
        if (Rule.WORDS.contains(name)) {
            problems.error(user.location(), path + ": '" + name + "' is a word of the rules and cannot be a name");
        } else if (name.isBlank() || name.length() > NAME_LENGTH || name.chars().anyMatch(Character::isISOControl)) {
            problems.error(
                    user.location(), "access.users: a name must be a line of 1 to " + NAME_LENGTH + " characters");
        }
        return UserPassword.of(path, name, user, problems);
    }

    private static Optional<Rule> rule(Section section, Problems problems) {
        boolean allows = section.has("may");
        if (allows == section.has("may-not")) {
            problems.error(section.location(), "access.rules: a rule says either 'may' or 'may-not'");
            return Optional.empty();
        }
        String option = allows ? "may" : "may-not";
        if (allows && section.flag("hide")) {
            problems.warning(section.at("hide"), "access.rules: 'hide' is for 'may-not' and changes nothing here");
        }
        Set<String> doings = values(section.texts(option));
        Set<String> who = values(section.texts("who"));
        List<Located<String>> topics = section.texts("topics");
        needs(who.isEmpty(), section.at("who"), "who", problems);
        needs(doings.isEmpty(), section.at(option), option, problems);
        needs(topics.isEmpty(), section.at("topics"), "topics", problems);
        topics.forEach(topic -> topic(topic, problems));
        return Optional.of(new Rule(
                who,
                allows,
                doings.contains("publish"),
                doings.contains("subscribe"),
                topics.stream().map(Located::value).toList(),
                section.flag("hide")));
    }

    private static void needs(boolean empty, Location location, String option, Problems problems) {
        if (empty) {
            problems.error(location, "access.rules: '" + option + "' must name at least one");
        }
    }

    private static void topic(Located<String> topic, Problems problems) {
        String wrong = TopicFilter.whyNot(topic.value());
        Matcher variables = VARIABLE.matcher(topic.value());
        while (wrong.isEmpty() && variables.find()) {
            if (!Set.of("u", "c").contains(variables.group(1))) {
                wrong = "has a '%" + variables.group(1) + "', but only '%u' and '%c' are known";
            }
        }
        if (!wrong.isEmpty()) {
            problems.error(topic.location(), "access.rules.topics: '" + topic.value() + "' " + wrong);
        }
    }

    private static Set<String> values(List<Located<String>> texts) {
        return texts.stream().map(Located::value).collect(Collectors.toCollection(HashSet::new));
    }
}
