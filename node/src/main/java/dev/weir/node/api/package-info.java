/// The node's HTTP interface: health, metrics, readings as they were and as they come, and one
/// small page.
///
/// [ApiServer] listens; [ApiModel] is what it shows, given by the node. Every operation is a
/// [Route] in the table of [Routes], from which come routing, `Allow`, and the OpenAPI document.
/// Handlers are plain blocking code, each request on a virtual thread. What is wrong with a request
/// is an [ApiException], shown as a problem document (RFC 9457).
///
/// **Who may ask.** It listens on loopback by default, where every web page in a browser on this
/// machine can reach it. So a request must name a host that is ours in `Host` (against DNS
/// rebinding), must not come from another origin, and changes nothing unless its body is declared
/// as JSON, which a page cannot do across origins without being asked first.
///
/// **Bounds.** 256 connections, of which 100 follow live events; 16 KiB of header, 64 KiB of body;
/// a connection without a complete request for 30 s is closed, however slowly it goes on to send.
/// A client that follows live events and is too slow loses the oldest, and is told how many.
///
/// **WebSockets of sources.** [Mounts] are the paths that sources have taken (MQTT has `/mqtt`),
/// there before the port is. Each WebSocket is a [SocketStreams], two streams of bytes that a
/// virtual thread of its own serves, and takes nothing from the network before it is read. It
/// counts against its source's bound and not against the 256, so that neither starves the other.
@NullMarked
package dev.weir.node.api;

import org.jspecify.annotations.NullMarked;
