package dev.weir.bench.cells;

import dev.weir.runtime.Case;
import dev.weir.runtime.Channel;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.Select;
import java.time.Duration;
import java.util.List;

/// Ours; on the JDK's scheduler where `java.lang` is closed.
final class WeirLibrary extends Library {
    private final Scheduler scheduler;

    WeirLibrary(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    protected void start(Runnable task) {
        scheduler.start("g", task);
    }

    @Override
    protected Pipe pipe(int capacity) {
        return new WeirPipe(capacity == 0 ? Channel.unbuffered() : Channel.bounded(capacity));
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    protected Choice choice(List<Pipe> pipes) {
        Case<Integer>[] cases = pipes.stream().map(WeirLibrary::receiveCase).toArray(Case[]::new);
        return () -> Select.select(cases);
    }

    @Override
    protected Choice choiceWithTimeout(Pipe pipe) {
        Case<Integer> receive = receiveCase(pipe);
        Case<Integer> timeout = Select.timeout(Duration.ofSeconds(1), () -> -1);
        return () -> Select.select(receive, timeout);
    }

    private static Case<Integer> receiveCase(Pipe pipe) {
        return Select.receive(((WeirPipe) pipe).channel, element -> element);
    }

    private static final class WeirPipe extends Pipe {
        private final Channel<Integer> channel;

        WeirPipe(Channel<Integer> channel) {
            this.channel = channel;
        }

        @Override
        protected void send(Integer element) throws InterruptedException {
            channel.send(element);
        }

        @Override
        protected void sendAll(List<Integer> elements) throws InterruptedException {
            channel.sendAll(elements);
        }

        @Override
        protected Integer receive() throws InterruptedException {
            return channel.receive();
        }

        @Override
        protected void receiveSome(List<Integer> into, int max) throws InterruptedException {
            channel.receiveUpTo(into, max);
        }
    }
}
