package dev.weir.node;

import dev.weir.engine.Inlet;
import dev.weir.engine.Message;
import dev.weir.engine.Meters;
import dev.weir.engine.Receipt;
import dev.weir.engine.Source;
import dev.weir.engine.flow.Supervised;
import dev.weir.engine.flow.Vigilance;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// The sources of a running node, each kept open: one that says that it works no more is closed,
/// and another one, made from the same options, is opened in its place.
///
/// One thread opens and closes; [#state] is for all.
final class Sources {
    private final Makers makers;
    private final Keeper keeper;

    /// Where sources come from and hand their messages to, by name.
    ///
    /// @param made those that were never open
    /// @param again makes one in place of the one that has failed
    /// @param inlets where messages go
    record Makers(Function<String, Source> made, Function<String, Source> again, Function<String, Inlet> inlets) {}

    /// What one source has of the node: nothing any more, once it was closed.
    private static final class Door implements Inlet, Keeper.Part {
        private final Source source;
        private final Inlet inlet;
        private volatile Consumer<Throwable> failed = _ -> {};
        private volatile boolean shut;

        Door(Source source, Inlet inlet) {
            this.source = source;
            this.inlet = inlet;
        }

        @Override
        public void open(Consumer<Throwable> told) throws IOException, InterruptedException {
            failed = told;
            source.open(this);
        }

        @Override
        public void close() {
            source.close();
            shut = true;
        }

        @Override
        public void accept(Message message, Ack ack) throws InterruptedException {
            if (shut) {
                turnAway(ack);
            } else {
                inlet.accept(message, ack);
            }
        }

        @Override
        public void accept(Message message, Ack ack, Duration patience) throws InterruptedException {
            if (shut) {
                turnAway(ack);
            } else {
                inlet.accept(message, ack, patience);
            }
        }

        private void turnAway(Ack ack) {
            inlet.rejected("closed");
            ack.settle(Receipt.OVERLOADED);
        }

        @Override
        public void rejected(String reason) {
            inlet.rejected(reason);
        }

        @Override
        public void finished() {
            inlet.finished();
        }

        @Override
        public void failed(Throwable cause) {
            failed.accept(cause);
        }
    }

    /// @param closing how long they may take to close, all together
    Sources(Makers makers, Meters meters, Vigilance vigilance, Duration closing) {
        this.makers = makers;
        this.keeper = new Keeper("source", meters, vigilance, closing);
    }

    /// Opens a source for the first time, and watches over it from then on.
    ///
    /// @throws IOException if it cannot be opened
    void open(String name) throws IOException, InterruptedException {
        keeper.open(name, door(name, makers.made), () -> door(name, makers.again));
    }

    private Door door(String name, Function<String, Source> maker) {
        return new Door(maker.apply(name), makers.inlets.apply(name));
    }

    /// How each of them does.
    List<Supervised> state() {
        return keeper.state();
    }

    /// Closes all of them at the same time.
    ///
    /// @return the names of the threads that did not end
    List<String> close() throws InterruptedException {
        return keeper.close();
    }
}
