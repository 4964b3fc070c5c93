package dev.weir.engine;

/// A priority class, highest first. A source or pipeline classes its readings, a rule its commands
/// and alarms.
public enum Lane {
    /// Must always get through: alarms, and the commands they cause.
    ALARM,
    /// A change of state: matters more than a measurement that will be repeated.
    STATE,
    /// Periodic measurements; the default.
    SAMPLE
}
