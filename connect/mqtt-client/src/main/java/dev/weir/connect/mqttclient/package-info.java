/// Links to other MQTT brokers, 3.1.1 and 5: a source that subscribes (`mqtt-client`) and a sink
/// that publishes (`mqtt`).
///
/// **Own client.** The libraries that there are do not bound memory or lose messages without a
/// count when the node is slower than the broker; docs/decisions has the measurements. This one
/// reads with a blocking virtual thread, so that not reading is all that back-pressure takes.
///
/// **Source.** Messages are handed over one after the other, so the order of the connection, and
/// with it that of each device, is kept. A message is acknowledged when the inlet settles it:
/// accepted, unmatched and undecodable ones (the node has counted and kept them). When the inlet
/// has no room at once, the same message is tried again and nothing is read meanwhile; when it
/// says so later, the connection is dropped, and the broker delivers everything from that message
/// on again, in order.
///
/// **Bounds.** One packet of `max-packet` at a time: a larger message is passed over without
/// taking memory and counted. At most `receive-maximum` messages of QoS 1 and 2 are
/// unacknowledged: MQTT 5 tells the broker so, and with 3.1.1 nothing is read beyond it. QoS 0 has
/// no other queue than the socket's. The sink has at most `in-flight` messages under way.
///
/// **Liveness.** The broker is asked for a sign of life twice in each `keep-alive`; no answer
/// within `ack-timeout`, or an acknowledgement missing for that long, or a socket that takes
/// nothing, ends the connection, whatever TCP says. Then it is made anew, for ever.
///
/// **Threads.** For each link one that connects and reads (`mqtt-source-NAME`,
/// `mqtt-sink-NAME`), and for each connection a writer and a watch. All end with the link.
///
/// **Loops.** With MQTT 5 the sink counts the nodes in the user property `weir-hops`; the source
/// rejects what has passed more than `max-hops`, and does not get back what its own connection
/// published.
@NullMarked
package dev.weir.connect.mqttclient;

import org.jspecify.annotations.NullMarked;
