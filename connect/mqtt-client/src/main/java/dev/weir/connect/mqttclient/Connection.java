package dev.weir.connect.mqttclient;

import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttDisconnectSource;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import io.netty.channel.Channel;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import io.reactivex.disposables.Disposable;
import io.reactivex.disposables.Disposables;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection to a broker, from CONNECT until one of the two hangs up or an acknowledgement is
/// missing.
///
/// It has a client of the library, and an I/O thread with its own selector, to itself: ending the
/// thread is the only way to make the library drop a connection whose broker does not read, since
/// it wants to write its DISCONNECT first.
final class Connection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private static final long END_MILLIS = 2000;

    /// How much is read at once where reading has to stop in time.
    private static final int CHUNK = 4096;

    private final LinkOptions options;
    private final Inbox inbox;
    private final NioEventLoopGroup io;
    private final Client client;
    private final AtomicReference<String> end = new AtomicReference<>("");

    /// Held while the library is asked for something, which does not block, and while `end` is set.
    private final ReentrantLock ending = new ReentrantLock();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean overrun;
    private volatile CompletableFuture<List<Integer>> subscribing = CompletableFuture.completedFuture(List.of());

    // Set once by open, before anybody else sees the connection.
    private Welcome welcome = Welcome.WITHOUT_LIMITS;
    private Disposable listening = Disposables.disposed();

    private Connection(String name, LinkOptions options, Greeting greeting, InetSocketAddress address) {
        this.options = options;
        this.inbox = new Inbox(
                greeting.receiveMaximum(),
                options.inboxBytes(),
                options.maxPacket(),
                greeting.holding(),
                () -> eachChannel(channel -> channel.config().setAutoRead(true)));
        this.io = new NioEventLoopGroup(1, task -> {
            Thread thread = new FastThreadLocalThread(task, name + "-io");
            thread.setDaemon(true);
            return thread;
        });
        try {
            this.client = Client.make(options, greeting, new Client.Place(address, io, this::ended));
        } catch (RuntimeException notMade) {
            cut();
            throw notMade;
        }
    }

    /// Connects and waits for the broker's consent.
    ///
    /// @throws IOException if the broker is away, silent for `connect-timeout`, or refuses
    static Connection open(String name, LinkOptions options, Greeting greeting)
            throws IOException, InterruptedException {
        InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
        if (address.isUnresolved()) {
            throw new IOException(options.broker() + ": no such host");
        }
        Connection connection = new Connection(name, options, greeting, address);
        try {
            connection.connect(greeting);
            return connection;
        } catch (IOException | InterruptedException | RuntimeException failed) {
            connection.close();
            throw failed;
        }
    }

    private void connect(Greeting greeting) throws IOException, InterruptedException {
        listening = client.listen(this::arrived);
        long patience = options.connectTimeout().toMillis();
        try {
            CompletableFuture<Welcome> connecting = client.connect();
            if (greeting.holding()) {
                // In time: the channel is registered by now, and cannot have been read yet.
                eachChannel(channel -> channel.config()
                        .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(CHUNK).maxMessagesPerRead(1)));
            }
            welcome = connecting.get(patience, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new IOException("no answer to CONNECT within " + patience + " ms", late);
        } catch (ExecutionException failed) {
            throw new IOException(Reason.why(failed), failed);
        }
    }

    /// What the broker allows.
    Welcome welcome() {
        return welcome;
    }

    /// What came.
    Inbox inbox() {
        return inbox;
    }

    /// On the I/O thread.
    private void arrived(Arrival message) {
        switch (inbox.put(message)) {
            case DONE -> {}
            case FULL -> channels().forEach(channel -> channel.config().setAutoRead(false));
            case OVERRUN -> {
                overrun = true;
                fail("the broker sent more than there is room for: it is asked for the unacknowledged messages"
                        + " again");
            }
        }
    }

    /// Whether it ended because the broker sent more than there was room for.
    boolean isOverrun() {
        return overrun;
    }

    /// The only one, in fact. On the I/O thread.
    private List<Channel> channels() {
        List<Channel> channels = new ArrayList<>();
        ((SingleThreadEventLoop) io.next()).registeredChannelsIterator().forEachRemaining(channels::add);
        return channels;
    }

    private void eachChannel(Consumer<Channel> change) {
        try {
            io.next().execute(() -> channels().forEach(change));
        } catch (RejectedExecutionException over) {
            // Then nothing is to be read any more either.
            LOG.debug("connection is over broker={}", options.broker());
        }
    }

    /// Asks for messages. The answer comes through the inbox; the connection ends when there is
    /// none in time.
    void subscribe(List<String> filters, int qos) {
        long patience = options.ackTimeout().toMillis();
        CompletableFuture<Void> _ = asked(() -> {
                    subscribing = client.subscribe(filters, qos);
                    return subscribing;
                })
                .orTimeout(patience, TimeUnit.MILLISECONDS)
                .handle((codes, failed) -> {
                    if (failed == null) {
                        inbox.answered(codes);
                    } else if (Reason.cause(failed) instanceof TimeoutException) {
                        fail("the broker did not answer SUBSCRIBE within " + patience + " ms");
                    } else {
                        fail(Reason.why(failed));
                    }
                    return null;
                });
    }

    /// Asks the library for something, unless the connection is over: the library would remember
    /// the I/O thread for ever on whose answer it waits.
    private <T> CompletableFuture<T> asked(Supplier<CompletableFuture<T>> question) {
        ending.lock();
        try {
            return end().isEmpty() ? question.get() : CompletableFuture.failedFuture(new IOException(end()));
        } catch (RuntimeException notSent) {
            return CompletableFuture.failedFuture(notSent);
        } finally {
            ending.unlock();
        }
    }

    /// Sends a message; does not block.
    CompletableFuture<Client.Answer> publish(Outgoing message) {
        return asked(() -> client.publish(message));
    }

    /// Waits for the end.
    ///
    /// @return whether it has come
    boolean awaitEnd(Duration patience) throws InterruptedException {
        return ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Why it is over; empty while it is not.
    String end() {
        return end.get();
    }

    /// The library's word for it. On the I/O thread.
    private void ended(MqttClientDisconnectedContext context) {
        if (context.getCause() instanceof Mqtt5DisconnectException mistake
                && mistake.getMqttMessage().getReasonCode() == Mqtt5DisconnectReasonCode.RECEIVE_MAXIMUM_EXCEEDED
                && context.getSource() == MqttDisconnectSource.CLIENT) {
            overrun = true;
        }
        over(Reason.why(context.getCause(), context.getSource()));
        // The library holds on to an I/O thread until all that was asked of it is answered or given
        // up. Not before the connection is over: messages that nobody takes are acknowledged.
        listening.dispose();
        boolean _ = subscribing.cancel(false);
        cut();
    }

    /// Ends the connection at once. Does not block; only the first reason counts.
    void fail(String why) {
        over(why);
        cut();
    }

    private void over(String why) {
        boolean first;
        ending.lock();
        try {
            first = end.compareAndSet("", why);
        } finally {
            ending.unlock();
        }
        if (first) {
            inbox.end(why);
            ended.countDown();
        }
    }

    /// Closes the socket, whatever is still to be written, lets the library clean up, and ends the
    /// thread.
    private void cut() {
        Future<?> _ = io.shutdownGracefully(0, END_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// Says goodbye, waits a moment for it, and ends.
    void finish(Duration patience) throws InterruptedException {
        try {
            Void _ = client.disconnect().get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException unheard) {
            LOG.debug("no goodbye broker={} reason=\"{}\"", options.broker(), Reason.why(unheard));
        }
        fail("the link was closed");
    }

    /// Ends it, and waits a moment for its thread.
    @Override
    public void close() {
        fail("the link was closed");
        if (!io.terminationFuture().awaitUninterruptibly(END_MILLIS + 500)) {
            LOG.warn("a connection's thread does not end broker={}", options.broker());
        }
    }
}
