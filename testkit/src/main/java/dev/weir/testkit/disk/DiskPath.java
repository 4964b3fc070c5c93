package dev.weir.testkit.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A path as on Linux, in the view of one process. Without links "a/.." is always nothing.
final class DiskPath implements Path {
    private final View view;
    private final boolean absolute;
    private final List<String> names;

    private DiskPath(View view, boolean absolute, List<String> names) {
        this.view = view;
        this.absolute = absolute;
        this.names = List.copyOf(names);
    }

    static DiskPath of(View view, String text) {
        List<String> names = Arrays.stream(text.split("/", -1))
                .filter(name -> !name.isEmpty())
                .toList();
        boolean absolute = text.startsWith("/");
        return new DiskPath(view, absolute, names.isEmpty() && !absolute ? List.of("") : names);
    }

    static DiskPath of(Path path) {
        if (path instanceof DiskPath own) {
            return own;
        }
        throw new ProviderMismatchException(path + " is not on this disk");
    }

    View view() {
        return view;
    }

    /// The names that lead to it from the root.
    List<String> fromRoot() {
        return of(toAbsolutePath().normalize()).names;
    }

    private boolean isEmpty() {
        return !absolute && names.equals(List.of(""));
    }

    @Override
    public FileSystem getFileSystem() {
        return view;
    }

    @Override
    public boolean isAbsolute() {
        return absolute;
    }

    @Override
    public @Nullable Path getRoot() {
        return absolute ? of(view, "/") : null;
    }

    @Override
    public @Nullable Path getFileName() {
        return names.isEmpty() ? null : new DiskPath(view, false, List.of(names.getLast()));
    }

    @Override
    public @Nullable Path getParent() {
        if (names.isEmpty() || (names.size() == 1 && !absolute)) {
            return null;
        }
        return new DiskPath(view, absolute, names.subList(0, names.size() - 1));
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public Path getName(int index) {
        return subpath(index, index + 1);
    }

    @Override
    public Path subpath(int from, int to) {
        if (from < 0 || to > names.size() || from >= to) {
            throw new IllegalArgumentException(this + " has no names from " + from + " to " + to);
        }
        return new DiskPath(view, false, names.subList(from, to));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof DiskPath path
                && path.view == view
                && path.absolute == absolute
                && path.names.size() <= names.size()
                && path.names.equals(names.subList(0, path.names.size()));
    }

    @Override
    public boolean endsWith(Path other) {
        if (!(other instanceof DiskPath path) || path.view != view || path.names.size() > names.size()) {
            return false;
        }
        return path.absolute
                ? equals(path)
                : path.names.equals(names.subList(names.size() - path.names.size(), names.size()));
    }

    @Override
    public Path normalize() {
        ArrayDeque<String> kept = new ArrayDeque<>();
        for (String name : names) {
            boolean climbs = name.equals("..");
            if (climbs && !kept.isEmpty() && !kept.getLast().equals("..")) {
                kept.removeLast();
            } else if (!name.equals(".") && !(climbs && absolute)) {
                kept.addLast(name);
            }
        }
        return kept.isEmpty() && !absolute ? of(view, "") : new DiskPath(view, absolute, List.copyOf(kept));
    }

    @Override
    public Path resolve(Path other) {
        DiskPath path = of(other);
        if (path.absolute || isEmpty()) {
            return path;
        }
        if (path.isEmpty()) {
            return this;
        }
        List<String> all = new ArrayList<>(names);
        all.addAll(path.names);
        return new DiskPath(view, absolute, all);
    }

    @Override
    public Path relativize(Path other) {
        DiskPath path = of(other);
        if (path.absolute != absolute) {
            throw new IllegalArgumentException(this + " and " + path + " are not both absolute or both relative");
        }
        List<String> mine = isEmpty() ? List.of() : names;
        List<String> others = path.isEmpty() ? List.of() : path.names;
        int same = 0;
        while (same < Math.min(mine.size(), others.size()) && mine.get(same).equals(others.get(same))) {
            same++;
        }
        List<String> way = new ArrayList<>();
        for (int i = same; i < mine.size(); i++) {
            way.add("..");
        }
        way.addAll(others.subList(same, others.size()));
        return way.isEmpty() ? of(view, "") : new DiskPath(view, false, way);
    }

    @Override
    public URI toUri() {
        return URI.create(DiskProvider.SCHEME + "://" + toAbsolutePath());
    }

    @Override
    public Path toAbsolutePath() {
        return absolute ? this : of(view, "/" + this);
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        Path real = toAbsolutePath().normalize();
        view.provider().checkAccess(real);
        return real;
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("this disk cannot be watched");
    }

    @Override
    public int compareTo(Path other) {
        return toString().compareTo(of(other).toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DiskPath path
                && path.view == view
                && path.absolute == absolute
                && path.names.equals(names);
    }

    @Override
    public int hashCode() {
        return Objects.hash(absolute, names);
    }

    @Override
    public String toString() {
        return (absolute ? "/" : "") + String.join("/", names);
    }
}
