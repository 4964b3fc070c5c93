/// CoAP (RFC 7252), by Eclipse Californium: devices post telemetry, whoever likes observes the
/// latest values, rules put commands to actuators.
///
/// **Source.** A POST or PUT to any path is a message; its address is the path without the leading
/// slash, its content type that of Content-Format. Answers: 2.04 taken, 4.04 no pipeline wants the
/// path, 4.00 with the reason when it cannot be decoded, 4.01 and 4.03 for who may not, 4.13 too
/// large, 4.15 another content format than the pipeline reads, 4.29 beyond an address's rate, 5.03
/// with Max-Age when the pipelines are full. When an answer takes longer than a second an empty ACK
/// goes first and the answer follows by itself. GET `/latest/{stream}/{device}` gives the last
/// reading as JSON and can be observed; `/.well-known/core` lists what there is.
///
/// **DTLS.** A second port, with pre-shared keys, certificates or both. Who a device is depends on
/// its session; a session is tied to the key that it began with. Sinks and actions with `coaps://`
/// come with a key or certificates of their own.
///
/// **Delivery.** A confirmable message that was answered 2.04 was taken as far as `ack:` says; one
/// without an answer may or may not have been, and is recognised when the device sends it again
/// with the same message id within four minutes, as long as no more than 31 others of the same
/// peer lie between. What destroys it: a device that makes a new message of what it resends, a
/// non-confirmable message that the network loses, a restart of the node between a message and its
/// repetition.
///
/// **Order.** Messages of one peer (address and port) are handed over one after the other in the
/// order in which they arrived; peers do not wait for each other.
///
/// **Threads.** `coap-NAME-protocol` is the only one that runs the protocol (one, since two would
/// lose the order), `coap-NAME-timer` its clock; Californium adds a receiver and a sender for the
/// socket. None of them ever blocks on a pipeline: that is done by one virtual thread for each
/// peer that has something to hand over.
///
/// **Bounds.** Payloads by `max-payload`, requests under way by `max-concurrent` and 16 for each
/// peer (5.03 beyond), peers and what is remembered of them by `max-peers`, observers by
/// `max-observers` (a plain answer beyond), bodies in blocks by `max-transfers` each way, DTLS
/// sessions by `max-sessions` and handshakes of one address by a quarter of it, datagrams waiting
/// for the protocol thread by a fixed number (dropped beyond: the device repeats them).
@NullMarked
package dev.weir.connect.coap;

import org.jspecify.annotations.NullMarked;
