/// The machine itself as a source: processor, memory, disks, temperature, network, and the node's
/// own process, read by OSHI.
///
/// **Messages.** One JSON object for each metric, disk and interface, at addresses like
/// `system/NODE/cpu` and `system/NODE/disk/NAME`; `ts` is when it was measured, in milliseconds.
/// What the machine does not have is left out, a single value as well as a whole message.
///
/// | metric | values |
/// |---|---|
/// | `cpu` | `busy` in percent of all cores, `cores` |
/// | `load` | `one`, `five`, `fifteen`: the load averages in minutes |
/// | `memory` | `total`, `used`, `available`, `swap_total`, `swap_used` in bytes, `used_percent` |
/// | `disk/NAME` | `mount`, `total`, `used`, `free` in bytes, `used_percent` |
/// | `temperature` | `cpu` in °C |
/// | `network/NAME` | counters `bytes_in`, `bytes_out`, `packets_in`, `packets_out`, `errors_in`,
/// `errors_out`, `drops_in`; rates a second `bytes_in_rate`, `bytes_out_rate`, `packets_in_rate`,
/// `packets_out_rate` |
/// | `process` | `rss`, `heap_used`, `heap_max` in bytes, `threads`, `open_files`, `busy` in
/// percent of one core |
///
/// **Report by exception.** A message goes out when a value of it has moved by more than the
/// metric's `deadband` since it was last sent (counters do not count, their rates do), when a value
/// came or went, or after `heartbeat`.
///
/// **Delivery.** Each sample is taken once; nothing is kept for later. While the pipelines are full
/// no samples are taken.
///
/// **Threads.** `system-NAME`, a platform thread, since OSHI makes native calls. A metric that
/// cannot be read is named once in the log and tried again.
///
/// **Bounds.** `max-parts` disks and as many interfaces.
@NullMarked
package dev.weir.connect.system;

import org.jspecify.annotations.NullMarked;
