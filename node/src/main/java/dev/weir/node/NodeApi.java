package dev.weir.node;

import dev.weir.engine.Meters;
import dev.weir.engine.config.HostPort;
import dev.weir.engine.flow.Supervised;
import dev.weir.engine.flow.Vigilance;
import dev.weir.node.api.ApiModel;
import dev.weir.node.api.ApiServer;
import dev.weir.node.api.ApiSettings;
import dev.weir.node.api.Mounts;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The HTTP interface of a running node, kept open: when nobody accepts connections any more it is
/// closed, and opened again at the same port. Who was connected has to connect again.
///
/// One thread opens and closes; all else is for all.
final class NodeApi {
    private static final String NAME = "api";

    private final ApiModel model;
    private final Mounts mounts;
    private final Meters meters;
    private final Keeper keeper;

    /// With the port that it got, once it is open.
    private volatile HostPort listen;

    /// One server, from before it listens.
    private final class Opening implements Keeper.Part {
        // guarded by this
        private @Nullable ApiServer server;
        private boolean closed;

        @Override
        public void open(Consumer<Throwable> failed) throws IOException {
            ApiServer started = ApiServer.start(ApiSettings.on(listen), model, mounts, meters, failed);
            listen = new HostPort(listen.host(), started.port());
            synchronized (this) {
                if (!closed) {
                    server = started;
                    return;
                }
            }
            started.close();
        }

        @Override
        public void close() {
            ApiServer open;
            synchronized (this) {
                closed = true;
                open = server;
            }
            if (open != null) {
                open.close();
            }
        }
    }

    /// @param listen where; port 0 lets the system choose
    NodeApi(HostPort listen, ApiModel model, Mounts mounts, Meters meters, Vigilance vigilance, Duration closing) {
        this.listen = listen;
        this.model = model;
        this.mounts = mounts;
        this.meters = meters;
        this.keeper = new Keeper(NAME, meters, vigilance, closing);
    }

    /// Listens. From when it returns requests are answered.
    ///
    /// @throws IOException if it cannot; the message says what to do
    void open() throws IOException, InterruptedException {
        keeper.open(NAME, new Opening(), Opening::new);
    }

    /// Where it listens; with the port that it got, once it is open.
    HostPort listen() {
        return listen;
    }

    /// How it does.
    List<Supervised> state() {
        return keeper.state();
    }

    /// Closes it.
    ///
    /// @return the names of threads that did not end
    List<String> close() throws InterruptedException {
        return keeper.close();
    }
}
