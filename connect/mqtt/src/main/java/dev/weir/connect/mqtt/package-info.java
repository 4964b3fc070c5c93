/// MQTT: a server for devices, an action that publishes through it, and a small client.
///
/// **Reading order.** [MqttServer] accepts; a [Connection] is one virtual thread that reads a
/// [Transport], cuts it into [Packet]s with a [Decoder] and lets a [Conversation] handle them. A
/// message goes to the inlet first and then, by the [Broker], to whoever subscribed ([TopicTree],
/// [RetainedStore], [Session]). An [Outbox] is a connection's way out.
///
/// **Delivery.** QoS 0: at most once. QoS 1: at least once; PUBACK is sent when the inlet has
/// settled the message, that is as the source's `ack:` promises, in the order of arrival. QoS 2:
/// exactly once, as long as the session lives. A client's will goes to the inlet too. Sessions,
/// retained messages and what waits for subscribers are in memory: a restart loses them.
///
/// **Back-pressure.** While the inlet blocks, the connection is not read, and TCP slows the device
/// down; keep-alive does not run meanwhile. A subscriber that does not read holds up nobody: its
/// queue is bounded, QoS 0 that finds it full is dropped, QoS 1 and 2 push out the oldest, and both
/// are counted.
///
/// **Bounds.** [MqttOptions] has them all. No size that a client announces takes memory before it
/// was checked, and a packet takes memory only as its bytes arrive.
///
/// **Threads.** See [MqttServer] and [Outbox]. Lock order: broker or outbox, then
/// session; broker, then topic tree. No lock is held
/// while a socket is read or written or the inlet is called.
@NullMarked
package dev.weir.connect.mqtt;

import org.jspecify.annotations.NullMarked;
