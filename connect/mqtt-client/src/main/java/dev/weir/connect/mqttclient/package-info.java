/// Links to other MQTT brokers, 3.1.1 and 5: a source that subscribes (`mqtt-client`) and a sink
/// that publishes (`mqtt`).
///
/// **HiveMQ's client library** speaks the protocol (docs/decisions/0004). What is here is what it
/// leaves to its user: [Link] connects again and again, [Connection] is one client of the library
/// from CONNECT to its end, [Inbox] and [Flight] are the bounds of the two directions. The
/// library's own reconnecting is not used: each attempt has a new client, and with it a TLS session
/// of its own, so that files which were replaced count.
///
/// **Source.** The library's callback, on the I/O thread, puts messages into the inbox and never
/// waits. The link's thread hands them over one after the other, so the order of the connection,
/// and with it that of each device, is kept. A message is acknowledged when the inlet settles it:
/// accepted, unmatched and undecodable ones (the node has counted and kept them); the library sends
/// acknowledgements in the order of the messages. When the inlet has no room at once, the same
/// message is tried again; when it says so later, the connection is dropped, and the broker
/// delivers everything from that message on again, in order. What is settled after the end of its
/// connection comes again.
///
/// **Bounds.** Of QoS 1 and 2, `receive-maximum` messages and twice `max-packet` in bytes (2 MiB at
/// least) are unacknowledged; as many bytes, in 1,024 messages, of QoS 0 wait, and what is beyond
/// is counted as `overloaded`. A broker of MQTT 5 is told the number and the size of messages, and
/// the library hangs up when it does not heed them. One of 3.1.1 cannot be told, and some of MQTT
/// 5 do not count well (mosquitto 2.0.11): then the socket is read in small pieces and not at all
/// while the inbox is full, so that the broker feels it through TCP. A message of 3.1.1 beyond
/// `max-packet` is counted as `too-large` and acknowledged, but the library has put it together by
/// then: 256 MB at worst. The sink has at most `in-flight` messages under way.
///
/// **Liveness.** The library asks the broker for a sign of life twice in each `keep-alive`, and
/// hangs up when none has come by the next time: while the socket is not read, that is so too. An
/// acknowledgement that the sink or SUBSCRIBE waits for longer than `ack-timeout` ends the
/// connection, whatever TCP says. Then it is made anew, for ever.
///
/// **Threads.** For each link a virtual one that connects and hands over (`mqtt-source-NAME`,
/// `mqtt-sink-NAME`), and for each connection a platform thread with a selector (the same with
/// `-io`). Ending that thread is how a connection ends whose broker does not read. All end with the
/// link; the libraries keep a few idle ones for the whole process (`RxCachedWorkerPoolEvictor-1`,
/// `RxSchedulerPurge-1`).
///
/// **Loops.** With MQTT 5 the sink counts the nodes in the user property `weir-hops`; the source
/// rejects what has passed more than `max-hops`, and does not get back what its own connection
/// published.
@NullMarked
package dev.weir.connect.mqttclient;

import org.jspecify.annotations.NullMarked;
