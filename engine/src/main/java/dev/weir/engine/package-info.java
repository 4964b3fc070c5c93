/// What happens to a reading: the words that all of Weir shares.
///
/// A [Source] hands a [Message] to an [Inlet] and learns from a [Receipt] what to tell the device.
/// A pipeline decodes it
/// into a [Reading], whose fields lie in the slots of a [Schema]; stages check and change it; a
/// [Sink] takes it out. A rule
/// makes a [Command], which an [Actuator] carries out. A [Connector] is how a protocol brings all
/// of these.
///
/// A [Tracer] may follow a reading through all that, with [Span]s.
///
/// Sources, sinks and actuators come from `connect/<protocol>/`; this package knows none of them.
@NullMarked
package dev.weir.engine;

import org.jspecify.annotations.NullMarked;
