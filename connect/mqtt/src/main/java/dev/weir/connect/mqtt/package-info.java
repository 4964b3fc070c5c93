/// MQTT: a server for devices, an action that publishes through it, and a small client.
///
/// **Reading order.** [MqttServer] opens [Listener]s for TCP and TLS and mounts a WebSocket path;
/// each has a [Door] with its [Limits]. A [Connection] is one virtual thread that reads a
/// [Transport], cuts it into [Packet]s with a [Decoder] and lets a [Conversation] handle them. A
/// message goes to the inlet first and then, by the [Router], to whoever subscribed ([TopicTree],
/// [RetainedStore], [Session]); the [Broker] keeps the sessions. An [Outbox] is a connection's way
/// out, and its [Writer] writes. docs/mqtt.md tells users what the server does and what happens at
/// each limit.
///
/// **Who.** [Credentials] asks the node who a client is, once, at CONNECT; [Permissions] and the
/// router ask what it may publish and receive. A session belongs to the identity that made it.
///
/// **Delivery.** QoS 0: at most once. QoS 1: at least once; PUBACK is sent when the inlet has
/// settled the message, that is as the source's `ack:` promises, in the order of arrival. QoS 2:
/// exactly once, as long as the session lives. A client's will goes to the inlet too. Sessions,
/// retained messages and what waits for subscribers are in memory: a restart loses them.
///
/// **Back-pressure.** While the inlet blocks, or a client is faster than its rate, the connection
/// is not read, and TCP slows the device down; keep-alive does not run meanwhile. A subscriber that
/// does not read holds up nobody: its queue is bounded, and what a full one does is an option.
///
/// **Bounds.** [MqttOptions] and [Limits] have them all. No size that a client announces takes
/// memory before it was checked, and a packet takes memory only as its bytes arrive.
///
/// **Threads.** See [MqttServer] and [Writer]. Lock order: broker or outbox, then session; broker,
/// then topic tree. No lock is held while a socket is read or written or the inlet is called.
@NullMarked
package dev.weir.connect.mqtt;

import org.jspecify.annotations.NullMarked;
