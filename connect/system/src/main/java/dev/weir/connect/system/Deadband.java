package dev.weir.connect.system;

/// How far a value may move without being news.
///
/// @param amount in the value's unit, or in percent of what was last sent
/// @param percent which of both
record Deadband(double amount, boolean percent) {
    /// @throws IllegalArgumentException if it is neither `0.5` nor `2%`
    static Deadband parse(String text) {
        boolean percent = text.endsWith("%");
        try {
            double amount = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
            if (amount >= 0 && amount < 1e15) {
                return new Deadband(amount, percent);
            }
        } catch (NumberFormatException e) {
            // The message below says the same.
        }
        throw new IllegalArgumentException(
                "a deadband must be a number in the metric's unit, such as 0.5, or a percentage, such as 2%, but was '"
                        + text + "'");
    }

    boolean isNews(double last, double now) {
        return Math.abs(now - last) > (percent ? Math.abs(last) * amount / 100 : amount);
    }
}
