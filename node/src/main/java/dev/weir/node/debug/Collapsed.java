package dev.weir.node.debug;

import java.util.stream.Collectors;

/// Collapsed stacks: a line for each, frames joined by `;`, a space and the value. What most tools
/// for flame graphs read.
public final class Collapsed {
    private Collapsed() {}

    /// The profile in that form; empty where there is no sample.
    public static String text(Profile profile) {
        StringBuilder out = new StringBuilder();
        profile.weights()
                .forEach((stack, weight) -> out.append(stack.frames().stream()
                                .map(frame -> frame.method().replace(';', ':').replace('\n', ' '))
                                .collect(Collectors.joining(";")))
                        .append(' ')
                        .append(weight.value())
                        .append('\n'));
        return out.toString();
    }
}
