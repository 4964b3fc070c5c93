package dev.weir.runtime;

import java.time.Duration;

/// What a channel has done so far, and what it holds: its counters at one instant.
///
/// The counts are exact: at every instant `sent = received + undelivered + length`. Counting costs
/// an increment under the lock that each operation takes anyway.
///
/// The blocked times tell where a pipeline is slow: where senders wait, the receivers are; where
/// receivers wait, the senders are. They add up all threads, so they grow faster than the clock
/// when several wait. A wait counts when it has ended, however it ended. A select that waits
/// counts for each of its channels, because it waits for each of them. Unbuffered channels do not
/// measure, and give zero: there a thread waits for every element, and reading the clock twice
/// would cost up to half of the hand-off.
///
/// @param sent elements taken from senders
/// @param received elements that receivers got
/// @param undelivered elements that were sent and that no receiver got: what
///     [Channel#closeAndDrain()] took out, and what a `receiveUpTo` had taken whose collection
///     failed
/// @param length elements in the buffer
/// @param highWater the most elements that have been in the buffer at once
/// @param capacity elements the buffer can hold
/// @param sendersBlocked how long senders have waited in all
/// @param receiversBlocked how long receivers have waited in all
public record ChannelStats(
        long sent,
        long received,
        long undelivered,
        int length,
        int highWater,
        int capacity,
        Duration sendersBlocked,
        Duration receiversBlocked) {}
