package dev.weir.bench.channels;

import com.softwaremill.jox.Channel;
import com.softwaremill.jox.Select;
import com.softwaremill.jox.SelectClause;
import dev.weir.bench.cells.Library;
import dev.weir.bench.cells.Pipe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// jox on the JDK's virtual threads.
final class JoxLibrary extends Library {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @Override
    protected void start(Runnable task) {
        Thread.startVirtualThread(task);
    }

    @Override
    protected Pipe pipe(int capacity) {
        return new JoxPipe(capacity == 0 ? Channel.newRendezvousChannel() : Channel.newBufferedChannel(capacity));
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    protected Choice choice(List<Pipe> pipes) {
        SelectClause<Integer>[] clauses = pipes.stream()
                .map(pipe -> ((JoxPipe) pipe).channel.receiveClause())
                .toArray(SelectClause[]::new);
        return () -> Select.select(clauses);
    }

    @Override
    protected Choice choiceWithTimeout(Pipe pipe) {
        SelectClause<Integer> clause = ((JoxPipe) pipe).channel.receiveClause();
        return () -> {
            try {
                return Select.selectWithin(TIMEOUT, clause);
            } catch (TimeoutException e) {
                throw new IllegalStateException("nothing came for a second", e);
            }
        };
    }

    private static final class JoxPipe extends Pipe {
        private final Channel<Integer> channel;

        JoxPipe(Channel<Integer> channel) {
            this.channel = channel;
        }

        @Override
        protected void send(Integer element) throws InterruptedException {
            channel.send(element);
        }

        @Override
        protected Integer receive() throws InterruptedException {
            return channel.receive();
        }

        /// One at a time: it offers neither a batch nor a receive that does not wait.
        @Override
        protected void receiveSome(List<Integer> into, int max) throws InterruptedException {
            into.add(channel.receive());
        }
    }
}
