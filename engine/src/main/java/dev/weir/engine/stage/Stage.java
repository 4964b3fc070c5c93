package dev.weir.engine.stage;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import java.util.Map;
import java.util.Optional;

/// One step of a pipeline. Many workers call [#apply] at once, for different devices; all readings
/// of one device come from one thread at a time, in order. State is kept by key, bounded, and
/// guarded by the stage itself.
public interface Stage {
    /// Looks at a reading, and may change it in place. Does not block.
    ///
    /// @throws StageException if the reading must become a dead letter
    Verdict apply(Reading reading, Emitter emitter);

    /// The input has ended (a file, or somebody asked): lets go of everything that is held, closes
    /// what is open.
    default void finish(Emitter emitter) {}

    /// How many bytes the state of this stage can take at worst, for `weir check`.
    default long worstCaseBytes() {
        return 0;
    }

    /// The stream of results that the stage makes beside the readings that pass, if it makes one.
    default Optional<Schema> results() {
        return Optional.empty();
    }

    /// What the stage has counted since it was made, by fixed words (`late`, `evicted`); empty for
    /// a stage that counts nothing of its own.
    default Map<String, Long> counts() {
        return Map.of();
    }

    /// What becomes of a reading.
    enum Verdict {
        /// It goes on to the next stage.
        PASS,
        /// It ends here because a condition said so.
        FILTERED,
        /// It ends here because it was seen before.
        DUPLICATE,
        /// The stage keeps it for now and gives it to [Emitter#resume] later, on whatever thread
        /// then calls the stage.
        HELD
    }

    /// What a stage can cause besides its verdict.
    interface Emitter {
        /// Sends the result of a window down its own stream.
        void emit(Reading result);

        /// Lets a held reading go on with the next stage.
        void resume(Reading held);
    }
}
