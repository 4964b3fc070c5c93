package dev.weir.node.api;

import dev.weir.engine.flow.LiveEvent;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Which live events a client wants. An empty list wants all.
///
/// @param kinds `reading`, `alarm`, `command`
record LiveFilter(List<String> kinds, List<String> streams, List<String> devices) implements Predicate<LiveEvent> {
    private static final Set<String> KINDS = Set.of("reading", "alarm", "command");
    private static final int MOST = 64;

    static LiveFilter of(Call call) throws ApiException {
        LiveFilter filter = new LiveFilter(call.all("kind"), call.all("stream"), call.all("device"));
        for (String kind : filter.kinds) {
            if (!KINDS.contains(kind)) {
                throw new ApiException(400, "'kind' must be reading, alarm or command, but was '" + kind + "'");
            }
        }
        if (filter.streams.size() > MOST || filter.devices.size() > MOST) {
            throw new ApiException(400, "at most " + MOST + " streams and devices can be followed by name");
        }
        return filter;
    }

    @Override
    public boolean test(LiveEvent event) {
        return switch (event) {
            case LiveEvent.Passed(var reading) ->
                wants("reading", reading.device()) && (streams.isEmpty() || streams.contains(reading.stream()));
            case LiveEvent.Alarmed(var change) ->
                wants("alarm", change.alarm().device())
                        && (streams.isEmpty() || streams.contains(change.alarm().stream()));
            case LiveEvent.Commanded commanded ->
                wants("command", commanded.command().device());
        };
    }

    private boolean wants(String kind, String device) {
        return (kinds.isEmpty() || kinds.contains(kind)) && (devices.isEmpty() || devices.contains(device));
    }
}
