package dev.weir.engine.rule;

/// A change of an alarm.
public sealed interface AlarmEvent {
    /// The alarm as it is after the change.
    Alarm alarm();

    /// The same event with the alarm as somebody else knows it.
    AlarmEvent with(Alarm alarm);

    /// It was raised.
    record Raised(Alarm alarm) implements AlarmEvent {
        @Override
        public Raised with(Alarm alarm) {
            return new Raised(alarm);
        }
    }

    /// Its tracked field has a new peak. Comes with every reading while a value rises: whoever
    /// stores alarms may leave it out, since [Cleared] has the final peak.
    record Peaked(Alarm alarm) implements AlarmEvent {
        @Override
        public Peaked with(Alarm alarm) {
            return new Peaked(alarm);
        }
    }

    /// Somebody acknowledged it.
    record Acknowledged(Alarm alarm) implements AlarmEvent {
        @Override
        public Acknowledged with(Alarm alarm) {
            return new Acknowledged(alarm);
        }
    }

    /// It was cleared, and is active no more.
    record Cleared(Alarm alarm) implements AlarmEvent {
        @Override
        public Cleared with(Alarm alarm) {
            return new Cleared(alarm);
        }
    }

    /// It was forgotten while active, for want of room: whether it still holds is not known, and
    /// nobody will clear it.
    record Lost(Alarm alarm) implements AlarmEvent {
        @Override
        public Lost with(Alarm alarm) {
            return new Lost(alarm);
        }
    }
}
