/// Conditions with memory, and what follows from them: commands and alarms.
///
/// A [dev.weir.engine.rule.Rule] looks at the readings of one stream in the order in which they
/// arrive and keeps its memory by device. When it is raised or cleared it carries out its
/// [dev.weir.engine.rule.Action]s through [dev.weir.engine.rule.Effects]: a
/// [dev.weir.engine.Command] for an actuator, or an [dev.weir.engine.rule.AlarmEvent] for the book
/// of [dev.weir.engine.rule.Alarms]. [dev.weir.engine.rule.RuleShape] says what may stand in the
/// configuration.
///
/// **Time** is event time throughout: a rule never looks at a clock. The same readings in the same
/// order give the same alarms and commands, under the same ids.
///
/// **Memory** is bounded, and only devices that are raised, waiting or cooling down need any. It
/// is lost when the node stops, except for alarms, which whoever stores them gives back
/// ([dev.weir.engine.rule.Rule#restore], [dev.weir.engine.rule.Alarms#restore]).
@NullMarked
package dev.weir.engine.rule;

import org.jspecify.annotations.NullMarked;
