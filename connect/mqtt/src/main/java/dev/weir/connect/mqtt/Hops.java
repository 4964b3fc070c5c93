package dev.weir.connect.mqtt;

/// How many nodes have passed a message on, as a user property says that they forward unchanged.
final class Hops {
    static final String NAME = "weir-hops";

    private static final int DIGITS = 4;

    private Hops() {}

    /// The count; 0 if there is none, or nothing that is a number.
    static int of(Properties properties) {
        if (!properties.has(Property.USER_PROPERTY)) {
            return 0;
        }
        for (Properties.Pair pair : properties.pairs()) {
            if (pair.name().equals(NAME)) {
                return number(pair.value());
            }
        }
        return 0;
    }

    private static int number(String text) {
        boolean digits = !text.isEmpty()
                && text.length() <= DIGITS
                && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        return digits ? Integer.parseInt(text) : 0;
    }
}
