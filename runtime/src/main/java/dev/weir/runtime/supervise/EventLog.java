package dev.weir.runtime.supervise;

import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/// The listener of those who give none: what a supervisor keeps from ending the program must at
/// least be in the log.
final class EventLog implements Consumer<SupervisorEvent> {
    static final EventLog INSTANCE = new EventLog();

    private final System.Logger log = System.getLogger(Supervisor.class.getName());

    private EventLog() {}

    @Override
    public void accept(SupervisorEvent event) {
        String who = event.supervisor() + "/" + event.child();
        switch (event) {
            case SupervisorEvent.Started _ -> log.log(Level.DEBUG, "{0} was started", who);
            case SupervisorEvent.Stopped _ -> log.log(Level.DEBUG, "{0} has ended", who);
            case SupervisorEvent.Restarted restarted ->
                log.log(Level.INFO, "{0} was started again, restart {1}", who, restarted.restarts());
            case SupervisorEvent.Failed failed -> tell(who, failed.failure());
            case SupervisorEvent.Hung hung -> log.log(Level.WARNING, who + " hangs", hung.hang());
            case SupervisorEvent.Abandoned abandoned ->
                log.log(
                        Level.ERROR,
                        "{0} did not end within {1} and is abandoned; {2} such threads",
                        who,
                        abandoned.waited(),
                        abandoned.abandoned());
            case SupervisorEvent.Poisoned poisoned ->
                log.log(Level.WARNING, "{0} has given up an element after {1} failures with it", who, poisoned.times());
            case SupervisorEvent.GaveUp gaveUp ->
                log.log(
                        Level.ERROR,
                        "{0} is not started again{1}: {2}",
                        who,
                        gaveUp.freshStart().map(rest -> " before " + rest).orElse(""),
                        gaveUp.why());
        }
    }

    private void tell(String who, Failure failure) {
        if (failure.expected()) {
            log.log(Level.INFO, "{0} has failed as it may: {1}", who, failure.text());
        } else {
            log.log(Level.WARNING, who + " has failed", failure.thrown());
        }
    }
}
