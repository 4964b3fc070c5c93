package dev.weir.engine.config;

import dev.weir.engine.expression.NearestName;
import java.util.Collection;
import java.util.List;

/// Says that nobody knows a name, and what was probably meant.
public final class UnknownName {
    private static final int MOST = 16;

    /// Beyond so many names none is nearest: comparing with all of them would take too long.
    private static final int MOST_COMPARED = 1000;

    private UnknownName() {}

    /// `unknown source "devcies"; did you mean "devices"?`, or else up to 16 of the names that
    /// could stand there.
    ///
    /// @param noun what the name was meant to name: `key`, `source`
    /// @param known what could have been written, in the order of the reference
    public static String message(String noun, String name, Collection<String> known) {
        Collection<String> compared = known.size() > MOST_COMPARED ? List.of() : known;
        String hint = NearestName.of(name, compared)
                .map(near -> "; did you mean \"" + near + "\"?")
                .orElseGet(() -> known.isEmpty() ? "; there is none" : "; expected " + listed(known));
        return "unknown " + noun + " \"" + Clip.of(name) + "\"" + hint;
    }

    private static String listed(Collection<String> known) {
        String first = String.join(", ", known.stream().limit(MOST).toList());
        return known.size() > MOST ? first + ", …" : first;
    }
}
