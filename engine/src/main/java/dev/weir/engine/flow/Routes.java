package dev.weir.engine.flow;

import dev.weir.runtime.Lane;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// Finds the pipelines that want an address of one source. Thread-safe.
///
/// Answers are kept in two generations: when the young one is full it becomes the old one, and
/// what is still in use moves on. A device that makes up addresses costs itself the cache, but no
/// memory: at most twice [#GENERATION] answers are kept, and none for an address longer than
/// [#LONGEST].
final class Routes {
    static final int GENERATION = 4096;
    static final int LONGEST = 256;

    private static final Route[] NOWHERE = {};

    private final String source;
    private final Lane lane;
    private final List<Pipeline> pipelines;

    // young is replaced under the lock, read by anybody
    private volatile ConcurrentHashMap<String, Route[]> young = new ConcurrentHashMap<>();
    private volatile ConcurrentHashMap<String, Route[]> old = new ConcurrentHashMap<>();

    Routes(String source, Lane lane, List<Pipeline> pipelines) {
        this.source = source;
        this.lane = lane;
        this.pipelines = List.copyOf(pipelines);
    }

    /// The routes of an address; empty if no pipeline wants it. The array must not be changed.
    Route[] find(String address) {
        Route[] known = young.get(address);
        return known != null ? known : findElsewhere(address);
    }

    private Route[] findElsewhere(String address) {
        Route[] routes = old.get(address);
        if (routes == null) {
            routes = match(address);
        }
        if (address.length() <= LONGEST) {
            keep(address, routes);
        }
        return routes;
    }

    private synchronized void keep(String address, Route[] routes) {
        if (young.size() >= GENERATION) {
            old = young;
            young = new ConcurrentHashMap<>();
        }
        young.put(address, routes);
    }

    private Route[] match(String address) {
        return pipelines.stream()
                .flatMap(pipeline -> {
                    TopicPattern pattern = pipeline.pattern();
                    String[] bound = pattern.match(address);
                    return bound == null
                            ? java.util.stream.Stream.<Route>empty()
                            : java.util.stream.Stream.of(new Route(
                                    pipeline, source, pipeline.lane().orElse(lane), pattern.variables(), bound));
                })
                .toArray(length -> length == 0 ? NOWHERE : new Route[length]);
    }
}
