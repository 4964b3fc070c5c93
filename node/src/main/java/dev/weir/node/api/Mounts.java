package dev.weir.node.api;

import dev.weir.engine.Upgrades;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The paths of the node's HTTP port that sources serve by WebSocket. There before the port is,
/// since sources are made first; a path may be given and taken back at any time. Thread-safe.
public final class Mounts implements Upgrades {
    /// What the node serves itself, and what it may want later.
    private static final List<String> OWN = List.of("/api", "/health", "/metrics", "/debug");

    private final ConcurrentHashMap<String, MountedPath> paths = new ConcurrentHashMap<>();

    @Override
    public Mount mount(String path, WebSocketTerms terms, Service service) throws IOException {
        if (!path.startsWith("/") || path.length() == 1 || path.indexOf('%') >= 0 || path.indexOf('?') >= 0) {
            throw new IOException("a path for WebSockets must look like '/mqtt', but was '" + path + "'");
        }
        if (OWN.stream().anyMatch(own -> path.equals(own) || path.startsWith(own + "/"))) {
            throw new IOException("the path '" + path + "' is the node's own: choose another one");
        }
        MountedPath mounted = new MountedPath(path, terms, service, this::remove);
        if (paths.putIfAbsent(path, mounted) != null) {
            throw new IOException("the path '" + path + "' is taken by another source: choose another one");
        }
        return mounted;
    }

    private void remove(MountedPath mounted) {
        paths.remove(mounted.path(), mounted);
    }

    /// Who serves a path, exactly as it stands in the request.
    Optional<MountedPath> find(String path) {
        return Optional.ofNullable(paths.get(path));
    }
}
