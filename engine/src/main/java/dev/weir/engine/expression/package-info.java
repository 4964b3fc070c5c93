/// The expression language of Weir: the core of CEL, the Common Expression Language, as filters,
/// rules, maps and windows use it.
///
/// Reading order: [Expression] is compiled once from source text against a [Scope], which says
/// what each name is ([Variable], [Type]), and is then evaluated over [Bindings], which hold the
/// values by slot. [Aggregation] splits a window's formula into its aggregate calls and the
/// formula over their results.
///
/// - **Compiling** finds all problems it can and throws one [ExpressionException]. It takes
/// bounded time and stack for any source
///   ([Limits]). It is done when a configuration is loaded, never for each reading.
/// - **Evaluating** is thread-safe, blocks on nothing, and allocates nothing for numbers and
/// booleans. It ends in a value or an
///   [EvaluationException], and its work is bounded ([Limits]).
/// - **Values** outside of primitives are `Boolean`, `Long` (int), [Unsigned] (uint), `Double`,
/// `String`, [Bytes], [NullValue],
///   `java.time.Instant` (timestamp), `java.time.Duration`, `List`, `Map` and [Type].
///
/// Differences from CEL, on purpose: an integer constant that meets a double counts as a double
/// (`temperature > 30`), numbers of different types compare (`count < 2.5`), and `has(name)` asks
/// whether a field is there. The conformance data of CEL judges the rest. The user's description
/// is `docs/expressions.md`.
@NullMarked
package dev.weir.engine.expression;

import org.jspecify.annotations.NullMarked;
