/// What tests of several modules share: real peers, the node's side of a connector, and the
/// contracts that every connector passes.
///
/// **Contracts.** A connector's test extends [SourceContract], [SinkContract] or
/// [ActuatorContract] and gives it a rig: the real peer at the other end, in about 40 lines. What a
/// protocol has not, the rig says with a reason; the tests that need it are then skipped with that
/// reason in the report, never passed in silence.
///
/// **The node's side.** [RecordingInlet] stands for the pipelines, [TestSurroundings] for the
/// node, [CountingMeters] for its metrics.
///
/// **The peer's side.** [Tool] runs a program of another maker, [Ports] finds it a port, a
/// [Wiretap] stands between it and a connector (with a [Passage] it only cuts), and [Certificates]
/// has who vouches for whom. [MosquittoBroker] is a real broker that can be stopped and started.
///
/// **Failing.** [FaultyStage] and [FaultyWebServer] work until a test tells them how to fail, and
/// again when they are healed.
///
/// **Disks.** What writes files is given paths of a disk in memory that loses what was not forced:
/// `FaultyDisk` in the package `disk`.
///
/// **Waiting.** Nothing here sleeps to see whether something has happened: [Eventually] waits for a
/// condition. The one thing that cannot be awaited, that nothing happens, is looked for during
/// [Eventually#MOMENT].
///
/// **Messages** of the contracts are [Numbered]: the n-th of a device.
@NullMarked
package dev.weir.testkit;

import org.jspecify.annotations.NullMarked;
