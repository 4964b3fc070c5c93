package dev.weir.runtime;

import java.util.concurrent.Executor;

/// Where the JDK leaves the turns of the virtual threads of one lane of a scheduler.
record Door(Processors home, Lane lane) implements Executor {
    @Override
    public void execute(Runnable turn) {
        home.execute(lane, turn);
    }

    @Override
    public String toString() {
        return home.name + "/" + lane;
    }
}
