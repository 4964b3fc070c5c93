package dev.weir.runtime.junit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;

/// Loads the classes of some packages anew, with points of switching in them; all others come from
/// its parent.
final class RewritingLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private static final String OURS = RewritingLoader.class.getPackageName();
    private static final String CONTROL = "dev.weir.runtime.control";

    private final Set<String> packages;
    private final SwitchPoints switchPoints;

    /// @param packages their exact names
    RewritingLoader(ClassLoader parent, Set<String> packages) {
        super("weir-interleaved", parent);
        this.packages = Set.copyOf(packages);
        this.switchPoints = new SwitchPoints(parent);
        for (String name : packages) {
            if (name.startsWith("java.") || name.equals(OURS) || name.equals(CONTROL)) {
                throw new IllegalArgumentException("classes of package " + name + " cannot be rewritten");
            }
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        int dot = name.lastIndexOf('.');
        if (!packages.contains(dot < 0 ? "" : name.substring(0, dot))) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] rewritten = switchPoints.rewrite(read(name));
        return defineClass(name, rewritten, 0, rewritten.length);
    }

    private byte[] read(String name) throws ClassNotFoundException {
        try (InputStream from = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (from == null) {
                throw new ClassNotFoundException(name);
            }
            return from.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
