package dev.weir.node.api;

import dev.weir.engine.flow.Live;
import dev.weir.runtime.Scheduler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A WebSocket that follows live events. What the client sends is not read but for closing.
public final class LiveSocket implements Session.Listener.AutoDemanding {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSocket.class);

    private final LivePump pump;
    private final Live.Subscriber subscriber;

    LiveSocket(LivePump pump, Live.Subscriber subscriber) {
        this.pump = pump;
        this.subscriber = subscriber;
    }

    @Override
    public void onWebSocketOpen(Session session) {
        Scheduler.shared().start("weir-live", () -> follow(session));
    }

    private void follow(Session session) {
        try {
            boolean stopping = pump.run(subscriber, new LivePump.Out() {
                @Override
                public void event(String kind, String json) throws IOException, InterruptedException {
                    CompletableFuture<Void> sent = new CompletableFuture<>();
                    session.sendText(json, Callback.from(() -> sent.complete(null), sent::completeExceptionally));
                    await(sent);
                }

                @Override
                public void silence() throws IOException, InterruptedException {
                    CompletableFuture<Void> sent = new CompletableFuture<>();
                    session.sendPing(
                            ByteBuffer.allocate(0),
                            Callback.from(() -> sent.complete(null), sent::completeExceptionally));
                    await(sent);
                }
            });
            if (stopping) {
                session.close(StatusCode.SHUTDOWN, "the node stops", Callback.NOOP);
            }
        } catch (IOException e) {
            LOG.debug("event=live.gone client={} reason=\"{}\"", session.getRemoteSocketAddress(), e.getMessage());
            session.disconnect();
        } catch (InterruptedException e) {
            session.disconnect();
        }
    }

    private static void await(CompletableFuture<Void> sent) throws IOException, InterruptedException {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new IOException("the client is gone", e.getCause());
        }
    }

    @Override
    public void onWebSocketClose(int statusCode, String reason, Callback callback) {
        pump.end(subscriber);
        callback.succeed();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        pump.end(subscriber);
    }
}
